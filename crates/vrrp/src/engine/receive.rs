//! Packets, from the sockets into the core.

use core::time::Duration;

use vrrp_core::{Ineligible, Outputs, Reject, RouterId};

use super::{Engine, FLOOD, REST};
use crate::socket::Reading;

/// How long a router stays out after it last heard itself speak.
const DOUBLE_HOLD: Duration = Duration::from_secs(10);
/// Packets taken from one socket before the timers get their turn: more than gather while this thread stands still, for
/// a timer that fires with its advertisement unread takes over from a living router.
const LIMIT: usize = 1024;

impl Engine {
    /// Takes in what has come, each packet at the moment the kernel stamped on it.
    pub(super) fn receive(&mut self) {
        let reading = Reading::take();
        let now = reading.monotonic;
        let drained = self.drained;
        let (node, batch, discards) = (&mut self.node, &mut self.batch, &mut self.discards);
        let records = &mut self.records;
        let mut orders: Vec<(RouterId, Outputs)> = Vec::new();
        let (mut doubles, mut near_misses) = (Vec::new(), Vec::new());
        let (mut taken, mut more) = (0, false);
        for (interface, channel) in self.interfaces.channels_mut() {
            let received = channel.drain(batch, LIMIT, |arrival| {
                let at = reading.arrival(arrival.stamp, &drained);
                let receipt = node.receive(at, interface, &arrival.datagram);
                let Some(id) = receipt.router else { return };
                if !receipt.outputs.is_empty() {
                    orders.push((id, receipt.outputs));
                }
                match receipt.verdict {
                    Ok(received) => {
                        let Some((record, router)) = records.get_mut(id).zip(node.router(id)) else { return };
                        record.lists(&arrival.datagram, &received);
                        near_misses.extend(record.heard(at, &received, router).map(|near| (id, near)));
                    }
                    Err(reject) => {
                        discards.note(now, id, arrival.datagram.source, reject);
                        if let Some(record) = records.get_mut(id) {
                            record.discarded(at, arrival.datagram.source, reject);
                        }
                        if reject == Reject::Own {
                            doubles.push(id);
                        }
                    }
                }
            });
            let received = received.unwrap_or_default();
            taken += received.packets;
            more |= received.more;
        }
        self.drained = reading;
        self.rest_until = (taken >= FLOOD && !more).then(|| now + REST);
        for (id, outputs) in orders {
            self.perform(id, outputs);
        }
        doubles.into_iter().for_each(|id| self.meet_double(id));
        for (id, what) in near_misses.into_iter().chain(self.discards.due(now)) {
            self.tell_of(id, what);
        }
    }

    /// A router that has sent nothing since its start hears itself: another process or host speaks for it from our
    /// own address. It does not begin while that lasts.
    fn meet_double(&mut self, id: RouterId) {
        let fresh = self.node.router(id).is_some_and(|router| router.counters().advertised == 0);
        if !fresh {
            return;
        }
        let until = self.drained.monotonic + DOUBLE_HOLD;
        match self.held.iter_mut().find(|(_, held, cause)| *held == id && *cause == Ineligible::DuplicateSource) {
            Some((held_until, ..)) => *held_until = until,
            None => self.hold(id, Ineligible::DuplicateSource, until),
        }
    }
}
