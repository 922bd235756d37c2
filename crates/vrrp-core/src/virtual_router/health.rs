//! Checks: what they do to eligibility and to the effective priority.

use core::mem::replace;

use vrrp_wire::Priority;

use crate::state::{Answer, Purpose, State};
use crate::{
    Backup, CheckId, Condition, Ineligible, Input, Instant, OnDegraded, Output, Outputs, Verdict, VirtualRouter,
};

impl VirtualRouter {
    /// Takes the news of a check.
    pub(super) fn take_verdict(&mut self, now: Instant, check: CheckId, verdict: Verdict, out: &mut Outputs) {
        let was_degraded = self.degraded();
        let could_claim = self.verdicts.unmet(&self.config).is_none();
        if !self.verdicts.note(check, verdict) {
            return;
        }
        self.judge_checks(now, out);
        let before = self.priority;
        self.reprioritise(out);
        let begins = self.degraded() && !was_degraded;
        if begins && self.config.on_degraded == OnDegraded::Resign {
            self.resign(now, out);
        } else if self.priority < before {
            self.tell_fall(now, out);
        }
        if was_degraded && !self.degraded() {
            self.conditions.clear(out, |condition, _| *condition == Condition::Unrelieved);
        }
        if !could_claim && self.verdicts.unmet(&self.config).is_none() {
            self.listen_anew(now);
        }
    }

    /// Raises and clears the causes that the checks are, what begins before what ends: the router is not eligible for
    /// the moment between. That a check has no result yet stops nothing that runs.
    pub(super) fn judge_checks(&mut self, now: Instant, out: &mut Outputs) {
        let runs = !matches!(self.state, State::Initialize);
        let pending = |cause: &Ineligible| matches!(cause, Ineligible::CheckPending(_));
        let causes = self.verdicts.causes(&self.config);
        let wanted: alloc::vec::Vec<Ineligible> = causes.filter(|cause| !(runs && pending(cause))).collect();
        for cause in &wanted {
            self.take(now, Input::Raise(*cause), out);
        }
        while let Some(over) = self.causes.iter().find(|cause| cause.check().is_some() && !wanted.contains(cause)) {
            self.take(now, Input::Clear(*over), out);
        }
    }

    /// The effective priority: base and weights, never above what the sync group has, never below what a takeover asks.
    pub(super) fn effective(&self) -> Priority {
        let weighted = self.own_priority();
        let held = self.ceiling.filter(|_| !self.config.is_owner()).map_or(weighted, |ceiling| ceiling.min(weighted));
        self.takeover.map_or(held, |asked| asked.max(held))
    }

    /// The priority that it would have outside its sync group.
    pub(crate) fn own_priority(&self) -> Priority {
        self.verdicts.weighted(&self.config, self.base)
    }

    /// Takes another priority to add the weights to.
    pub(super) fn rebase(&mut self, base: Priority, out: &mut Outputs) {
        self.base = base;
        self.reprioritise(out);
    }

    /// Computes the effective priority anew and brings the timers in line with it.
    pub(super) fn reprioritise(&mut self, out: &mut Outputs) {
        let to = self.effective();
        let from = self.priority;
        if from == to {
            return;
        }
        out.push(Output::Priority { from, to });
        let State::Backup(mut backup) = self.state else {
            self.priority = to;
            return;
        };
        let armed = backup.active_down_timer - self.waits(&backup);
        self.priority = to;
        backup.active_down_timer = armed + self.waits(&backup);
        self.state = State::Backup(self.yielding(backup));
    }

    /// A Backup that was about to preempt a router follows it once that one has the better right.
    pub(super) fn yielding(&self, mut backup: Backup) -> Backup {
        if let Some(better) = backup.lower.filter(|lower| lower.priority >= self.priority) {
            let same = backup.active.is_some_and(|active| active.source == better.source);
            backup.peak = backup.peak.filter(|_| same).max(Some(better.priority));
            (backup.active, backup.lower) = (Some(better), None);
            (backup.released, backup.preempt_at, backup.hastened) = (None, None, false);
            backup.active_down_timer = better.at + self.waits(&backup);
        }
        backup
    }

    /// Whether a check that moves the priority is failing.
    pub fn degraded(&self) -> bool {
        self.verdicts.degraded(&self.config)
    }

    /// The last verdict of a check that this router tracks or requires.
    pub fn verdict(&self, check: CheckId) -> Verdict {
        self.verdicts.get(check)
    }

    /// An Active router advertises a priority that has fallen before its time, as it answers a wrong claim, so that it
    /// is relieved the sooner.
    fn tell_fall(&mut self, now: Instant, out: &mut Outputs) {
        if let State::Active(mut active) = self.state
            && self.config.habits.quick_relief
            && !active.unspoken
        {
            self.assert(now, &mut active, Answer { advertise: true, announce: false }, out);
            self.state = State::Active(active);
        }
    }

    /// `on_degraded resign`: priority 0 while still serving, so that even a peer that never preempts takes over.
    fn resign(&mut self, now: Instant, out: &mut Outputs) {
        if let State::Active(active) = self.state {
            self.fail(now, out);
            self.hand_over(now, &active, Purpose::Degraded, out);
        }
    }

    /// Takes what an operator asks for: a priority to take over with, or no longer.
    pub(super) fn take_over(&mut self, asked: Option<Priority>, out: &mut Outputs) {
        let former = replace(&mut self.takeover, asked.map(|asked| asked.min(Priority::new(254))));
        if former != self.takeover {
            self.reprioritise(out);
        }
    }
}
