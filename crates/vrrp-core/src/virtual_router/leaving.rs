use vrrp_wire::Priority;

use super::heard;
use crate::state::State;
use crate::{Cause, Input, Instant, Leaving, Output, Outputs, Stop, VirtualRouter};

impl VirtualRouter {
    /// After our own priority 0: the addresses stay until the successor's first advertisement, for at most
    /// `Adver_Interval` + 100 ms. Nothing but priority 0 is advertised.
    pub(super) fn in_leaving(&mut self, now: Instant, mut leaving: Leaving, input: Input, out: &mut Outputs) {
        match input {
            Input::Advertisement(received) if received.priority != Priority::RELEASE => {
                let to = heard(now, &received);
                return self.leave(Cause::HandedOver { to }, out);
            }
            Input::Shutdown(Stop::Now) => return self.leave(Cause::Stopped, out),
            Input::Raise(cause) => return self.leave(Cause::Ineligible(cause), out),
            Input::Timeout if now >= leaving.until => {
                return self.leave(Cause::NobodyTookOver, out);
            }
            Input::Timeout => {
                if leaving.repeat.is_some_and(|due| now >= due) {
                    leaving.repeat = None;
                    out.push(Output::Advertise(Priority::RELEASE));
                }
            }
            Input::Priority(priority) => self.priority = priority,
            Input::Advertisement(_)
            | Input::Shutdown(Stop::HandOver)
            | Input::Rejected(..)
            | Input::Startup
            | Input::Resume
            | Input::Clear(_)
            | Input::Source(_)
            | Input::Claimed
            | Input::Released
            | Input::SendFailing(_) => {}
        }
        self.state = State::Leaving(leaving);
    }

    fn leave(&mut self, why: Cause, out: &mut Outputs) {
        out.push(Output::Release);
        self.become_initialize(why, out);
    }
}
