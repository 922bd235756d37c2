use crate::{Cause, Input, Instant, Output, Outputs, VirtualRouter};

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
                if self.causes.is_empty() {
                    self.become_active(now, Cause::Resumed, out);
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
            Input::Priority(priority) => self.priority = priority,
            Input::Timeout
            | Input::Advertisement(_)
            | Input::Rejected(..)
            | Input::Raise(_)
            | Input::Source(_)
            | Input::Claimed
            | Input::Released
            | Input::SendFailing(_) => {}
        }
    }

    /// Leaves Initialize if nothing stands against it: the owner to Active, every other to Backup.
    pub(super) fn begin(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        if !self.causes.is_empty() {
            return;
        }
        if self.config.is_owner() {
            self.become_active(now, Cause::Owner, out);
        } else {
            self.become_backup(now, why, out);
        }
    }
}
