//! Gratuitous ARP and unsolicited Neighbor Advertisements, queued behind everything else.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::VecDeque;

use vrrp_core::{Instant, RouterId};
use vrrp_wire::{arp, ndp};

use super::Engine;
use crate::clock;

/// Addresses announced in one turn; then packets and timers get theirs.
const TURN: usize = 32;

/// Rounds of announcements that were ordered and are not finished.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    queue: VecDeque<(RouterId, usize)>,
    /// Pacing (`garp_interval`, `gna_interval`): nothing goes out before this.
    not_before: Instant,
}

impl Announcements {
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.queue.is_empty()).then_some(self.not_before)
    }

    pub(super) fn cancel(&mut self, id: RouterId) {
        self.queue.retain(|(queued, _)| *queued != id);
    }
}

impl Engine {
    /// Queues one round for every address of the router. A round that is still queued covers this one.
    pub(super) fn queue_announcement(&mut self, id: RouterId) {
        if !self.announcements.queue.iter().any(|(queued, next)| *queued == id && *next == 0) {
            self.announcements.queue.push_back((id, 0));
        }
    }

    /// Announces the next addresses, one of each router in turn, and only those that the kernel holds.
    pub(super) fn announce(&mut self) {
        let now = clock::now();
        if self.announcements.queue.is_empty() || now < self.announcements.not_before {
            return;
        }
        for _ in 0..TURN {
            let Some((id, next)) = self.announcements.queue.pop_front() else { break };
            let Some(gap) = self.announce_address(id, next) else { continue };
            self.announcements.queue.push_back((id, next + 1));
            if !gap.is_zero() {
                self.announcements.not_before = now + gap;
                break;
            }
        }
        let failed = self.announcer.flush();
        if failed > 0 {
            tracing::debug!(failed, "announcements could not be sent");
        }
    }

    /// Frames for one address; gives the gap that is to follow, or `None` when the router has no more addresses.
    fn announce_address(&mut self, id: RouterId, next: usize) -> Option<Duration> {
        let runtime = self.routers.get(id)?;
        let wanted = runtime.spec.addresses.get(next)?;
        let (v4_gap, v6_gap) = runtime.spec.announce_gap;
        let gap = if wanted.address.is_ipv4() { v4_gap } else { v6_gap };
        if runtime.missing.contains(&wanted.address) {
            return Some(Duration::ZERO);
        }
        let Some(link) = self.interfaces.link_named(&wanted.link) else { return Some(Duration::ZERO) };
        let Some(mac) = link.mac else { return Some(Duration::ZERO) };
        match wanted.address {
            // As request and as reply: some kernels answer the one and believe only the other.
            IpAddr::V4(address) => {
                self.announcer.push(link.index, &arp::gratuitous(mac.into(), address, arp::Form::Request));
                self.announcer.push(link.index, &arp::gratuitous(mac.into(), address, arp::Form::Reply));
            }
            IpAddr::V6(address) => self.announcer.push(link.index, &ndp::unsolicited(mac.into(), address, true)),
        }
        Some(gap)
    }
}
