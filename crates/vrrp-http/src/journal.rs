use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;
use vrrp_control::Event;

/// Events kept for those who ask later.
pub const CAPACITY: usize = 4096;
/// Events that explanations look at.
const RECENT: u64 = 512;
/// Events given to a follower at a time.
const BATCH: usize = 64;

/// The last events, numbered, as lines of JSON. Writing never waits for a reader.
#[derive(Debug, Clone)]
pub struct Journal(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    kept: Mutex<Kept>,
    /// The number of the newest.
    newest: watch::Sender<u64>,
}

#[derive(Debug)]
struct Kept {
    lines: VecDeque<Bytes>,
    capacity: usize,
    /// The number of the newest.
    last: u64,
}

/// What is after a number.
#[derive(Debug)]
pub(crate) struct After {
    /// The number of the oldest event that is kept; zero when there is none.
    pub(crate) first: u64,
    /// The number of the newest.
    pub(crate) last: u64,
    /// How many of those asked for are not kept any more.
    pub(crate) lost: u64,
    /// The events, each a line of JSON.
    pub(crate) lines: Vec<Bytes>,
}

impl Journal {
    /// An empty one that keeps so many events.
    pub fn new(capacity: usize) -> Self {
        let kept = Kept { lines: VecDeque::new(), capacity: capacity.max(1), last: 0 };
        Self(Arc::new(Shared { kept: Mutex::new(kept), newest: watch::Sender::new(0) }))
    }

    /// Numbers an event and keeps it. The oldest goes when there is no room.
    pub fn push(&self, mut event: Event) -> u64 {
        let mut kept = self.kept();
        kept.last += 1;
        event.seq = kept.last;
        let mut line = serde_json::to_vec(&event).unwrap_or_default();
        line.push(b'\n');
        while kept.lines.len() >= kept.capacity {
            kept.lines.pop_front();
        }
        kept.lines.push_back(line.into());
        let last = kept.last;
        drop(kept);
        self.0.newest.send_replace(last);
        last
    }

    /// The number of the newest event; zero before the first.
    pub fn last(&self) -> u64 {
        self.kept().last
    }

    /// The last few, read again.
    pub(crate) fn recent(&self) -> Vec<Event> {
        let after = self.after(self.last().saturating_sub(RECENT));
        after.lines.iter().filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    /// All that is kept after a number.
    pub(crate) fn after(&self, number: u64) -> After {
        self.read(number, usize::MAX)
    }

    /// The next few after a number, for whoever follows.
    pub(crate) fn next_after(&self, number: u64) -> After {
        self.read(number, BATCH)
    }

    /// Tells when there is something new.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.0.newest.subscribe()
    }

    fn read(&self, number: u64, most: usize) -> After {
        let kept = self.kept();
        let count = u64::try_from(kept.lines.len()).unwrap_or(u64::MAX);
        let before_first = kept.last - count;
        let lost = before_first.saturating_sub(number);
        let skip = usize::try_from(number.saturating_sub(before_first)).unwrap_or(usize::MAX);
        let lines = kept.lines.iter().skip(skip).take(most).cloned().collect();
        let first = if count == 0 { 0 } else { before_first + 1 };
        After { first, last: kept.last, lost, lines }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that holds it panics half way.
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(words: &str) -> Event {
        let text = format!(r#"{{"seq": 0, "at": 1.0, "event": "trouble", "words": "{words}"}}"#);
        serde_json::from_str(&text).unwrap()
    }

    fn numbers(after: &After) -> Vec<u64> {
        after.lines.iter().map(|line| serde_json::from_slice::<Event>(line).unwrap().seq).collect()
    }

    #[test]
    fn the_oldest_events_go_and_a_reader_is_told_how_many_it_missed() {
        let journal = Journal::new(3);
        let empty = journal.after(0);
        assert_eq!((empty.first, empty.last, empty.lost, empty.lines.len()), (0, 0, 0, 0));
        for number in 1..=5 {
            assert_eq!(journal.push(event("x")), number);
        }
        let all = journal.after(0);
        assert_eq!((all.first, all.last, all.lost), (3, 5, 2));
        assert_eq!(numbers(&all), [3, 4, 5]);
        assert_eq!(numbers(&journal.after(4)), [5]);
        assert_eq!(journal.after(4).lost, 0);
        assert_eq!(numbers(&journal.after(99)), Vec::<u64>::new(), "a number from another run");
    }

    #[test]
    fn a_follower_is_given_a_few_at_a_time_in_order() {
        let journal = Journal::new(1000);
        (0..200).for_each(|_| assert!(journal.push(event("x")) > 0));
        let (mut at, mut seen) = (0, Vec::new());
        while let Some(last) = numbers(&journal.next_after(at)).last().copied() {
            seen.extend(numbers(&journal.next_after(at)));
            at = last;
        }
        assert_eq!(seen, (1..=200).collect::<Vec<u64>>());
    }
}
