use vrrp_wire::Priority;

use super::heard;
use crate::state::{Active, Purpose, State};
use crate::timers::{ASK_AGAIN, HAND_OVER_MARGIN, LINGER, LONGEST_LINGER};
use crate::{
    Backup, Cause, Condition, Drain, Heard, Ineligible, Input, Instant, Leaving, Name, Output, Outputs, Pull, Received,
    Stop, VirtualRouter, skew_time,
};

impl Leaving {
    fn hear_successor(&mut self, now: Instant, successor: Heard) {
        if self.successor.is_none() {
            let linger = if self.announced { LINGER } else { LONGEST_LINGER };
            self.successor = Some(successor);
            self.repeat = None;
            self.until = self.until.min(now + linger);
        }
    }

    fn hear_announcements(&mut self, now: Instant, announced: bool) {
        self.announced = announced;
        if announced && self.successor.is_some() {
            self.until = self.until.min(now + LINGER);
        }
    }
}

impl VirtualRouter {
    /// After our own priority 0: the addresses stay until the successor's first advertisement, and until it has
    /// announced them, for it advertises before it has them; at most for `Adver_Interval` + 100 ms. Nothing but priority 0
    /// is advertised.
    pub(super) fn in_leaving(&mut self, now: Instant, mut leaving: Leaving, input: Input, out: &mut Outputs) {
        match input {
            Input::Advertisement(received) if self.is_farewell(now, &leaving, &received) => leaving.displaced = None,
            Input::Advertisement(received) if received.priority != Priority::RELEASE => {
                leaving.hear_successor(now, heard(now, &received));
            }
            Input::Announced(announced) => leaving.hear_announcements(now, announced),
            Input::Shutdown(how) => {
                self.started = false;
                if how == Stop::Now || !self.config.habits.hand_over {
                    self.settle_drain(&leaving);
                    return self.quit(now, Cause::Stopped, out);
                }
                leaving.purpose = match leaving.purpose {
                    Purpose::Drain(how) => self.drains(how),
                    Purpose::Stop | Purpose::Degraded => Purpose::Stop,
                };
            }
            Input::Startup | Input::Resume => self.started = true,
            Input::Raise(cause) => {
                self.settle_drain(&leaving);
                return self.quit(now, Cause::Ineligible(cause), out);
            }
            Input::Timeout if now >= leaving.until => {
                return self.leave(now, leaving.purpose, leaving.successor, out);
            }
            Input::Drain(how) => leaving.purpose = self.drains(how),
            // The successor was heard elsewhere in the sync group.
            Input::Group(Pull::To(Name::Backup, by)) if leaving.purpose == Purpose::Degraded => {
                return self.follow(now, leaving.successor, Cause::Group(by), out);
            }
            Input::Group(Pull::To(Name::Backup, by)) if leaving.purpose != Purpose::Stop => {
                self.settle_drain(&leaving);
                return self.quit(now, Cause::Group(by), out);
            }
            Input::Timeout => {
                if leaving.repeat.is_some_and(|due| now >= due) {
                    leaving.repeat = None;
                    out.push(Output::Advertise(Priority::RELEASE));
                }
            }
            // Addresses that come only now are announced once: they are served until the successor speaks.
            Input::Claimed => out.push(Output::Announce),
            Input::Advertisement(_)
            | Input::Rejected(..)
            | Input::Clear(_)
            | Input::Source(_)
            | Input::Released
            | Input::SendFailing(_)
            | Input::Priority(_)
            | Input::Check(..)
            | Input::Confirmed(..)
            | Input::Proof
            | Input::Answered
            | Input::Takeover(_)
            | Input::Group(_) => {}
        }
        self.state = State::Leaving(leaving);
    }

    /// One that was drained stays out, whatever ended its hand-over.
    fn settle_drain(&mut self, leaving: &Leaving) {
        if matches!(leaving.purpose, Purpose::Drain(_)) {
            self.raise(Ineligible::Drained);
        }
    }

    /// The drain is taken back while it hands over: it stays, as whatever it is by then.
    pub(super) fn undrain(&mut self) {
        if let State::Leaving(leaving) = &mut self.state
            && matches!(leaving.purpose, Purpose::Drain(_))
        {
            leaving.purpose = if self.started { Purpose::Degraded } else { Purpose::Stop };
        }
    }

    /// What a drain makes of a hand-over: one that was told to stop leaves whether it is relieved or not, and stays out when
    /// it is started again.
    const fn drains(&self, how: Drain) -> Purpose {
        Purpose::Drain(if self.started { how } else { Drain::Force })
    }

    /// Whether this is the last lower advertisement of a router that was preempted a moment ago. It can have heard our
    /// priority 0, but has not waited out its `Skew_Time` (three quarters of it: some count it in whole centiseconds).
    fn is_farewell(&self, now: Instant, leaving: &Leaving, received: &Received) -> bool {
        let config = &self.config;
        let skew = skew_time(config.version, received.priority, config.interval) * 3 / 4;
        let unheard = leaving.successor.is_none() && leaving.displaced == Some(received.source);
        unheard && now + config.interval.duration() + HAND_OVER_MARGIN < leaving.until + skew
    }

    /// Ends the hand-over at its bound, or after the successor has spoken.
    pub(super) fn leave(&mut self, now: Instant, purpose: Purpose, successor: Option<Heard>, out: &mut Outputs) {
        let why = successor.map_or(Cause::NobodyTookOver, |to| Cause::HandedOver { to });
        match (purpose, successor) {
            (Purpose::Stop, None) if !self.config.habits.hand_over => self.quit(now, Cause::Stopped, out),
            (Purpose::Stop, _) => self.quit(now, why, out),
            (Purpose::Drain(Drain::Force), _) | (Purpose::Drain(_), Some(_)) => {
                self.raise(Ineligible::Drained);
                self.quit(now, successor.map_or(Cause::Ineligible(Ineligible::Drained), |_| why), out);
            }
            (Purpose::Degraded, Some(_)) => self.follow(now, successor, why, out),
            // Strict: the addresses are let go with the priority 0, and whoever is left claims them again.
            (Purpose::Degraded, None) if !self.config.habits.hand_over => {
                out.push(Output::Release);
                self.become_backup(now, why, out);
            }
            (Purpose::Degraded | Purpose::Drain(_), None) => self.serve_on(now, purpose, out),
        }
    }

    /// Releases, and leaves for good; one that was started again meanwhile begins anew.
    fn quit(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        out.push(Output::Release);
        self.become_initialize(now, why, out);
        if self.started {
            self.begin(now, Cause::Started, out);
        }
    }

    /// Becomes the successor's Backup.
    fn follow(&mut self, now: Instant, successor: Option<Heard>, why: Cause, out: &mut Outputs) {
        let interval = self.config.interval;
        out.push(Output::Release);
        out.push(Output::Moved { from: Name::Active, to: Name::Backup, why });
        self.state = State::Backup(Backup {
            active: successor,
            peak: successor.map(|successor| successor.priority),
            ..Backup::waiting(now + self.down_interval(interval), interval)
        });
        self.settle_conditions(out);
    }

    /// Nobody took over: takes the promise to leave back, and advertises again.
    fn serve_on(&mut self, now: Instant, purpose: Purpose, out: &mut Outputs) {
        let mut active = Active::again(now, self.config.interval.duration());
        active.asks_again = (purpose == Purpose::Degraded).then(|| now + ASK_AGAIN);
        out.push(Output::Advertise(self.priority));
        self.announce(now, &mut active, out);
        self.state = State::Active(active);
        // One that recovered meanwhile, or only went along with its sync group, has nothing to be relieved of.
        if purpose != Purpose::Degraded || self.degraded() {
            self.conditions.raise(now, Condition::Unrelieved, out);
        }
    }
}
