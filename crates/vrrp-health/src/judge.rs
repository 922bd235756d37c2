//! How many outcomes make a verdict: keepalived's counting, with its two special cases at the start.

use crate::check::{Assume, Schedule};
use crate::outcome::{Outcome, Verdict};

/// What a check counts as, and how far it is from counting as something else.
///
/// One number holds it all, as in keepalived's `vrrp_script_child_thread`: below `rise` it is down, by successes in a row;
/// from `rise` on it is up, and each failure takes one off until it falls below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judge {
    rise: u32,
    fall: u32,
    result: u32,
    /// Whether the next outcome decides alone.
    first: bool,
    verdict: Verdict,
}

impl Judge {
    pub(crate) fn new(schedule: &Schedule) -> Self {
        let (rise, fall) = (schedule.rise.max(1), schedule.fall.max(1));
        let (result, first, verdict) = match schedule.assume {
            Assume::Unknown => (rise - 1, true, Verdict::Unknown),
            Assume::Down => (0, false, Verdict::Down),
        };
        Self { rise, fall, result, first, verdict }
    }

    pub(crate) const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Takes an outcome in, and returns whether the verdict has changed.
    pub(crate) fn take_in(&mut self, outcome: &Outcome) -> bool {
        let before = self.verdict;
        match outcome {
            Outcome::Ok => self.succeed(),
            Outcome::Value(value) => {
                self.result = self.top();
                self.verdict = Verdict::Value(*value);
            }
            Outcome::Failed(_) | Outcome::TimedOut(_) | Outcome::CouldNotRun(_) => self.fail(),
        }
        self.first = false;
        self.verdict != before
    }

    const fn top(&self) -> u32 {
        self.rise.saturating_add(self.fall) - 1
    }

    const fn succeed(&mut self) {
        if self.result < self.rise - 1 {
            self.result += 1;
        } else {
            self.result = self.top();
            self.verdict = Verdict::Up;
        }
    }

    const fn fail(&mut self) {
        if self.result > self.rise {
            self.result -= 1;
            return;
        }
        if self.result == self.rise || self.first {
            self.verdict = Verdict::Down;
        }
        self.result = 0;
    }

    /// Goes on under other parameters: the verdict stays, and as many outcomes are missing to the next one as far as there can be.
    ///
    /// What looks at something else now (`anew`) keeps the verdict until its first outcome, which decides alone.
    pub(crate) fn adopt(&mut self, schedule: &Schedule, anew: bool) {
        let (rise, fall) = (schedule.rise.max(1), schedule.fall.max(1));
        let was = *self;
        (self.rise, self.fall) = (rise, fall);
        if anew || was.first {
            (self.result, self.first) = (rise - 1, true);
        } else if was.result == 0 {
            self.result = 0;
        } else if was.result < was.rise {
            self.result = rise.saturating_sub(was.rise - was.result);
        } else if was.result == was.top() {
            self.result = self.top();
        } else {
            self.result = rise.saturating_add(was.result - was.rise).min(self.top());
        }
    }
}

#[cfg(test)]
mod tests;
