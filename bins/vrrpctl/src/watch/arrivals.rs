use std::collections::VecDeque;

use vrrp_control::{Moment, RouterStatus};

/// Arrivals that are remembered of each virtual router: more than a terminal is wide.
const KEPT: usize = 400;

/// Two statuses may tell the moment of one arrival a little differently: the daemon counts back from now. In seconds.
const SAME: f64 = 0.001;

/// When advertisements of one virtual router arrived.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    at: VecDeque<Moment>,
}

impl Arrivals {
    /// Takes what is new in a status.
    pub(super) fn take(&mut self, router: &RouterStatus) {
        for arrival in &router.recent {
            if self.at.back().is_none_or(|last| arrival.at.0 > last.0 + SAME) {
                self.at.push_back(arrival.at);
            }
        }
        while self.at.len() > KEPT {
            self.at.pop_front();
        }
    }

    /// The last `count` gaps between two arrivals in per cent of `interval`, the oldest first; the last of them, still
    /// growing, reaches from the last arrival to `now`.
    pub(super) fn gaps(&self, interval: f64, now: Moment, count: usize) -> Vec<u64> {
        let to = self.at.iter().skip(1).copied().chain(core::iter::once(now));
        let gaps = self.at.iter().zip(to).map(|(from, to)| per_cent(to.since(*from).0, interval));
        let gaps: Vec<u64> = gaps.collect();
        gaps.get(gaps.len().saturating_sub(count)..).unwrap_or_default().to_vec()
    }
}

/// A length in per cent of another, at most a hundred times as long.
fn per_cent(length: f64, of: f64) -> u64 {
    let whole = core::time::Duration::try_from_secs_f64(length / of).unwrap_or_default();
    u64::try_from(whole.as_millis() / 10).unwrap_or(u64::MAX).min(10_000)
}

#[cfg(test)]
mod tests {
    use vrrp_control::Moment;

    use super::Arrivals;
    use crate::render::sample;

    #[test]
    fn what_two_statuses_both_hold_counts_once() {
        let (mut arrivals, mut router) = (Arrivals::default(), sample::backup("db"));
        arrivals.take(&router);
        router.recent.iter_mut().for_each(|arrival| arrival.at.0 += 0.000_02);
        arrivals.take(&router);
        assert_eq!(arrivals.gaps(1.0, Moment(sample::NOW), 99), [100, 100, 100, 40]);
        assert_eq!(arrivals.gaps(1.0, Moment(sample::NOW), 2), [100, 40]);
    }

    #[test]
    fn a_missed_advertisement_is_a_gap_of_two_intervals() {
        let (mut arrivals, mut router) = (Arrivals::default(), sample::backup("db"));
        router.recent.remove(2);
        arrivals.take(&router);
        assert_eq!(arrivals.gaps(1.0, Moment(sample::NOW), 99), [100, 200, 40]);
        assert_eq!(arrivals.gaps(0.0, Moment(sample::NOW), 1), [0]);
    }
}
