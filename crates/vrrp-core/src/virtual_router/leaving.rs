use vrrp_wire::Priority;

use super::heard;
use crate::state::State;
use crate::timers::{HAND_OVER_MARGIN, LINGER};
use crate::{Cause, Input, Instant, Leaving, Output, Outputs, Received, Stop, VirtualRouter, skew_time};

impl VirtualRouter {
    /// After our own priority 0: the addresses stay until the successor's first advertisement, and a little longer, for
    /// it advertises before it has them; at most for `Adver_Interval` + 100 ms. Nothing but priority 0 is advertised.
    pub(super) fn in_leaving(&mut self, now: Instant, mut leaving: Leaving, input: Input, out: &mut Outputs) {
        match input {
            Input::Advertisement(received) if self.is_farewell(now, &leaving, &received) => leaving.displaced = None,
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

    /// Whether this is the last lower advertisement of a router that was preempted a moment ago. It can have heard our
    /// priority 0, but has not waited out its `Skew_Time` (three quarters of it: some count it in whole centiseconds).
    fn is_farewell(&self, now: Instant, leaving: &Leaving, received: &Received) -> bool {
        let config = &self.config;
        let skew = skew_time(config.version, received.priority, config.interval) * 3 / 4;
        let unheard = leaving.successor.is_none() && leaving.displaced == Some(received.source);
        unheard && now + config.interval.duration() + HAND_OVER_MARGIN < leaving.until + skew
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
