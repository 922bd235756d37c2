use vrrp_wire::Priority;

use super::heard;
use crate::state::State;
use crate::timers::LINGER;
use crate::{Cause, Input, Instant, Leaving, Output, Outputs, Stop, VirtualRouter};

impl VirtualRouter {
    /// After our own priority 0: the addresses stay until the successor's first advertisement, and a little longer, for
    /// it advertises before it has them; at most for `Adver_Interval` + 100 ms. Nothing but priority 0 is advertised.
    pub(super) fn in_leaving(&mut self, now: Instant, mut leaving: Leaving, input: Input, out: &mut Outputs) {
        match input {
            Input::Advertisement(received) if leaving.displaced == Some(received.source) => {
                // It was preempted a moment ago: this is its last lower advertisement, or its resignation.
                leaving.displaced = None;
            }
            Input::Advertisement(received) if received.priority != Priority::RELEASE => {
                if leaving.successor.is_none() {
                    leaving.successor = Some(heard(now, &received));
                    leaving.repeat = None;
                    leaving.until = leaving.until.min(now + LINGER);
                }
            }
            Input::Shutdown(how) => {
                self.started = false;
                if how == Stop::Now {
                    return self.leave(now, Cause::Stopped, out);
                }
            }
            Input::Startup | Input::Resume => self.started = true,
            Input::Raise(cause) => return self.leave(now, Cause::Ineligible(cause), out),
            Input::Timeout if now >= leaving.until => {
                let why = leaving.successor.map_or(Cause::NobodyTookOver, |to| Cause::HandedOver { to });
                return self.leave(now, why, out);
            }
            Input::Timeout => {
                if leaving.repeat.is_some_and(|due| now >= due) {
                    leaving.repeat = None;
                    out.push(Output::Advertise(Priority::RELEASE));
                }
            }
            Input::Priority(priority) => self.priority = priority,
            Input::Advertisement(_)
            | Input::Rejected(..)
            | Input::Clear(_)
            | Input::Source(_)
            | Input::Claimed
            | Input::Released
            | Input::SendFailing(_) => {}
        }
        self.state = State::Leaving(leaving);
    }

    /// Ends the hand-over; one that was started again meanwhile begins anew.
    fn leave(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        out.push(Output::Release);
        self.become_initialize(why, out);
        if self.started {
            self.begin(now, Cause::Started, out);
        }
    }
}
