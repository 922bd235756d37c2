use vrrp_wire::{AdverInterval, Priority, Version};

use super::heard;
use crate::state::{Doubts, State};
use crate::{
    Backup, Cause, Heard, Ineligible, Input, Instant, Name, OnDegraded, Output, Outputs, Preempt, Pull, Received,
    Reject, VirtualRouter,
};

impl VirtualRouter {
    /// RFC 9568 §6.4.2.
    pub(super) fn in_backup(&mut self, now: Instant, mut backup: Backup, input: Input, out: &mut Outputs) {
        match input {
            Input::Shutdown(_) => {
                self.started = false;
                return self.become_initialize(now, Cause::Stopped, out);
            }
            Input::Raise(cause) => return self.become_initialize(now, Cause::Ineligible(cause), out),
            Input::Timeout => {
                if now >= backup.active_down_timer {
                    return self.claim(now, backup, out);
                }
                self.probe(now, &mut backup, out);
                if backup.farewell.is_some_and(|by| now >= by) {
                    backup.farewell = None;
                    out.push(Output::Advertise(self.priority));
                }
            }
            Input::Released => {
                if backup.farewell.take().is_some() {
                    out.push(Output::Advertise(self.priority));
                }
            }
            Input::Advertisement(received) if received.priority == Priority::RELEASE => {
                self.backup_hears_release(now, &mut backup, &received);
            }
            Input::Advertisement(received) => self.backup_hears(now, &mut backup, &received, out),
            Input::Rejected(by, reject) => {
                // A frame of somebody else's, even if it says nothing: the link passes traffic.
                backup.doubts.unproven &= reject == Reject::Own;
                self.note_rejected(now, by, reject, out);
            }
            Input::Proof => backup.doubts.unproven = false,
            Input::Answered => return self.hear_answer(now, backup, out),
            Input::Group(Pull::To(Name::Active, by)) => {
                let lower = backup.lower.map(|lower| lower.source);
                return self.become_active(now, Cause::Group(by), lower, out);
            }
            Input::Group(Pull::HoldBack(by, until)) => return self.hold_back(now, until, backup, by, out),
            // A router that does not serve is out at once.
            Input::Drain(_) => return self.take(now, Input::Raise(Ineligible::Drained), out),
            Input::Startup
            | Input::Resume
            | Input::Clear(_)
            | Input::Source(_)
            | Input::Claimed
            | Input::Announced(_)
            | Input::SendFailing(_)
            | Input::Priority(_)
            | Input::Check(..)
            | Input::Confirmed(..)
            | Input::Takeover(_)
            | Input::Group(_) => {}
        }
        self.state = State::Backup(backup);
    }

    /// Priority 0: `Active_Down_Timer` := `Skew_Time`. The same resignation, sent twice, does not start the wait over.
    /// Nor, while one router is followed, does another's that was never heard to serve: a flood of them would have a
    /// Backup whose `Skew_Time` is shorter than the Active router's pause between answers take over again and again.
    fn backup_hears_release(&self, now: Instant, backup: &mut Backup, received: &Received) {
        let serves = |heard: Heard| heard.source == received.source;
        let bystander = backup.active.is_some_and(|active| !serves(active)) && !backup.lower.is_some_and(serves);
        if bystander && self.config.habits.limit_assertions {
            return;
        }
        backup.doubts = Doubts::default();
        let deadline = now + self.skew(backup.active_adver_interval);
        let repeated = backup.released == Some(received.source) && self.config.habits.limit_assertions;
        backup.active_down_timer = if repeated { deadline.min(backup.active_down_timer) } else { deadline };
        backup.released = Some(received.source);
    }

    /// Any other advertisement: followed, or discarded because this router is to preempt its sender.
    fn backup_hears(&mut self, now: Instant, backup: &mut Backup, received: &Received, out: &mut Outputs) {
        self.expire_conditions(now, out);
        let unfollowed = backup.active.is_none_or(|active| active.source != received.source);
        if received.priority < self.priority && !self.defers(now, backup, received) {
            backup.doubts = Doubts { withheld: backup.doubts.withheld, ..Doubts::default() };
            self.hasten(now, backup, received);
            backup.lower = Some(heard(now, received));
            return;
        }
        if self.is_bystander(now, backup, received) {
            let deadline = now + self.down_interval(self.adopted(received.interval));
            backup.active_down_timer = backup.active_down_timer.max(deadline);
            backup.bystander = Some(now);
            backup.doubts = Doubts::default();
            return;
        }
        if received.priority >= self.priority {
            backup.preempt_at = None;
        }
        backup.doubts = Doubts::default();
        backup.peak = backup.peak.filter(|_| !unfollowed).max(Some(received.priority));
        self.believe(out);
        backup.active = Some(heard(now, received));
        backup.released = None;
        backup.hastened = false;
        backup.lower = None;
        backup.active_adver_interval = self.adopted(received.interval);
        backup.active_down_timer = now + self.down_interval(backup.active_adver_interval);
    }

    /// Whether the sender has a worse right than the router that is followed, and that one is not overdue: it is on its
    /// way out, and its interval is no measure for the other's silence.
    fn is_bystander(&self, now: Instant, backup: &Backup, received: &Received) -> bool {
        let Some(active) = backup.active.filter(|_| backup.released.is_none() && self.config.habits.limit_assertions)
        else {
            return false;
        };
        let worse = (received.priority, received.source) < (active.priority, active.source);
        let alive = now < active.at + self.down_interval(backup.active_adver_interval);
        worse && alive && received.source != active.source
    }

    /// A router that was followed and whose priority has fallen below ours is sick: it is relieved after `Skew_Time`, in
    /// which a better Backup than this one comes first; not where one with a better right serves beside it.
    fn hasten(&self, now: Instant, backup: &mut Backup, received: &Received) {
        let deadline = now + self.skew(backup.active_adver_interval);
        let down_interval = self.down_interval(backup.active_adver_interval);
        if backup.bystander.is_some_and(|spoke| now < spoke + down_interval) {
            return;
        }
        if self.config.habits.quick_relief && is_sick(backup, received) && deadline < backup.active_down_timer {
            backup.active_down_timer = deadline;
            backup.hastened = true;
        }
    }

    /// Whether an advertisement of lower priority is followed all the same: never preempting, or not yet. The owner
    /// of the addresses always preempts (RFC 9568 §6.1 `Preempt_Mode`).
    fn defers(&self, now: Instant, backup: &mut Backup, received: &Received) -> bool {
        if self.config.is_owner() || self.takeover.is_some() {
            return false;
        }
        let unwell = self.config.on_degraded == OnDegraded::Resign && self.degraded();
        let damped = self.config.habits.damp_preemption && now < self.damping.until;
        if unwell || damped {
            return true;
        }
        if self.config.habits.preempt_degraded && is_sick(backup, received) {
            return false;
        }
        match self.config.preempt {
            Preempt::Immediately => false,
            Preempt::Never => true,
            Preempt::After(delay) => now < *backup.preempt_at.get_or_insert(now + delay),
        }
    }

    /// `Active_Adver_Interval` after hearing `theirs`: VRRPv3 learns it; VRRPv2 has its own, but two
    /// routers that disagree are timed by the longer so that neither takes over from a living one.
    pub(super) fn adopted(&self, theirs: AdverInterval) -> AdverInterval {
        match self.config.version {
            Version::V3 => theirs,
            Version::V2 => theirs.max(self.config.interval),
        }
    }
}

/// Whether the router that is followed has a lower priority than it had.
fn is_sick(backup: &Backup, received: &Received) -> bool {
    let same = backup.active.is_some_and(|active| active.source == received.source);
    same && backup.peak.is_some_and(|peak| received.priority < peak)
}

/// What the silence, or the preemption, is owed to.
pub(super) fn why_claim(backup: &Backup) -> Cause {
    match (backup.released, backup.lower) {
        (Some(by), _) => Cause::Released { by },
        (None, Some(lower)) => Cause::Preempting { lower },
        (None, None) => Cause::ActiveDown { last: backup.active },
    }
}
