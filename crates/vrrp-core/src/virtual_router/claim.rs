//! Before the addresses are claimed: what keeps a Backup from believing that nobody serves them.

use crate::state::State;
use crate::timers::LONGEST_PROBE;
use crate::{Backup, CheckId, Condition, Instant, OnClaim, Output, Outputs, RouterId, VirtualRouter, Withheld};

impl VirtualRouter {
    /// `Active_Down_Timer` fired: claims, unless there is a reason not to believe the silence.
    pub(super) fn claim(&mut self, now: Instant, mut backup: Backup, out: &mut Outputs) {
        if let Some(withheld) = self.objection(&mut backup) {
            return self.withhold(now, backup, withheld, out);
        }
        let why = super::backup::why_claim(&backup);
        self.become_active(now, why, why.preempted(), out);
    }

    /// What stands against a claim, if anything does. Each but a standing requirement counts once in a silence.
    fn objection(&self, backup: &mut Backup) -> Option<Withheld> {
        let unmet = self.unmet(backup);
        backup.doubts.stale = unmet.is_some() && self.verdicts.unmet(&self.config).is_none();
        match unmet {
            Some((check, OnClaim::HoldBack)) => return Some(Withheld::Requires(check)),
            Some((check, OnClaim::HoldBackOnce)) if !backup.doubts.withheld => {
                backup.doubts.withheld = true;
                return Some(Withheld::Requires(check));
            }
            Some((_, OnClaim::HoldBackOnce)) | None => {}
        }
        core::mem::take(&mut backup.doubts.unproven).then_some(Withheld::Deaf)
    }

    /// The requirement that is not met. While some router is heard there is no silence to be explained.
    fn unmet(&self, backup: &Backup) -> Option<(CheckId, OnClaim)> {
        let hears = backup.released.is_some() || backup.lower.is_some();
        let since = if hears { Instant::ORIGIN } else { backup.active_down_timer - self.waits(backup) };
        self.verdicts.unmet_since(&self.config, since)
    }

    /// A required check was found well anew: a claim that waited for that alone comes as soon as an Active router would
    /// have been heard.
    pub(super) fn take_confirmation(&mut self, now: Instant, check: CheckId, began: Instant) {
        self.verdicts.confirm(check, began);
        let State::Backup(mut backup) = self.state else { return };
        if backup.doubts.stale && self.unmet(&backup).is_none() {
            backup.doubts.stale = false;
            let heard_by = now + backup.active_adver_interval.duration() + self.skew(backup.active_adver_interval);
            backup.active_down_timer = backup.active_down_timer.min(heard_by);
            self.state = State::Backup(backup);
        }
    }

    /// Waits for one more `Active_Down_Interval`, and says why.
    fn withhold(&mut self, now: Instant, mut backup: Backup, why: Withheld, out: &mut Outputs) {
        backup.hastened = false;
        backup.active_down_timer = now + self.down_interval(backup.active_adver_interval);
        self.state = State::Backup(backup);
        self.conditions.raise(now, Condition::Withheld(why), out);
    }

    /// Another member of the sync group hears the Active router, so that only our advertisements were lost: we wait for as
    /// long as that member does.
    pub(super) fn hold_back(
        &mut self,
        now: Instant,
        until: Instant,
        mut backup: Backup,
        by: RouterId,
        out: &mut Outputs,
    ) {
        if now >= backup.active_down_timer {
            (backup.released, backup.hastened) = (None, false);
            self.overruled = Some(now);
            backup.active_down_timer = until;
            self.state = State::Backup(backup);
            self.conditions.raise(now, Condition::Withheld(Withheld::Group(by)), out);
        }
    }

    /// What kept it from claiming is over, or it claims.
    pub(super) fn believe(&mut self, out: &mut Outputs) {
        self.conditions.clear(out, |condition, _| matches!(condition, Condition::Withheld(_)));
    }

    /// A requirement is met again after a claim was withheld for it: whoever serves beyond the fault is given a whole
    /// `Active_Down_Interval` to be heard. A claim that was put off once only comes no later for it.
    pub(super) fn listen_anew(&mut self, now: Instant) {
        let holds = |check| {
            let mut required = self.config.claim_requires.iter();
            required.any(|required| required.check == check && required.otherwise == OnClaim::HoldBack)
        };
        let waits = |condition| matches!(condition, Condition::Withheld(Withheld::Requires(check)) if holds(check));
        if let State::Backup(mut backup) = self.state
            && self.conditions.iter().any(waits)
        {
            (backup.hastened, backup.doubts.stale) = (false, false);
            backup.active_down_timer = now + self.down_interval(backup.active_adver_interval);
            self.state = State::Backup(backup);
        }
    }

    /// When the LAN is asked, so that the claim is no later for it. Nobody is asked after priority 0, nor while a router
    /// of lower priority is heard, nor where no router was ever heard: there is nobody whose answer would count.
    pub(super) fn probes_at(&self, backup: &Backup) -> Option<Instant> {
        let silent = backup.active.is_some() && backup.released.is_none() && backup.lower.is_none();
        let lead = LONGEST_PROBE.min(self.skew(backup.active_adver_interval) / 4);
        (silent && !backup.doubts.probed).then(|| backup.active_down_timer - lead)
    }

    /// Asks the LAN for the addresses, once in a silence.
    pub(super) fn probe(&self, now: Instant, backup: &mut Backup, out: &mut Outputs) {
        if self.config.habits.confirm_silence
            && self.probes_at(backup).is_some_and(|at| now >= at)
            && let Some(last) = backup.active
        {
            backup.doubts.probed = true;
            out.push(Output::Probe(last.source));
        }
    }

    /// The silent router still answers for the addresses: it lives, and only its advertisements are lost.
    pub(super) fn hear_answer(&mut self, now: Instant, mut backup: Backup, out: &mut Outputs) {
        if core::mem::take(&mut backup.doubts.probed) && !backup.doubts.answered {
            backup.doubts.answered = true;
            backup.doubts.probed = true;
            self.withhold(now, backup, Withheld::Answered, out);
        }
    }
}
