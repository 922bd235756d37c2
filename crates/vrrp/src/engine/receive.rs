//! Packets, from the sockets into the core.

use vrrp_core::{Outputs, RouterId};

use super::{Engine, FLOOD, REST};
use crate::socket::Reading;

/// Packets taken from one socket before the timers get their turn.
const LIMIT: usize = 64;

impl Engine {
    /// Takes in what has come, each packet at the moment the kernel stamped on it.
    pub(super) fn receive(&mut self) {
        let reading = Reading::take();
        let now = reading.monotonic;
        if self.rest_until.is_some_and(|until| until > now) {
            return;
        }
        let drained = self.drained;
        let (node, batch, discards) = (&mut self.node, &mut self.batch, &mut self.discards);
        let mut orders: Vec<(RouterId, Outputs)> = Vec::new();
        let mut taken = 0;
        for (interface, channel) in self.interfaces.channels_mut() {
            let received = channel.drain(batch, LIMIT, |arrival| {
                let at = reading.arrival(arrival.stamp, drained);
                let receipt = node.receive(at, interface, &arrival.datagram);
                let Some(id) = receipt.router else { return };
                if !receipt.outputs.is_empty() {
                    orders.push((id, receipt.outputs));
                }
                if let Err(reject) = receipt.verdict {
                    discards.note(now, id, arrival.datagram.source, reject);
                }
            });
            taken += received.map_or(0, |received| received.packets);
        }
        self.drained = now;
        self.rest_until = (taken >= FLOOD).then(|| now + REST);
        for (id, outputs) in orders {
            self.perform(id, outputs);
        }
        for (id, what) in self.discards.due(now) {
            self.tell_of(id, what);
        }
    }
}
