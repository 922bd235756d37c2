use crate::{Cause, Ineligible, Input, Instant, Output, Outputs, VirtualRouter};

impl VirtualRouter {
    /// RFC 9568 §6.4.1. Nothing that is received counts here.
    pub(super) fn in_initialize(&mut self, now: Instant, input: Input, out: &mut Outputs) {
        match input {
            Input::Startup => {
                self.started = true;
                self.begin(now, Cause::Started, out);
            }
            Input::Resume => {
                self.started = true;
                // It was well a moment ago: that a check has no result yet stops nothing that runs.
                self.causes.retain(|cause| !matches!(cause, Ineligible::CheckPending(_)));
                if self.causes.is_empty() {
                    self.become_active(now, Cause::Resumed, None, out);
                } else {
                    // The addresses of the previous life are in place, and nobody else will take them away.
                    out.push(Output::Release);
                }
            }
            Input::Clear(cause) => {
                if self.started {
                    self.begin(now, Cause::Recovered(cause), out);
                }
            }
            Input::Shutdown(_) => self.started = false,
            Input::Proof => self.carrier_rose = false,
            Input::Drain(_) => self.take(now, Input::Raise(Ineligible::Drained), out),
            Input::Timeout
            | Input::Advertisement(_)
            | Input::Rejected(..)
            | Input::Raise(_)
            | Input::Source(_)
            | Input::Claimed
            | Input::Released
            | Input::SendFailing(_)
            | Input::Priority(_)
            | Input::Check(..)
            | Input::Confirmed(..)
            | Input::Answered
            | Input::Announced(_)
            | Input::Takeover(_)
            | Input::Group(_) => {}
        }
    }

    /// Leaves Initialize if nothing stands against it: the owner to Active, every other to Backup.
    pub(super) fn begin(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        if !self.causes.is_empty() {
            return;
        }
        if self.config.is_owner() && self.verdicts.unmet(&self.config).is_none() {
            self.become_active(now, Cause::Owner, None, out);
        } else {
            self.become_backup(now, why, out);
        }
    }
}
