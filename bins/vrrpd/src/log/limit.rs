//! How many lines events may cost that repeat for as long as somebody else errs.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use vrrp::{Event, What};

/// Lines that each (virtual router, reason, peer) has for a [`WINDOW`].
const BURST: u32 = 10;
/// The time that a burst is for.
const WINDOW: Duration = Duration::from_secs(60);
/// Reasons and peers that are told apart; whoever invents more of them shares one allowance.
const KINDS: usize = 1024;

static LIMIT: Mutex<Option<Limit>> = Mutex::new(None);

/// Whether an event is to be logged: `None` if not, else how many like it were not before it.
pub(super) fn withheld_before(event: &Event) -> Option<Option<u32>> {
    let Some(kind) = kind(event) else { return Some(None) };
    let mut limit = LIMIT.lock().unwrap_or_else(PoisonError::into_inner);
    limit.get_or_insert_default().admit(kind, Instant::now())
}

/// What repeats, if it can: the virtual router, the event, its reason, and whom it is about.
#[expect(clippy::wildcard_enum_match_arm, reason = "what does not repeat by itself is always logged")]
fn kind(event: &Event) -> Option<String> {
    let detail = match &event.what {
        What::Discarded { source, reject, .. } => format!("{} {source}", reject.token()),
        What::Condition { condition, began, about } => format!("{} {began} {about:?}", condition.token()),
        What::NearMiss { source, .. } => source.to_string(),
        What::Stranger { interface, source, vrid } => format!("{interface} {source} {vrid:?}"),
        What::Restored { address, .. } | What::Refused { address, .. } => address.to_string(),
        What::Leftover { address, began, .. } => format!("{address} {began}"),
        _ => return None,
    };
    Some(format!("{} {} {detail}", event.router, event.what.token()))
}

/// What was logged lately.
#[derive(Debug, Default)]
struct Limit {
    kinds: HashMap<String, Spent>,
}

/// What one kind of event has spent.
#[derive(Debug)]
struct Spent {
    since: Instant,
    logged: u32,
    withheld: u32,
}

impl Limit {
    fn admit(&mut self, kind: String, now: Instant) -> Option<Option<u32>> {
        if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
            // What was withheld is kept longer, so that it is told if the kind comes again.
            let kept = |spent: &Spent| if spent.withheld > 0 { WINDOW * 10 } else { WINDOW };
            self.kinds.retain(|_, spent| now.duration_since(spent.since) < kept(spent));
        }
        let kind = if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) { String::new() } else { kind };
        let spent = self.kinds.entry(kind).or_insert(Spent { since: now, logged: 0, withheld: 0 });
        let mut withheld = None;
        if now.duration_since(spent.since) >= WINDOW {
            withheld = (spent.withheld > 0).then_some(spent.withheld);
            *spent = Spent { since: now, logged: 0, withheld: 0 };
        }
        if spent.logged < BURST {
            spent.logged += 1;
            Some(withheld)
        } else {
            spent.withheld = spent.withheld.saturating_add(1);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{BURST, KINDS, Limit, WINDOW};

    #[test]
    fn what_repeats_is_logged_a_few_times_and_then_counted() {
        let (mut limit, start) = (Limit::default(), Instant::now());
        for _ in 0..BURST {
            assert_eq!(limit.admit("ttl 10.0.0.9".to_owned(), start), Some(None));
        }
        for _ in 0..7 {
            assert_eq!(limit.admit("ttl 10.0.0.9".to_owned(), start), None);
        }
        assert_eq!(limit.admit("ttl 10.0.0.8".to_owned(), start), Some(None), "another peer");
        assert_eq!(limit.admit("ttl 10.0.0.9".to_owned(), start + WINDOW), Some(Some(7)));
        assert_eq!(limit.admit("ttl 10.0.0.9".to_owned(), start + WINDOW), Some(None));
    }

    #[test]
    fn inventing_peers_costs_neither_memory_nor_lines_without_end() {
        let (mut limit, start) = (Limit::default(), Instant::now());
        let logged = (0..10 * KINDS).filter(|peer| limit.admit(peer.to_string(), start).is_some()).count();
        assert!(logged <= KINDS + BURST as usize, "{logged}");
        assert!(limit.kinds.len() <= KINDS + 1, "{}", limit.kinds.len());
    }

    #[test]
    fn kinds_that_are_over_make_room_even_if_some_of_their_lines_were_withheld() {
        let (mut limit, start) = (Limit::default(), Instant::now());
        for kind in 0..KINDS {
            for _ in 0..=BURST {
                let _ = limit.admit(kind.to_string(), start);
            }
        }
        let later = start + WINDOW * 10;
        (0..2 * BURST).for_each(|peer| assert_eq!(limit.admit(format!("new {peer}"), later), Some(None)));
    }
}
