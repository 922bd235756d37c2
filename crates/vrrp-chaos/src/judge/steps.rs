//! From what was seen to what was the case: who claimed to be Active from when to when.

use core::time::Duration;

use vrrp_sim::Station;

use crate::fault::Fault;
use crate::journal::{Event, Journal, Process};

/// Whoever claims says so once a second; who has been silent for so long claims no more.
const SILENCE: Duration = Duration::from_millis(1_800);
/// Who yields may say a last word so long after its address left.
const LAST_WORD: Duration = Duration::from_millis(300);
/// A claim is repeated after an interval, give or take what a machine takes.
const REPEATS: (Duration, Duration) = (Duration::from_millis(900), Duration::from_millis(1_250));
/// What a theft of ours looks like in the kernel comes so soon after it.
const THEFT: Duration = Duration::from_millis(500);
/// A check runs once a second, and takes a moment.
pub(super) const CHECKED: Duration = Duration::from_millis(2_500);

/// A change of what is the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// As the journal has it.
    Seen(Event),
    /// A router claims from now on, or no longer.
    Claim { router: Station, claims: bool },
    /// A router has announced that it gives up, or has done so.
    Leaving { router: Station, leaves: bool },
    /// Something that was put off is due.
    Due,
}

/// Returns the steps of a journal in the order of their time.
pub(super) fn steps(journal: &Journal) -> Vec<(Duration, Step)> {
    let mut steps: Vec<(Duration, Step)> = Vec::new();
    for entry in &journal.entries {
        steps.push((entry.at, Step::Seen(entry.event.clone())));
        let settles = matches!(
            entry.event,
            Event::Process { is: Process::Ready | Process::Thawed, .. } | Event::Check { well: true, .. }
        );
        if settles {
            steps.push((entry.at + CHECKED, Step::Due));
        }
    }
    for router in [0, 1] {
        claims(router, &of_router(journal, router), &mut steps);
    }
    steps.sort_by_key(|(at, _)| *at);
    steps
}

/// What a router did and what was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// The journal ends here.
    End,
    Advertises,
    Resigns,
    Address(bool),
    Stolen,
    Process(Process),
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other events say nothing about who claims")]
fn of_router(journal: &Journal, wanted: Station) -> Vec<(Duration, Sign)> {
    let mut stolen_from: Option<Duration> = None;
    let mut signs = Vec::new();
    for entry in &journal.entries {
        let sign = match entry.event {
            Event::Advertised { router, priority } if router == wanted => {
                if priority == 0 {
                    Sign::Resigns
                } else {
                    Sign::Advertises
                }
            }
            Event::Address { router, present } if router == wanted => {
                let thief = stolen_from.take_if(|_| !present).filter(|since| entry.at <= *since + THEFT);
                if thief.is_some() { Sign::Stolen } else { Sign::Address(present) }
            }
            Event::Process { router, is } if router == wanted => Sign::Process(is),
            Event::Struck { fault: Fault::Theft, router, .. } if router == wanted => {
                stolen_from = Some(entry.at);
                continue;
            }
            _ => continue,
        };
        signs.push((entry.at, sign));
    }
    signs.extend(journal.entries.last().map(|entry| (entry.at, Sign::End)));
    signs
}

/// What is known of one router while its signs are read.
#[derive(Debug, Default)]
struct Claimant {
    claims: bool,
    leaves: bool,
    frozen: bool,
    last: Duration,
    lost: Option<Duration>,
    present: bool,
}

fn claims(router: Station, signs: &[(Duration, Sign)], steps: &mut Vec<(Duration, Step)>) {
    let mut known = Claimant::default();
    for (place, (at, sign)) in signs.iter().enumerate() {
        if known.claims && !known.frozen && *at > known.last + SILENCE {
            known.set(router, known.fell_silent(), false, steps);
        }
        match sign {
            Sign::Advertises => {
                let rest = signs.get(place + 1..).unwrap_or_default();
                if !known.claims && !known.is_last_word(*at, rest) {
                    known.set(router, *at, true, steps);
                }
                known.last = *at;
                // It has thought better of giving up.
                if core::mem::take(&mut known.leaves) {
                    steps.push((*at, Step::Leaving { router, leaves: false }));
                }
            }
            Sign::Resigns => {
                known.last = *at;
                if known.claims && !known.leaves {
                    known.leaves = true;
                    steps.push((*at, Step::Leaving { router, leaves: true }));
                }
            }
            Sign::Address(true) => (known.lost, known.present) = (None, true),
            Sign::Address(false) => {
                (known.lost, known.present) = (Some(*at), false);
                known.set(router, *at, false, steps);
            }
            Sign::Stolen | Sign::End => {}
            Sign::Process(Process::Frozen) => known.frozen = true,
            Sign::Process(Process::Thawed) => (known.frozen, known.last) = (false, *at),
            Sign::Process(Process::Gone | Process::Died | Process::Started) => {
                known.frozen = false;
                known.set(router, *at, false, steps);
            }
            Sign::Process(Process::Ready | Process::Stopping) => {}
        }
    }
}

impl Claimant {
    fn set(&mut self, router: Station, at: Duration, claims: bool, steps: &mut Vec<(Duration, Step)>) {
        if self.claims != claims {
            self.claims = claims;
            steps.push((at, Step::Claim { router, claims }));
        }
        if core::mem::take(&mut self.leaves) {
            steps.push((at, Step::Leaving { router, leaves: false }));
        }
    }

    /// When a claim that is not repeated ended: one that was taken back before the address was in place, with its last
    /// word.
    fn fell_silent(&self) -> Duration {
        if self.present { self.last + SILENCE } else { self.last }
    }

    /// Whether an advertisement only tells the better one that it was heard: the address has just left, and neither does
    /// it come back at once nor is the claim repeated after an interval.
    fn is_last_word(&self, at: Duration, rest: &[(Duration, Sign)]) -> bool {
        let left = self.lost.is_some_and(|lost| at <= lost + LAST_WORD);
        let next = rest.iter().find(|(_, sign)| matches!(sign, Sign::Advertises | Sign::Address(true)));
        let goes_on = next.is_some_and(|(later, sign)| {
            let repeats = (REPEATS.0..REPEATS.1).contains(&(*later - at));
            if *sign == Sign::Advertises { repeats } else { *later <= at + LAST_WORD }
        });
        left && !goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn claims_of(events: &[(u64, Event)]) -> Vec<(u128, bool)> {
        let mut journal = Journal::default();
        for (at, event) in events {
            journal.note(ms(*at), event.clone());
        }
        let claim = |(at, step): (Duration, Step)| match step {
            Step::Claim { claims, .. } => Some((at.as_millis(), claims)),
            Step::Seen(_) | Step::Leaving { .. } | Step::Due => None,
        };
        steps(&journal).into_iter().filter_map(claim).collect()
    }

    fn says(priority: u8) -> Event {
        Event::Advertised { router: 0, priority }
    }

    fn address(present: bool) -> Event {
        Event::Address { router: 0, present }
    }

    #[test]
    fn a_claim_lasts_from_the_first_advertisement_until_the_address_is_given_up() {
        let seen = [(0, says(100)), (2, address(true)), (1_000, says(100)), (1_600, address(false))];
        assert_eq!(claims_of(&seen), [(0, true), (1_600, false)]);
    }

    #[test]
    fn a_claim_that_is_taken_back_before_the_address_is_in_place_ends_with_its_last_word() {
        assert_eq!(
            claims_of(&[(0, says(100)), (1, says(100)), (9_000, says(100))]),
            [(0, true), (1, false), (9_000, true)]
        );
    }

    #[test]
    fn the_last_word_after_the_address_has_left_is_no_claim() {
        let seen = [(0, says(100)), (2, address(true)), (900, address(false)), (901, says(100))];
        assert_eq!(claims_of(&seen), [(0, true), (900, false)]);
        let soon_back = [&seen[..], &[(2_363, address(true)), (2_364, says(100))]].concat();
        assert_eq!(claims_of(&soon_back), [(0, true), (900, false), (2_364, true)]);
    }

    #[test]
    fn who_falls_silent_claims_no_more_unless_it_stands_still() {
        let frozen = |is| Event::Process { router: 0, is };
        let late = [(0, says(100)), (2, address(true)), (9_000, says(100))];
        assert_eq!(claims_of(&late), [(0, true), (1_800, false), (9_000, true)]);
        let stood =
            [(0, says(100)), (100, frozen(Process::Frozen)), (9_000, frozen(Process::Thawed)), (9_001, says(100))];
        assert_eq!(claims_of(&stood), [(0, true)]);
    }

    #[test]
    fn a_stolen_address_does_not_end_a_claim() {
        let theft = Event::Struck {
            fault: Fault::Theft,
            router: 0,
            role: crate::schedule::Target::Holder,
            lasts: Duration::ZERO,
        };
        let seen = [(0, says(100)), (2, address(true)), (500, theft), (501, address(false)), (503, address(true))];
        assert_eq!(claims_of(&seen), [(0, true)]);
    }
}
