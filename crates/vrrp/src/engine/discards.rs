use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{Instant, Reject, RouterId};

use crate::event::What;

/// How often one kind of discarded packet from one sender is reported.
const PERIOD: Duration = Duration::from_secs(60);
/// Senders and kinds that are told apart; a flood from ever new senders is reported no more often than these.
const TABLE: usize = 16;

/// Discarded packets, reported at a limited rate with how many there were.
#[derive(Debug, Default)]
pub(super) struct Discards(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    router: RouterId,
    source: IpAddr,
    reject: Reject,
    reported: Option<Instant>,
    times: u32,
}

impl Discards {
    /// Notes one discarded packet.
    pub(super) fn note(&mut self, now: Instant, router: RouterId, source: IpAddr, reject: Reject) {
        let known = self
            .0
            .iter_mut()
            .find(|entry| entry.router == router && entry.source == source && entry.reject.kind() == reject.kind());
        if let Some(entry) = known {
            entry.times = entry.times.saturating_add(1);
            return;
        }
        if self.0.len() == TABLE {
            let Some(idle) = self.0.iter().position(|entry| entry.idle(now)) else {
                return;
            };
            self.0.swap_remove(idle);
        }
        self.0.push(Entry { router, source, reject, reported: None, times: 1 });
    }

    /// What is to be reported by `now`.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(RouterId, What)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let due = self
            .0
            .iter_mut()
            .filter(|entry| entry.times > 0 && entry.reported.is_none_or(|reported| now.since(reported) >= PERIOD));
        due.map(|entry| {
            entry.reported = Some(now);
            let times = core::mem::take(&mut entry.times);
            (entry.router, What::Discarded { source: entry.source, reject: entry.reject, times })
        })
        .collect()
    }
}

impl Entry {
    /// Reported long ago, and nothing since.
    fn idle(&self, now: Instant) -> bool {
        self.times == 0 && self.reported.is_some_and(|reported| now.since(reported) >= PERIOD)
    }
}
