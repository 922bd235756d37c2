use vrrp_wire::Priority;

use super::heard;
use crate::state::{Announcing, Answer, Purpose, State};
use crate::timers::{ANNOUNCE_LEAD, HAND_OVER_MARGIN, RELEASE_GRACE, RELEASE_REPEAT};
use crate::{
    Active, Backup, Cause, Condition, Contest, Drain, Input, Instant, Leaving, Name, OnDegraded, Output, Outputs, Pull,
    Received, Stop, VirtualRouter,
};

impl VirtualRouter {
    /// RFC 9568 §6.4.3.
    pub(super) fn in_active(&mut self, now: Instant, mut active: Active, input: Input, out: &mut Outputs) {
        match input {
            Input::Shutdown(how) => return self.active_shuts_down(now, &active, how, out),
            Input::Raise(cause) => {
                out.push(Output::Advertise(Priority::RELEASE));
                out.push(Output::Release);
                return self.become_initialize(now, Cause::Ineligible(cause), out);
            }
            Input::Timeout if self.asks_again(now, &active) => {
                return self.hand_over(now, &active, Purpose::Degraded, out);
            }
            Input::Timeout => self.active_times_out(now, &mut active, out),
            Input::Advertisement(received) if received.priority == Priority::RELEASE => {
                let answer = Answer { advertise: true, announce: false };
                self.assert(now, &mut active, answer, out);
            }
            Input::Advertisement(received) => {
                if let Some(why) = self.yields(now, &received, out) {
                    return self.active_yields(now, &received, why, out);
                }
                // What is preempted does not know of it yet.
                if !active.unspoken {
                    self.active_hears_lower(now, &mut active, &received, out);
                }
            }
            Input::Rejected(by, reject) => self.note_rejected(now, by, reject, out),
            Input::Claimed => {
                if active.unspoken {
                    active.adver_timer = active.adver_timer.min(now + ANNOUNCE_LEAD);
                }
                active.claimed = true;
                active.announcing = Some(Announcing::claim(now));
                self.announce(now, &mut active, out);
            }
            Input::SendFailing(_) => {
                active.announcing = Some(Announcing::claim(now));
                self.announce(now, &mut active, out);
            }
            Input::Drain(how) => return self.hand_over(now, &active, Purpose::Drain(how), out),
            Input::Group(Pull::HandOver(_)) => return self.hand_over(now, &active, Purpose::Degraded, out),
            Input::Group(Pull::To(Name::Backup, by)) => {
                self.overruled = Some(now);
                return self.step_down(now, None, Cause::Group(by), out);
            }
            Input::Startup
            | Input::Resume
            | Input::Clear(_)
            | Input::Source(_)
            | Input::Released
            | Input::Priority(_)
            | Input::Check(..)
            | Input::Confirmed(..)
            | Input::Proof
            | Input::Answered
            | Input::Announced(_)
            | Input::Takeover(_)
            | Input::Group(_) => {}
        }
        self.state = State::Active(active);
    }

    /// Whether a router that nobody relieved tries to hand over once more, at the time of an advertisement.
    fn asks_again(&self, now: Instant, active: &Active) -> bool {
        let due = active.asks_again.is_some_and(|at| now >= at) && now >= active.adver_timer;
        due && self.degraded() && self.config.on_degraded == OnDegraded::Resign
    }

    /// When an assertion that was held back goes out.
    pub(super) fn owed_at(&self, active: &Active) -> Option<Instant> {
        active.owed.map(|_| active.assertions.next(self.config.interval))
    }

    /// Advertisements first, announcements after. `Adver_Timer` is re-armed from when it was due, so that the
    /// interval does not drift; intervals missed in a stall are not made up for.
    fn active_times_out(&mut self, now: Instant, active: &mut Active, out: &mut Outputs) {
        let interval = self.config.interval.duration();
        if now >= active.adver_timer && core::mem::take(&mut active.unspoken) {
            active.adver_timer = now + interval;
            out.push(Output::Advertise(self.priority));
        } else if now >= active.adver_timer {
            let stalled = self.stood_still(now, active);
            let due = active.adver_timer + interval;
            let due = if core::mem::replace(&mut active.in_slot, true) { due } else { self.last_in_slot(due) };
            active.adver_timer = if due > now { due } else { now + interval };
            out.push(Output::Advertise(self.priority));
            let owed = active.owed.take().is_some_and(|owed| owed.announce);
            if core::mem::replace(&mut active.asserted, owed) || owed {
                active.announcing = Some(Announcing::lower_priority(now));
            }
            if stalled {
                self.make_good(now, active, out);
            }
            active.displaced = None;
            self.expire_conditions(now, out);
        }
        if let Some(owed) = active.owed
            && self.owed_at(active).is_some_and(|due| now >= due)
        {
            self.assert(now, active, owed, out);
        }
        self.announce(now, active, out);
    }

    /// Whether `Adver_Timer` is overdue by so much that a Backup must have taken over.
    fn stood_still(&self, now: Instant, active: &Active) -> bool {
        now.since(active.adver_timer) >= self.down_interval(self.config.interval)
    }

    /// Whoever took over while this host stood still may be gone again, and the LAN may still believe in it.
    fn make_good(&mut self, now: Instant, active: &mut Active, out: &mut Outputs) {
        self.conditions.raise(now, Condition::Stalled, out);
        active.announcing = Some(Announcing::claim(now));
    }

    /// Before `Adver_Timer` is set anew by anything but its own firing: a stall is not to be missed for it.
    pub(super) fn note_stall(&mut self, now: Instant, active: &mut Active, out: &mut Outputs) {
        if !active.unspoken && self.stood_still(now, active) {
            self.make_good(now, active, out);
        }
    }

    /// Answers a lower-priority or priority-0 advertisement: at once while the bucket lasts, else as soon as it refills.
    pub(super) fn assert(&mut self, now: Instant, active: &mut Active, answer: Answer, out: &mut Outputs) {
        let interval = self.config.interval;
        let answer = answer.and(active.owed.take());
        if self.config.habits.limit_assertions && !active.assertions.take(now, interval) {
            active.owed = Some(answer);
            return;
        }
        if answer.advertise {
            self.note_stall(now, active, out);
            active.adver_timer = now + interval.duration();
            out.push(Output::Advertise(self.priority));
        }
        if answer.announce {
            active.asserted = true;
            active.announcing = Some(Announcing::lower_priority(now));
            self.announce(now, active, out);
        }
    }

    /// Another router claims with a worse right: assert, and announce the addresses again, for its own
    /// announcements may have moved the LAN to it.
    fn active_hears_lower(&mut self, now: Instant, active: &mut Active, received: &Received, out: &mut Outputs) {
        let reason = if received.priority < self.priority {
            Contest::Lower(received.priority)
        } else if self.is_less_than(received) {
            Contest::Undecided(received.priority)
        } else {
            Contest::LowerAddress(received.priority)
        };
        // Two that answer each other at once, and neither of which may yield, would never end.
        let undecided = matches!(reason, Contest::Undecided(_));
        let answer = Answer {
            advertise: !self.config.habits.lower_prio_no_advert && !undecided,
            announce: self.config.announce.lower_prio_repeat > 0,
        };
        self.assert(now, active, answer, out);
        if active.displaced == Some(received.source) {
            active.displaced = None;
            return;
        }
        self.conditions.raise(now, Condition::Contested { by: received.source, reason }, out);
    }

    /// Makes the round of announcements that is due, once the kernel has an address to announce.
    pub(super) fn announce(&self, now: Instant, active: &mut Active, out: &mut Outputs) {
        let Some(announcing) = active.announcing else {
            return;
        };
        if active.announces_at().is_none_or(|due| now < due) {
            return;
        }
        out.push(Output::Announce);
        let jitter = self.config.announce.refresh.saturating_mul(u32::from(self.hash())) / (8 * 65_536);
        active.announcing = announcing.not_before(now).next(&self.config.announce, jitter);
    }

    /// Whether the sender has the better right: a higher priority, or an equal one and the greater address.
    fn yields(&mut self, now: Instant, received: &Received, out: &mut Outputs) -> Option<Cause> {
        let by = heard(now, received);
        if received.priority == Priority::OWNER && self.priority == Priority::OWNER {
            self.conditions.raise(now, Condition::TwoOwners { by: received.source }, out);
        }
        if received.priority > self.priority {
            return Some(Cause::Higher { by });
        }
        let ties = received.priority == self.priority;
        (ties && self.is_less_than(received) && self.breaks_ties).then_some(Cause::Tie { by })
    }

    /// Whether the sender has the greater address, which decides between equal priorities (RFC 9568 §6.4.3).
    fn is_less_than(&self, received: &Received) -> bool {
        self.source.is_some_and(|own| received.source > own)
    }

    /// Steps down for a better router; that its own checks made it the worse one is its own fault.
    fn active_yields(&mut self, now: Instant, received: &Received, why: Cause, out: &mut Outputs) {
        if self.degraded() {
            self.fail(now, out);
        }
        self.step_down(now, Some(received), why, out);
    }

    /// Steps down. The better router may not know of us and so would not announce again: one last advertisement of
    /// ours, once the addresses are gone, tells it.
    pub(super) fn step_down(&mut self, now: Instant, better: Option<&Received>, why: Cause, out: &mut Outputs) {
        if self.config.habits.higher_prio_send_advert {
            out.push(Output::Advertise(self.priority));
        }
        let last_lower = self.config.habits.last_lower_advertisement && !self.config.habits.higher_prio_send_advert;
        let theirs = better.map_or(self.config.interval, |better| better.interval);
        let active_adver_interval = self.adopted(theirs);
        out.push(Output::Release);
        out.push(Output::Moved { from: Name::Active, to: Name::Backup, why });
        self.state = State::Backup(Backup {
            active: better.map(|better| heard(now, better)),
            peak: better.map(|better| better.priority),
            farewell: last_lower.then(|| now + RELEASE_GRACE),
            ..Backup::waiting(now + self.down_interval(active_adver_interval), active_adver_interval)
        });
        self.settle_conditions(out);
    }

    /// RFC 9568 §6.4.3: priority 0. Held until the successor speaks, unless told to go at once.
    fn active_shuts_down(&mut self, now: Instant, active: &Active, how: Stop, out: &mut Outputs) {
        self.started = false;
        if how == Stop::Now {
            out.push(Output::Advertise(Priority::RELEASE));
            out.push(Output::Release);
            return self.become_initialize(now, Cause::Stopped, out);
        }
        self.hand_over(now, active, Purpose::Stop, out);
    }

    /// Priority 0 once, and again a moment later; the addresses stay until the successor speaks, unless strict.
    pub(super) fn hand_over(&mut self, now: Instant, active: &Active, purpose: Purpose, out: &mut Outputs) {
        out.push(Output::Advertise(Priority::RELEASE));
        // Whether a drain is relieved cannot be known without waiting, so that it waits even then.
        if !self.config.habits.hand_over && purpose != Purpose::Drain(Drain::IfRelieved) {
            return self.leave(now, purpose, None, out);
        }
        self.state = State::Leaving(Leaving {
            purpose,
            repeat: Some(now + RELEASE_REPEAT),
            until: now + self.config.interval.duration() + HAND_OVER_MARGIN,
            displaced: active.displaced,
            announced: true,
            successor: None,
        });
    }
}
