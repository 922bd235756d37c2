//! What else speaks VRRP on our links: looked at now and then, when the engine is awake anyway.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use vrrp_core::Instant;
use vrrp_wire::{Vrid, peek_vrid};

use super::Engine;
use crate::event::What;
use crate::status::Stranger;

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(1);
/// Packets looked at each time, on each socket.
const LOOK: usize = 16;
/// Strangers remembered; a flood of ever new ones is not reported beyond them.
const STRANGERS: usize = 64;
/// A stranger that was silent for so long is gone, and news if it comes again.
const FORGET: Duration = Duration::from_secs(600);

/// Virtual routers of others that were heard.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    known: BTreeMap<(Arc<str>, IpAddr, Option<Vrid>), Instant>,
    looked: Instant,
}

impl Strangers {
    pub(super) fn status(&self) -> Vec<Stranger> {
        let stranger = |((interface, source, vrid), last_heard): (&(Arc<str>, IpAddr, Option<Vrid>), &Instant)| {
            Stranger { interface: Arc::clone(interface), source: *source, vrid: *vrid, last_heard: *last_heard }
        };
        self.known.iter().map(stranger).collect()
    }
}

impl Engine {
    /// Reports each virtual router of others once.
    pub(super) fn look_around(&mut self, now: Instant) {
        if now.since(self.strangers.looked) < PERIOD {
            return;
        }
        self.strangers.looked = now;
        self.strangers.known.retain(|_, last_heard| now.since(*last_heard) < FORGET);
        let mut heard = Vec::new();
        for (interface, tap) in self.interfaces.taps() {
            // What a tap cannot read now it may read at the next look.
            let _ = tap.drain(&mut self.batch, LOOK, |arrival| {
                let datagram = &arrival.datagram;
                heard.push((Arc::clone(interface), datagram.source, peek_vrid(datagram.payload)));
            });
        }
        for stranger in heard {
            if let Some(last_heard) = self.strangers.known.get_mut(&stranger) {
                *last_heard = now;
            } else if self.strangers.known.len() < STRANGERS {
                self.strangers.known.insert(stranger.clone(), now);
                let (interface, source, vrid) = stranger;
                self.tell_all(What::Stranger { interface, source, vrid });
            }
        }
    }
}
