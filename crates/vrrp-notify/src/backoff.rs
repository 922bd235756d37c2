//! How long to wait before trying again.

use core::time::Duration;

/// The wait after the first failure, before jitter.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait, before jitter: a quarter more makes a minute.
const LONGEST: Duration = Duration::from_secs(48);

/// Waits that double from 1 s to 60 s, each with up to a quarter of jitter, so that many who failed together do not
/// return together.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    failures: u32,
    jitter: fastrand::Rng,
}

impl Backoff {
    pub(crate) fn new(seed: u64) -> Self {
        Self { failures: 0, jitter: fastrand::Rng::with_seed(seed) }
    }

    /// Counts a failure and says how long to wait.
    pub(crate) fn failed(&mut self) -> Duration {
        let base = FIRST.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX)).min(LONGEST);
        self.failures = self.failures.saturating_add(1).min(31);
        base + base.mul_f64(self.jitter.f64() / 4.0)
    }

    pub(crate) const fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_second_to_a_minute_with_a_quarter_of_jitter() {
        let mut backoff = Backoff::new(7);
        for base in [1, 2, 4, 8, 16, 32, 48, 48, 48].map(Duration::from_secs) {
            let wait = backoff.failed();
            assert!(wait >= base && wait <= base * 5 / 4, "{wait:?} after {base:?}");
        }
        for _ in 0..100 {
            assert!(backoff.failed() <= Duration::from_secs(60));
        }
    }

    #[test]
    fn a_success_starts_anew() {
        let mut backoff = Backoff::new(7);
        let _ = (backoff.failed(), backoff.failed(), backoff.failed());
        backoff.succeeded();
        assert!(backoff.failed() < Duration::from_secs(2));
    }

    #[test]
    fn two_seeds_do_not_wait_alike() {
        assert_ne!(Backoff::new(1).failed(), Backoff::new(2).failed());
    }
}
