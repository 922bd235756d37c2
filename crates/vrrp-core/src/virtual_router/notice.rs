//! What every state takes in alike: causes, the source address, and what is odd about what is heard.

use core::net::IpAddr;

use vrrp_wire::{Coverage, Priority, Version};

use crate::{
    Checksum, Condition, Contest, Ineligible, Input, Instant, Name, Outputs, Pull, Received, Reject, RouterId,
    VirtualRouter,
};

impl VirtualRouter {
    /// Takes in what means the same in every state; says whether the state has to see the input too.
    pub(super) fn note(&mut self, now: Instant, input: Input, out: &mut Outputs) -> bool {
        match input {
            Input::Source(address) => {
                self.source = Some(address);
                false
            }
            Input::Raise(cause) => self.raise(cause),
            Input::Clear(cause) => self.clear(cause),
            Input::Priority(base) => {
                self.rebase(base, out);
                false
            }
            Input::Check(check, verdict) => {
                self.take_verdict(now, check, verdict, out);
                false
            }
            Input::Confirmed(check, began) => {
                self.take_confirmation(now, check, began);
                false
            }
            Input::Takeover(asked) => {
                self.take_over(asked, out);
                false
            }
            Input::Group(Pull::Ceiling(ceiling)) => {
                self.ceiling = ceiling;
                self.reprioritise(out);
                false
            }
            Input::Advertisement(received) => {
                self.counters.received += 1;
                let counts = self.state.name() != Name::Initialize;
                if counts {
                    self.note_advertisement(now, received, out);
                } else {
                    self.carrier_rose = false;
                }
                counts
            }
            Input::SendFailing(failing) => self.note_sending(now, failing, out),
            Input::Rejected(..)
            | Input::Startup
            | Input::Resume
            | Input::Shutdown(_)
            | Input::Timeout
            | Input::Claimed
            | Input::Released
            | Input::Proof
            | Input::Answered
            | Input::Announced(_)
            | Input::Drain(_)
            | Input::Group(_) => true,
        }
    }

    /// Adds a cause; says whether it is the first.
    pub(super) fn raise(&mut self, cause: Ineligible) -> bool {
        match self.causes.binary_search(&cause) {
            Ok(_) => false,
            Err(place) => {
                self.causes.insert(place, cause);
                self.causes.len() == 1
            }
        }
    }

    /// Takes a cause away; says whether it was the last.
    fn clear(&mut self, cause: Ineligible) -> bool {
        if cause == Ineligible::Drained {
            self.undrain();
        }
        let Ok(place) = self.causes.binary_search(&cause) else {
            return false;
        };
        self.causes.remove(place);
        self.carrier_rose |= self.started && cause.is_about_carrier();
        self.causes.is_empty()
    }

    /// Of the causes that are other members of its sync group, keeps this one at most.
    pub(crate) fn forget_groups(&mut self, but: Option<RouterId>) {
        self.causes.retain(|cause| !matches!(cause, Ineligible::Group(by) if Some(*by) != but));
    }

    /// Notes that sending fails, or works again; says whether the state has to see it: what was lost is announced again.
    fn note_sending(&mut self, now: Instant, failing: bool, out: &mut Outputs) -> bool {
        if failing {
            self.conditions.raise(now, Condition::SendFailing, out);
            return false;
        }
        let orders = out.len();
        self.conditions.clear(out, |condition, _| *condition == Condition::SendFailing);
        out.len() > orders
    }

    /// What an advertisement says about its sender, whatever it says about the election. In Initialize all is ignored.
    fn note_advertisement(&mut self, now: Instant, received: Received, out: &mut Outputs) {
        let by = received.source;
        if received.priority == Priority::RELEASE {
            self.counters.release_received = self.counters.release_received.saturating_add(1);
            return;
        }
        let Received { interval: theirs, addresses_differ, coverage, .. } = received;
        let other_interval = theirs != self.config.interval;
        let other_form = self.sends_other_form(by, coverage);
        self.heard_coverage = Some(coverage);
        if other_interval {
            self.conditions.raise(now, Condition::IntervalDiffers { by, theirs }, out);
        }
        if addresses_differ {
            self.conditions.raise(now, Condition::AddressesDiffer { by }, out);
        }
        if other_form {
            self.conditions.raise(now, Condition::ChecksumDiffers { by, theirs: coverage }, out);
        }
        if self.conditions.is_empty() {
            return;
        }
        self.conditions.clear(out, |condition, _| match condition {
            Condition::IntervalDiffers { by: whose, .. } => *whose == by && !other_interval,
            Condition::AddressesDiffer { by: whose } => *whose == by && !addresses_differ,
            Condition::ChecksumDiffers { by: whose, .. } => *whose == by && !other_form,
            Condition::Contested { .. }
            | Condition::TwoOwners { .. }
            | Condition::DuplicateSource { .. }
            | Condition::SendFailing
            | Condition::Stalled
            | Condition::Withheld(_)
            | Condition::PreemptionHeld { .. }
            | Condition::Unrelieved => false,
        });
    }

    /// Whether a checksum form is not the one we send; with [`Checksum::Auto`], not the one that was heard before.
    fn sends_other_form(&self, by: IpAddr, coverage: Coverage) -> bool {
        let nothing_to_follow = self.config.checksum == Checksum::Auto && self.heard_coverage.is_none();
        let form_matters = self.config.version == Version::V3 && by.is_ipv4();
        form_matters && !nothing_to_follow && coverage != self.coverage()
    }

    /// A discarded packet that only another speaker for this virtual router can have sent is a condition.
    pub(super) fn note_rejected(&mut self, now: Instant, by: IpAddr, reject: Reject, out: &mut Outputs) {
        if reject == Reject::Own {
            self.conditions.raise(now, Condition::DuplicateSource { address: by }, out);
        } else if self.state.name() == Name::Active && reject.contests() {
            let reason = Contest::Discarded(reject);
            self.conditions.raise(now, Condition::Contested { by, reason }, out);
        }
    }

    /// Ends the conditions of which there was no new evidence for a whole `Active_Down_Interval`.
    pub(super) fn expire_conditions(&mut self, now: Instant, out: &mut Outputs) {
        if self.conditions.is_empty() {
            return;
        }
        let interval = self.down_interval(self.config.interval);
        let degraded = self.degraded();
        self.conditions.clear(out, |condition, seen| match condition {
            Condition::Contested { .. }
            | Condition::TwoOwners { .. }
            | Condition::DuplicateSource { .. }
            | Condition::Stalled => seen + interval <= now,
            Condition::PreemptionHeld { hold_off } => seen + *hold_off <= now,
            Condition::Unrelieved => !degraded && seen + interval <= now,
            Condition::Withheld(_)
            | Condition::IntervalDiffers { .. }
            | Condition::AddressesDiffer { .. }
            | Condition::ChecksumDiffers { .. }
            | Condition::SendFailing => false,
        });
    }

    /// Ends what cannot hold in the state just entered: only an Active router is contested, and in Initialize, where
    /// nothing is heard, there is no evidence of anybody.
    pub(super) fn settle_conditions(&mut self, out: &mut Outputs) {
        if self.conditions.is_empty() {
            return;
        }
        let deaf = self.state.name() == Name::Initialize;
        self.conditions.clear(out, |condition, _| match condition {
            Condition::Contested { .. } | Condition::Unrelieved => true,
            Condition::Withheld(_)
            | Condition::TwoOwners { .. }
            | Condition::DuplicateSource { .. }
            | Condition::Stalled => deaf,
            Condition::IntervalDiffers { .. }
            | Condition::AddressesDiffer { .. }
            | Condition::ChecksumDiffers { .. }
            | Condition::PreemptionHeld { .. }
            | Condition::SendFailing => false,
        });
    }
}
