//! From captures, address tables and probes to the journal.

use core::time::Duration;

use vrrp_lab::{AddressChange, Frame, Mac, Outage, ProbeReport, Stamp};
use vrrp_sim::Station;

use crate::arena::Arena;
use crate::error::ChaosError;
use crate::journal::Event;
use crate::node::{VIP, VRID};
use crate::stall::STALL;

/// What is under way is waited for before a slot is written down; it is a part of the slot's quiet time.
pub(crate) const SETTLE: Duration = Duration::from_millis(700);
/// Who has not answered for so long does not answer: five requests.
const ANSWER_GAP: Duration = Duration::from_millis(50);

/// Up to where the journal has what was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    ports: [usize; 2],
    client: usize,
    asker: usize,
    addresses: [usize; 2],
    present: [bool; 2],
    cached: Option<Station>,
    missing: [usize; 2],
    since: Duration,
}

impl Marks {
    /// Waits for what is under way and writes down everything since the last call.
    pub(crate) fn gather(&mut self, arena: &mut Arena) -> Result<(), ChaosError> {
        std::thread::sleep(SETTLE);
        let until = arena.now();
        self.gather_advertisements(arena);
        self.gather_addresses(arena);
        self.gather_cached(arena);
        self.gather_answers(arena);
        for outage in clipped(&arena.eyes.probe.report(), arena, self.since, until) {
            arena.journal.note(outage.0, Event::Unserved { until: outage.1 });
        }
        for (from, to) in clipped(&arena.eyes.control.report(), arena, self.since, until) {
            if to.saturating_sub(from) > STALL {
                arena.journal.note(from, Event::Stalled { until: to, seen_by: "control probe".to_owned() });
            }
        }
        self.gather_missing(arena, until);
        for (from, to) in arena.eyes.stalls.take() {
            let (from, until) = (arena.at(from), arena.at(to));
            arena.journal.note(from, Event::Stalled { until, seen_by: "processor".to_owned() });
        }
        self.since = until;
        arena.journal.note(until, Event::Gathered);
        arena.journal.sort();
        Ok(())
    }

    fn gather_advertisements(&mut self, arena: &mut Arena) {
        for (router, mark) in (0..).zip(&mut self.ports) {
            let Some(capture) = arena.eyes.ports.get(usize::from(router)) else { continue };
            let next = capture.mark();
            let frames = capture.frames_since(*mark);
            *mark = next;
            for frame in frames.iter().filter(|frame| frame.outgoing) {
                let Some(vrrp) = frame.vrrp().filter(|vrrp| vrrp.vrid == VRID) else { continue };
                arena.journal.note(arena.at(frame.stamp), Event::Advertised { router, priority: vrrp.priority });
            }
        }
    }

    /// Where frames were lost on the way to a capture, what they would have shown is not known.
    fn gather_missing(&mut self, arena: &mut Arena, until: Duration) {
        let missing = arena.eyes.ports.each_ref().map(vrrp_lab::Capture::missing);
        if core::mem::replace(&mut self.missing, missing) != missing {
            arena.journal.note(self.since, Event::Stalled { until, seen_by: "capture".to_owned() });
        }
    }

    fn gather_addresses(&mut self, arena: &mut Arena) {
        for ((router, mark), present) in (0..).zip(&mut self.addresses).zip(&mut self.present) {
            let Some(watch) = arena.eyes.addresses.get(usize::from(router)) else { continue };
            let changes = watch.changes();
            let news = changes.iter().skip(*mark).filter(|change| change.address.ip == core::net::IpAddr::from(VIP));
            let news: Vec<&AddressChange> = news.collect();
            *mark = changes.len();
            for change in news {
                if core::mem::replace(present, change.present) != change.present {
                    arena.journal.note(arena.at(change.stamp), Event::Address { router, present: change.present });
                }
            }
        }
    }

    fn gather_cached(&mut self, arena: &mut Arena) {
        let next = arena.eyes.client.mark();
        let frames = arena.eyes.client.frames_since(self.client);
        self.client = next;
        for frame in frames.iter().filter(|frame| !frame.outgoing) {
            let told = frame.arp().filter(|arp| arp.sender_ip.octets() == VIP);
            let Some(router) = told.and_then(|arp| station(arena, arp.sender_mac)) else { continue };
            if self.cached.replace(router) != Some(router) {
                arena.journal.note(arena.at(frame.stamp), Event::Cached { router });
            }
        }
    }

    fn gather_answers(&mut self, arena: &mut Arena) {
        let next = arena.eyes.asker.mark();
        let frames = arena.eyes.asker.frames_since(self.asker);
        self.asker = next;
        for router in [0, 1] {
            let by = |frame: &&Frame| {
                let arp = frame.arp().filter(|arp| arp.sender_ip.octets() == VIP && !arp.is_gratuitous());
                arp.is_some_and(|arp| station(arena, arp.sender_mac) == Some(router))
            };
            let answers = frames.iter().filter(|frame| !frame.outgoing).filter(by).map(|frame| frame.stamp);
            for (from, to) in together(answers) {
                let (from, until) = (arena.at(from), arena.at(to));
                arena.journal.note(from, Event::Answered { router, until });
            }
        }
    }
}

fn station(arena: &Arena, mac: Mac) -> Option<Station> {
    (0..).zip(&arena.routers).find(|(_, node)| node.mac == mac).map(|(router, _)| router)
}

/// The times in which the answers come one soon after another.
fn together(answers: impl Iterator<Item = Stamp>) -> Vec<(Stamp, Stamp)> {
    let mut spans: Vec<(Stamp, Stamp)> = Vec::new();
    for answer in answers {
        match spans.last_mut().filter(|(_, last)| answer.since(*last) <= ANSWER_GAP) {
            Some((_, last)) => *last = answer,
            None => spans.push((answer, answer)),
        }
    }
    spans
}

/// The outages between two moments, as far as they are.
fn clipped(report: &ProbeReport, arena: &Arena, since: Duration, until: Duration) -> Vec<(Duration, Duration)> {
    let clip = |outage: &Outage| {
        let end = if outage.over { arena.at(outage.end) } else { until };
        (arena.at(outage.start).max(since), end.min(until))
    };
    report.outages.iter().map(clip).filter(|(from, to)| from < to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_follow_each_other_are_one_time_and_a_pause_parts_them() {
        let at = |millis| Stamp::from_epoch(Duration::from_millis(millis));
        let spans = together([at(0), at(10), at(20), at(120), at(130)].into_iter());
        assert_eq!(spans, [(at(0), at(20)), (at(120), at(130))]);
    }
}
