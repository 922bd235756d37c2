use core::time::Duration;

use vrrp_core::Instant;

use crate::journal::{Event, Journal};

/// The checker counts from here, so that nothing lies before its origin.
const HEAD_START: Duration = Duration::from_secs(60);

/// A clock that stands still while the machine does.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    /// The times in which the machine stalled, in order and apart from each other.
    stalls: Vec<(Duration, Duration)>,
}

impl Clock {
    pub(super) fn new(journal: &Journal) -> Self {
        let mut seen: Vec<(Duration, Duration)> = Vec::new();
        for entry in &journal.entries {
            if let Event::Stalled { until, .. } = entry.event {
                seen.push((entry.at, until));
            }
        }
        seen.sort();
        let mut stalls: Vec<(Duration, Duration)> = Vec::new();
        for (from, until) in seen {
            match stalls.last_mut().filter(|(_, last)| from <= *last) {
                Some((_, last)) => *last = until.max(*last),
                None => stalls.push((from, until)),
            }
        }
        Self { stalls }
    }

    /// How long the machine stalled between two moments.
    pub(super) fn stalled(&self, from: Duration, to: Duration) -> Duration {
        let within = |stall: &(Duration, Duration)| stall.1.min(to).saturating_sub(stall.0.max(from));
        let first = self.stalls.partition_point(|(_, until)| *until <= from);
        let those = self.stalls.iter().skip(first).take_while(|(since, _)| *since < to);
        those.map(within).sum()
    }

    /// The moment that the checker is told.
    pub(super) fn judged(&self, at: Duration) -> Instant {
        Instant::ORIGIN + HEAD_START + at.saturating_sub(self.stalled(Duration::ZERO, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_stands_still_while_any_part_of_the_machine_does() {
        let ms = Duration::from_millis;
        let mut journal = Journal::default();
        for (from, until) in [(100, 200), (150, 250), (400, 410)] {
            journal.note(ms(from), Event::Stalled { until: ms(until), seen_by: "test".to_owned() });
        }
        let clock = Clock::new(&journal);
        assert_eq!(clock.stalled(Duration::ZERO, ms(1_000)), ms(160));
        assert_eq!(clock.stalled(ms(120), ms(405)), ms(135));
        assert_eq!(clock.judged(ms(200)).since(clock.judged(ms(50))), ms(50));
    }
}
