use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;

use tokio::select;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::look::{self, Kind, kind};
use super::script::Script;
use super::standing::Standing;
use crate::check::{Check, Probe};
use crate::outcome::Outcome;
use crate::slots;

/// A check from its first slot until nobody wants it.
pub(super) struct Life {
    check: watch::Receiver<Rc<Check>>,
    standing: Rc<RefCell<Standing>>,
    script: Script,
    /// When it runs next, and what it looked at when that was decided.
    slot: Instant,
}

impl Life {
    pub(super) fn new(check: watch::Receiver<Rc<Check>>, standing: Rc<RefCell<Standing>>, first: Instant) -> Self {
        Self { check, standing, script: Script::default(), slot: first }
    }

    pub(super) async fn live(mut self) {
        let mut last = None;
        loop {
            let check = Rc::clone(&self.check.borrow_and_update());
            let wanted = match kind(&check.probe) {
                Kind::Told => self.be_told(&check).await,
                Kind::Asked => self.ask(&check, &mut last).await,
            };
            if !wanted {
                return;
            }
            let next = Rc::clone(&self.check.borrow());
            if next.probe != check.probe {
                (self.slot, last) = (Instant::now(), None);
            }
        }
    }

    /// Waits for the slot and runs the check, or goes back when it is another one; returns whether there still is one.
    async fn ask(&mut self, check: &Check, last: &mut Option<Instant>) -> bool {
        if let Some(last) = *last {
            self.slot = slots::next(last, check.schedule.interval, Instant::now());
        }
        select! {
            changed = self.check.changed() => return changed.is_ok(),
            () = sleep_until(self.slot) => {}
        }
        *last = Some(self.slot);
        self.standing.borrow_mut().begin(Instant::now());
        let mut changes = self.check.clone();
        select! {
            () = self.run(check) => {}
            // What looks at something else must not wait for this, nor be judged by it.
            () = superseded(&mut changes, &check.probe) => {}
        }
        self.standing.borrow_mut().rest();
        true
    }

    async fn run(&mut self, check: &Check) {
        let started = Instant::now();
        let deadline = check.schedule.timeout;
        let standing = &self.standing;
        let told = |outcome, output| standing.borrow_mut().take_in(outcome, started.elapsed(), output);
        if let Probe::Script(program) = &check.probe {
            self.script.run(program, deadline, told).await;
        } else {
            let outcome = timeout(deadline, look::ask(&check.probe, deadline)).await;
            told(outcome.unwrap_or(Outcome::TimedOut(deadline)), Box::default());
        }
    }

    /// Listens until the check is another one; returns whether there still is one.
    async fn be_told(&mut self, check: &Check) -> bool {
        let standing = &self.standing;
        let told = |outcome| standing.borrow_mut().take_in(outcome, Duration::ZERO, Box::default());
        select! {
            changed = self.check.changed() => changed.is_ok(),
            () = look::watch(&check.probe, told) => {
                // Whatever it watched through is gone for good.
                self.check.changed().await.is_ok()
            }
        }
    }
}

/// Waits until something else is looked at, or the check is gone.
async fn superseded(changes: &mut watch::Receiver<Rc<Check>>, probe: &Probe) {
    while changes.changed().await.is_ok() {
        if changes.borrow().probe != *probe {
            return;
        }
    }
}
