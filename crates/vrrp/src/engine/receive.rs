//! Packets, from the sockets into the core.

use vrrp_core::{Datagram, Outputs, RouterId};

use super::{Engine, FLOOD, REST};
use crate::clock;
use crate::socket::monotonic;

impl Engine {
    /// Takes in what has come, each packet at the moment the kernel stamped on it.
    pub(super) fn receive(&mut self) {
        let now = clock::now();
        if self.rest_until.is_some_and(|until| until > now) {
            return;
        }
        let wall = clock::wall_time();
        let drained = self.drained;
        let (node, batch, discards) = (&mut self.node, &mut self.batch, &mut self.discards);
        let mut orders: Vec<(RouterId, Outputs)> = Vec::new();
        let mut taken = 0;
        for (interface, _, channel) in self.interfaces.channels_mut() {
            let received = channel.receive(batch, |packet| {
                let at = monotonic(packet.stamp, wall, now, drained);
                let datagram = Datagram {
                    source: packet.source,
                    destination: packet.destination,
                    hop_limit: packet.hop_limit,
                    payload: packet.payload,
                };
                let receipt = node.receive(at, interface, &datagram);
                if let (Some(id), false) = (receipt.router, receipt.outputs.is_empty()) {
                    orders.push((id, receipt.outputs));
                }
                if let (Some(id), Err(reject)) = (receipt.router, receipt.verdict) {
                    discards.note(now, id, packet.source, reject);
                }
            });
            taken += received.unwrap_or(0);
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
