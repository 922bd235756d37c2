//! What a router is, whatever time it is.

use core::hash::{Hash, Hasher};
use core::time::Duration;
use std::collections::hash_map::DefaultHasher;

use vrrp_core::Instant;

/// Beyond this nothing asks how long ago it was: ten intervals of a second. (What forgets only after a minute or more is
/// [`MINUTE`]'s, or left out by the configuration.)
pub(crate) const LONG_AGO: Duration = Duration::from_secs(12);
/// For so long a member of a sync group remembers that it was overruled.
const MINUTE: Duration = Duration::from_secs(61);

/// What is printed and says nothing of what a router will do: what never changes here, what is only counted, what is
/// switched off, and how the deadlines are stored.
const SILENT: [&str; 6] =
    ["config: Config ", "counters: Counters ", "damping: Damping ", "deadlines: ", "armed: ", "clock: "];

/// A moment, seen from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Age {
    /// So many nanoseconds from now.
    Ahead(u64),
    /// So many nanoseconds ago, or longer ago than it matters.
    Past(u64),
}

impl Age {
    pub(crate) fn of(moment: Instant, now: Instant, long_ago: Duration) -> Self {
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        if moment > now {
            Self::Ahead(nanos(moment.since(now)))
        } else {
            Self::Past(nanos(now.since(moment).min(long_ago)))
        }
    }
}

/// A number for all that `debug` prints, with every moment in it seen from `now`.
pub(crate) fn print(debug: &str, now: Instant) -> u64 {
    let mut to = DefaultHasher::new();
    let mut rest = debug;
    while let Some(place) = next_of_interest(rest) {
        let (before, from) = rest.split_at(place);
        before.hash(&mut to);
        rest = match SILENT.iter().find(|name| from.starts_with(**name)) {
            Some(name) => past_value(from.get(name.len()..).unwrap_or_default()),
            None => moment(before, from, now, &mut to),
        };
    }
    rest.hash(&mut to);
    to.finish()
}

fn next_of_interest(text: &str) -> Option<usize> {
    SILENT.iter().copied().chain(["Instant("]).filter_map(|name| text.find(name)).min()
}

/// Hashes the moment that `text` begins with; gives what follows it.
fn moment<'a>(before: &str, text: &'a str, now: Instant, to: &mut impl Hasher) -> &'a str {
    let inside = text.strip_prefix("Instant(").unwrap_or(text);
    let (digits, rest) = inside.split_once(')').unwrap_or((inside, ""));
    let long_ago = if before.ends_with("overruled: Some(") { MINUTE } else { LONG_AGO };
    match digits.parse() {
        Ok(nanos) => Age::of(Instant::from_nanos(nanos), now, long_ago).hash(to),
        Err(_) => digits.hash(to),
    }
    rest
}

/// What follows the value that `text` begins with: up to the comma or bracket that ends it.
fn past_value(text: &str) -> &str {
    let mut depth = 0_u32;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return text.get(place..).unwrap_or_default(),
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => return text.get(place..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    #[test]
    fn the_same_at_another_time_is_the_same() {
        assert_eq!(print("Backup { at: Instant(70) }", at(50)), print("Backup { at: Instant(90) }", at(70)));
        assert_ne!(print("Backup { at: Instant(70) }", at(50)), print("Backup { at: Instant(70) }", at(70)));
    }

    #[test]
    fn what_is_silent_is_left_out_and_nothing_after_it() {
        let one = "Slot { counters: Counters { a: 1, b: [2] }, armed: Some(Instant(7)), priority: 3 }";
        let other = "Slot { counters: Counters { a: 5, b: [] }, armed: None, priority: 3 }";
        let third = "Slot { counters: Counters { a: 5, b: [] }, armed: None, priority: 4 }";
        assert_eq!(print(one, at(9)), print(other, at(9)));
        assert_ne!(print(other, at(9)), print(third, at(9)));
    }
}
