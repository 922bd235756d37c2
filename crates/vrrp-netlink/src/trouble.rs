//! Patience: how long to wait before the next attempt, and what of it to report. No clock in here.

use core::time::Duration;
use std::time::Instant;

const FIRST_RETRY: Duration = Duration::from_millis(10);
const LAST_RETRY: Duration = Duration::from_secs(1);
const REPORT_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Thefts that are answered at once and reported one by one.
const PATIENT_THEFTS: u32 = 8;
const FIRST_THEFT_DELAY: Duration = Duration::from_millis(1);
const LAST_THEFT_DELAY: Duration = Duration::from_millis(50);
/// A quiet time after which a thief is forgotten, and the least time between two reports of one.
const QUIET: Duration = Duration::from_secs(1);

/// An address that the kernel refuses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused {
    since: Instant,
    attempts: u32,
    errno: i32,
    reported: Option<Instant>,
    retry: Instant,
}

/// What to tell of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefusalReport {
    pub(crate) attempts: u32,
    pub(crate) refused_for: Duration,
}

impl Refused {
    pub(crate) const fn new(now: Instant) -> Self {
        Self { since: now, attempts: 0, errno: 0, reported: None, retry: now }
    }

    /// Notes one more refusal: when to try again, and what to report.
    pub(crate) fn again(&mut self, now: Instant, errno: i32) -> (Instant, Option<RefusalReport>) {
        let wait = FIRST_RETRY.saturating_mul(1 << self.attempts.min(10)).min(LAST_RETRY);
        self.attempts = self.attempts.saturating_add(1);
        let refused_for = now.saturating_duration_since(self.since);
        let due = self.reported.is_none_or(|last| {
            let first_second = last == self.since && refused_for >= QUIET;
            first_second || now.saturating_duration_since(last) >= REPORT_AGAIN_AFTER
        });
        let report = (due || errno != self.errno).then_some(RefusalReport { attempts: self.attempts, refused_for });
        if report.is_some() {
            self.reported = Some(now);
        }
        self.errno = errno;
        self.retry = now + wait;
        (self.retry, report)
    }

    /// Whether the timer for `at` is the one for the next attempt; others are left over.
    pub(crate) fn retries(&self, at: Instant) -> bool {
        self.retry == at
    }
}

/// An address that somebody keeps removing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stolen {
    /// Since when it is missing, while it is.
    missing_since: Option<Instant>,
    missing_for: Duration,
    last: Instant,
    thefts: u32,
    unreported: u32,
    reported: Option<Instant>,
    /// When to put it back.
    back: Instant,
    /// When to look whether the thief is quiet.
    watch: Option<Instant>,
}

/// What to tell of an address that is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TheftReport {
    pub(crate) missing_for: Duration,
    pub(crate) times: u32,
}

impl Stolen {
    pub(crate) const fn new(now: Instant) -> Self {
        let (missing_since, missing_for) = (None, Duration::ZERO);
        Self { missing_since, missing_for, last: now, thefts: 0, unreported: 0, reported: None, back: now, watch: None }
    }

    /// Whether the address is away now.
    pub(crate) const fn is_missing(&self) -> bool {
        self.missing_since.is_some()
    }

    /// Notes one more theft; tells when to put the address back.
    pub(crate) fn again(&mut self, now: Instant) -> Instant {
        if now.saturating_duration_since(self.last) >= QUIET {
            self.thefts = 0;
        }
        self.missing_since = self.missing_since.or(Some(now));
        self.last = now;
        let doublings = self.thefts.checked_sub(PATIENT_THEFTS);
        self.thefts = self.thefts.saturating_add(1);
        let delay = doublings.map_or(Duration::ZERO, |doublings| {
            FIRST_THEFT_DELAY.saturating_mul(1 << doublings.min(10)).min(LAST_THEFT_DELAY)
        });
        self.back = now + delay;
        self.back
    }

    /// Whether the timer for `at` is the one to put the address back; others are left over.
    pub(crate) fn returns(&self, at: Instant) -> bool {
        self.is_missing() && self.back == at
    }

    /// Asks to be looked after; tells when, unless that is arranged.
    pub(crate) fn arrange_watch(&mut self, now: Instant) -> Option<Instant> {
        if self.watch.is_some() {
            return None;
        }
        self.watch = Some(now + QUIET);
        self.watch
    }

    /// Whether the timer for `at` is the arranged one, which is used up by this.
    pub(crate) fn watched(&mut self, at: Instant) -> bool {
        self.watch.take_if(|watch| *watch == at).is_some()
    }

    /// Notes that the address is back; tells what to report now.
    pub(crate) fn restored(&mut self, now: Instant) -> Option<TheftReport> {
        let since = self.missing_since.take()?;
        self.missing_for = now.saturating_duration_since(since);
        self.unreported = self.unreported.saturating_add(1);
        if self.thefts <= PATIENT_THEFTS { self.report(now) } else { self.due(now) }
    }

    /// Tells what was held back, once it may be told.
    pub(crate) fn due(&mut self, now: Instant) -> Option<TheftReport> {
        let quiet = self.reported.is_none_or(|last| now.saturating_duration_since(last) >= QUIET);
        if quiet { self.report(now) } else { None }
    }

    /// Whether the thief has been quiet for long enough to be forgotten.
    pub(crate) fn over(&self, now: Instant) -> bool {
        self.missing_since.is_none() && now.saturating_duration_since(self.last) >= QUIET
    }

    fn report(&mut self, now: Instant) -> Option<TheftReport> {
        let times = core::mem::take(&mut self.unreported);
        if times == 0 {
            return None;
        }
        self.reported = Some(now);
        Some(TheftReport { missing_for: self.missing_for, times })
    }
}

#[cfg(test)]
mod tests;
