use core::net::IpAddr;

use vrrp_control::{
    DiscardStatus, Event, HeardStatus, Moment, PeerStatus, RouterStatus, Seconds, State, Status, Verdict,
};

use super::span;
use crate::host::Conflict;

/// What an explanation is made of.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) status: &'a Status,
    pub(super) router: &'a RouterStatus,
    pub(super) events: &'a [Event],
    pub(super) conflicts: &'a [Conflict],
}

impl<'a> Facts<'a> {
    /// How long ago a moment is, in words without "ago".
    pub(super) fn past(&self, moment: Moment) -> String {
        span(self.status.at.since(moment))
    }

    /// How long it is until a moment.
    pub(super) fn until(&self, moment: Moment) -> String {
        span(moment.since(self.status.at))
    }

    /// Whether a moment is so short a while ago that what happened then is still going on.
    pub(super) fn is_now(&self, moment: Moment) -> bool {
        self.status.at.since(moment) <= Seconds(self.router.active_down_interval.0 * 1.5)
    }

    /// Whether this router serves.
    pub(super) fn serves(&self) -> bool {
        self.router.state == State::Active
    }

    /// The peer with this address.
    pub(super) fn peer(&self, address: IpAddr) -> Option<&'a PeerStatus> {
        self.router.peers.iter().find(|peer| peer.address == address)
    }

    /// The Active router, as long as it speaks, and as the better one.
    pub(super) fn followed(&self) -> Option<HeardStatus> {
        let active = self.router.active_router?;
        let peer = self.peer(active.address);
        let interval = peer.map_or(self.router.advertisement_interval, |peer| peer.interval);
        let silent = self.status.at.since(active.last_heard);
        // Two advertisements missed are no silence yet.
        let speaks = silent.0 < 2.5 * interval.0 || silent <= self.router.active_down_interval;
        let otherwise = peer.is_some_and(|peer| peer.last_heard > active.last_heard);
        (speaks && !otherwise && !self.is_withheld()).then_some(active)
    }

    /// Whether something keeps it from claiming what seems free.
    pub(super) fn is_withheld(&self) -> bool {
        self.router.conditions.iter().any(|held| held.token.starts_with("withheld_"))
    }

    /// The lower router that was heard last, if that was just now.
    pub(super) fn lower(&self) -> Option<&'a PeerStatus> {
        let heard = self.router.peers.iter().filter(|peer| self.is_now(peer.last_heard) && peer.priority > 0);
        heard.filter(|peer| peer.priority < self.router.priority.effective).max_by_key(|peer| peer.priority)
    }

    /// What is sent for this virtual router at present, and discarded.
    pub(super) fn discards(&self) -> impl Iterator<Item = &'a DiscardStatus> {
        let facts = *self;
        // Our own address has words of its own, and whoever was listened to since is listened to.
        let counts = move |discard: &&DiscardStatus| {
            let other = discard.reason != "own" && discard.reason != "owner_ignores";
            let heard = facts.peer(discard.source).is_some_and(|peer| peer.last_heard >= discard.at);
            other && !heard && facts.is_now(discard.at)
        };
        self.router.discards.iter().filter(counts)
    }

    /// Whether what this router sends is being discarded.
    pub(super) fn discards_of(&self, address: IpAddr) -> Option<&'a DiscardStatus> {
        self.discards().find(|discard| discard.source == address)
    }

    /// A check, how it is, and what it found: `check web is down: exit status 1`.
    pub(super) fn check(&self, name: &str) -> String {
        let Some(check) = self.status.checks.iter().find(|check| check.name == name) else {
            return format!("check {name} fails");
        };
        let says = match check.verdict {
            Verdict::Unknown => "has had no result yet".to_owned(),
            Verdict::Up => "is up".to_owned(),
            Verdict::Down => "is down".to_owned(),
            Verdict::Value(value) => format!("says {value}"),
            Verdict::Silent => "is not run any more: its runner has fallen silent".to_owned(),
        };
        let found = if check.words.is_empty() { String::new() } else { format!(": {}", check.words) };
        let since = check.since.map(|since| format!(" (for {})", self.past(since))).unwrap_or_default();
        format!("check {name} {says}{found}{since}")
    }

    /// Whether a check takes part in moving the priority down, or keeps it from being higher.
    pub(super) fn failing(&self) -> Vec<String> {
        let fails = |verdict| matches!(verdict, Verdict::Down | Verdict::Silent);
        let weighted = self.router.tracks.iter().filter(|track| track.weight.is_some());
        weighted.filter(|track| fails(track.verdict)).map(|track| self.check(&track.check)).collect()
    }

    /// The last event of a kind about this router.
    pub(super) fn last_event(&self, kind: &str) -> Option<&'a Event> {
        self.events.iter().rev().find(|event| event.event == kind && event.router == self.router.name)
    }

    /// How long until Active_Down_Timer fires.
    pub(super) fn fires_in(&self) -> String {
        let timer = self.router.timer.as_ref().filter(|timer| timer.timer == "active_down");
        timer.map_or_else(|| "a moment".to_owned(), |timer| span(timer.fires_in))
    }
}

/// Addresses in a row.
pub(super) fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
