//! Gratuitous ARP and unsolicited Neighbor Advertisements, queued behind everything else.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::VecDeque;

use vrrp_core::{Instant, RouterId};
use vrrp_wire::arp::{self, ArpForm};
use vrrp_wire::ndp;

use super::Engine;
use crate::clock;
use crate::socket::Announcement;

/// Addresses announced in one turn; then packets and timers get theirs.
const TURN: usize = 32;

/// Rounds of announcements that were ordered and are not finished.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    queue: VecDeque<(RouterId, usize)>,
    /// Pacing (`garp_interval`, `gna_interval`): nothing goes out before this.
    not_before: Instant,
    frames: Vec<(u32, Frame)>,
}

#[derive(Debug)]
enum Frame {
    Arp([u8; arp::FRAME_LEN]),
    Na([u8; ndp::FRAME_LEN]),
}

impl Frame {
    const fn bytes(&self) -> &[u8] {
        match self {
            Self::Arp(bytes) => bytes,
            Self::Na(bytes) => bytes,
        }
    }
}

impl Announcements {
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.queue.is_empty()).then_some(self.not_before)
    }

    /// Rounds that are queued.
    pub(super) fn pending(&self) -> u32 {
        u32::try_from(self.queue.len()).unwrap_or(u32::MAX)
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
            let Some((id, next)) = self.announcements.queue.pop_front() else {
                break;
            };
            let Some(gap) = self.announce_address(id, next) else {
                continue;
            };
            self.announcements.queue.push_back((id, next + 1));
            if !gap.is_zero() {
                self.announcements.not_before = now + gap;
                break;
            }
        }
        let frames = core::mem::take(&mut self.announcements.frames);
        let announcements = frames.iter().map(|(index, frame)| Announcement { index: *index, frame: frame.bytes() });
        // One that cannot be sent finds its link down or gone: news of that comes by netlink, with a new claim after it.
        self.announcer.send_all(announcements, |_, _| {});
        self.announcements.frames = frames;
        self.announcements.frames.clear();
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
        let Some(link) = self.interfaces.link_named(&wanted.link) else {
            return Some(Duration::ZERO);
        };
        let Some(mac) = link.mac else {
            return Some(Duration::ZERO);
        };
        match wanted.address {
            // As request and as reply: some kernels answer the one and believe only the other.
            IpAddr::V4(address) => {
                let forms = [ArpForm::Request, ArpForm::Reply];
                let frames = forms.map(|form| (link.index, Frame::Arp(arp::gratuitous(mac.into(), address, form))));
                self.announcements.frames.extend(frames);
            }
            IpAddr::V6(address) => {
                let frame = Frame::Na(ndp::unsolicited(mac.into(), address, true));
                self.announcements.frames.push((link.index, frame));
            }
        }
        Some(gap)
    }
}
