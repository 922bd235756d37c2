//! The ways from state to state, whatever the reason.

use core::net::IpAddr;

use crate::state::{Active, Bucket, State};
use crate::timers::PLACE_GRACE;
use crate::{Backup, Cause, Condition, Ineligible, Instant, Name, Output, Outputs, VirtualRouter};

impl VirtualRouter {
    /// Initialize to Backup, and every other way into it that waits a whole `Active_Down_Interval` of our own.
    pub(super) fn become_backup(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        let from = self.state.name();
        let interval = self.config.interval;
        let mut backup = Backup::waiting(now + self.down_interval(interval), interval);
        let rose = core::mem::take(&mut self.carrier_rose);
        backup.doubts.unproven = rose && self.config.habits.listen_after_link_up && !self.config.is_owner();
        self.state = State::Backup(backup);
        out.push(Output::Moved { from, to: Name::Backup, why });
        self.settle_conditions(out);
    }

    /// RFC 9568 §6.4.2: advertise first, then the addresses; they are announced once the kernel has them.
    ///
    /// `preempted` is the living router that they are taken from, if they are.
    pub(super) fn become_active(&mut self, now: Instant, why: Cause, preempted: Option<IpAddr>, out: &mut Outputs) {
        let from = self.state.name();
        let unspoken = self.config.habits.place_before_preempting && preempted.is_some();
        let interval = self.config.interval.duration();
        self.damping.claimed(now, preempted.is_some());
        self.state = State::Active(Active {
            adver_timer: now + if unspoken { PLACE_GRACE.min(interval) } else { interval },
            in_slot: !self.config.habits.spread_phases,
            announcing: None,
            assertions: Bucket::full(now),
            displaced: preempted,
            owed: None,
            asserted: false,
            claimed: false,
            unspoken,
            asks_again: None,
        });
        if !unspoken {
            out.push(Output::Advertise(self.priority));
        }
        out.push(Output::Claim);
        out.push(Output::Moved { from, to: Name::Active, why });
        self.believe(out);
    }

    /// Any state to Initialize.
    pub(super) fn become_initialize(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        let from = self.state.name();
        if why.ineligible().is_some_and(|cause| cause != Ineligible::Drained) {
            self.fail(now, out);
        }
        self.state = State::Initialize;
        out.push(Output::Moved { from, to: Name::Initialize, why });
        self.settle_conditions(out);
    }

    /// Notes that this router lost the addresses, or is about to, by its own fault.
    pub(super) fn fail(&mut self, now: Instant, out: &mut Outputs) {
        if let Some(hold_off) = self.damping.failed(now).filter(|_| self.config.habits.damp_preemption) {
            self.conditions.raise(now, Condition::PreemptionHeld { hold_off }, out);
        }
    }
}
