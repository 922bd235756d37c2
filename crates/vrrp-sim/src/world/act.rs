//! What daemons do, what kernels do.

use core::time::Duration;

use vrrp_core::{Cause, Condition, Ineligible, Input, Instant, Name, Output, State, VirtualRouter};

use super::{Event, World};
use crate::daemon::Daemon;
use crate::invariants::Invariant;
use crate::lan::{between, bit};
use crate::router::Kernel;
use crate::setup::Make;
use crate::software::Order;
use crate::timeline::Entry;

impl World {
    /// The scheduler gets round to a daemon that has something to do.
    pub(super) fn wake(&mut self, router: u8) {
        self.wake_at(router, self.now);
    }

    fn wake_at(&mut self, router: u8, due: Instant) {
        let at = due + between(&mut self.rng, self.setup.latency.wake);
        let Some(daemon) = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut()) else {
            return;
        };
        if daemon.wakes_at.is_none_or(|wakes| wakes < self.now || at < wakes) {
            daemon.wakes_at = Some(at);
            self.schedule(at, Event::Wake(router));
        }
    }

    pub(super) fn arm(&mut self, router: u8) {
        let daemon = self.routers.get(usize::from(router)).and_then(|one| one.daemon.as_ref());
        if let Some(due) = daemon.and_then(Daemon::next_timeout) {
            // What is overdue after a turn is a planted bug's doing.
            if due > self.now {
                self.wake_at(router, due);
            }
        }
    }

    /// A turn of a daemon's loop.
    pub(super) fn turn(&mut self, number: u8) {
        let now = self.now;
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let clocks = router.clocks(now);
        let Some(daemon) = &mut router.daemon else { return };
        if daemon.stalls(now) {
            return;
        }
        if daemon.wakes_at.is_some_and(|wakes| wakes <= now) {
            daemon.wakes_at = None;
        }
        if daemon.stalled_until.take().is_some() {
            self.dirty = true;
            self.watches.iter_mut().for_each(|watch| watch.woke(now));
        }
        self.dirty |= daemon.has_news();
        let left = daemon.leaving();
        let orders = daemon.turn(clocks, number, self.saboteur.as_mut());
        self.dirty |= daemon.leaving() != left;
        if let Some(watch) = daemon.moved_for_nothing.take().and_then(|place| self.watches.get(place)) {
            self.violation = Some(watch.violation(Invariant::S5, bit(number), now, now));
        }
        if let Some(watch) = self.watches.first().filter(|_| daemon.restless) {
            self.violation = Some(watch.violation(Invariant::S9, bit(number), now, now));
        }
        self.perform(number, orders);
        self.make_good(number);
        let router = self.routers.get_mut(usize::from(number));
        if let Some(router) = router.filter(|one| one.daemon.as_ref().is_some_and(Daemon::is_done)) {
            router.daemon = None;
            self.dirty = true;
        }
        self.arm(number);
    }

    /// One of ours that stood still for so long that another must have taken over, and serves on, tells the clients so.
    fn make_good(&mut self, number: u8) {
        let Some(router) = self.routers.get_mut(usize::from(number)).filter(|one| one.make == Make::Ours) else {
            return;
        };
        let Some(daemon) = &mut router.daemon else { return };
        let Some(stood) = daemon.stalled_since.take().map(|since| self.now.since(since)) else { return };
        let serves =
            |place: &usize| matches!(daemon.software.core(*place).map(VirtualRouter::state), Some(State::Active(_)));
        let serving: Vec<usize> = (0..self.setup.virtual_routers.len()).filter(serves).collect();
        // From now on it is in a part again, and to that the promise is made.
        self.look();
        for place in serving {
            if let Some(watch) = self.watches.get_mut(place).filter(|watch| stood >= watch.bounds().stable) {
                watch.promise(self.now, number);
            }
        }
    }

    pub(super) fn perform(&mut self, router: u8, orders: Vec<Order>) {
        for (place, order) in orders {
            if !self.saboteur.performs(self.now, router, place, order) {
                continue;
            }
            match order {
                Output::Advertise(priority) => self.advertise(router, place, priority),
                Output::Claim => self.want(router, place, true),
                Output::Release => self.want(router, place, false),
                Output::Announce => self.announce(router, place),
                Output::Moved { from, to, why } => self.note_move(router, place, (from, to, why)),
                Output::Raised(condition) => {
                    let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
                    self.timeline.note(self.now, Entry::Noticed { router, virtual_router, condition });
                    if let Condition::PreemptionHeld { hold_off } = condition {
                        self.hold_off(place, hold_off);
                    }
                }
                Output::Priority { to, .. } => {
                    let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
                    self.timeline.note(self.now, Entry::Priority { router, virtual_router, to });
                }
                Output::Probe(last) => {
                    self.note_question(router, place);
                    self.ask(router, place, last);
                }
                Output::Cleared(_) => {}
                _ => unreachable!("an order that the simulation does not know: {order:?}"),
            }
        }
    }

    /// A member of a sync group that preempts nobody keeps the others from it.
    fn hold_off(&mut self, place: usize, hold_off: Duration) {
        for member in self.setup.members(place) {
            if let Some(watch) = self.watches.get_mut(member) {
                watch.held_off(self.now, hold_off);
            }
        }
    }

    fn note_move(&mut self, router: u8, place: usize, (from, to, why): (Name, Name, Cause)) {
        self.dirty = true;
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        self.timeline.note(self.now, Entry::Moved { router, virtual_router, from, to, why });
        self.judge_claim(router, place, (from, to, why));
        for member in self.setup.members(place).into_iter().filter(|_| to == Name::Active) {
            if let Some(watch) = self.watches.get_mut(member) {
                watch.heard_claiming(self.now, router);
            }
        }
        let Some(watch) = self.watches.get_mut(place) else { return };
        self.violation = self.violation.or_else(|| watch.moved(self.now, router, (from, to)));
        if matches!(why, Cause::Higher { .. } | Cause::Tie { .. }) {
            watch.promise(self.now, router);
        }
        let at_fault = matches!(why, Cause::Ineligible(cause) if cause != Ineligible::Drained);
        if to == Name::Active {
            watch.claimed(self.now, router, matches!(why, Cause::Preempting { .. }));
        } else if from == Name::Active && at_fault {
            watch.fell(self.now, router);
        }
    }

    pub(super) fn kernel_mut(&mut self, router: u8, place: usize) -> Option<&mut Kernel> {
        self.routers.get_mut(usize::from(router))?.kernel.get_mut(place)
    }

    fn want(&mut self, router: u8, place: usize, wanted: bool) {
        let takes = between(&mut self.rng, self.setup.latency.kernel);
        let config = self.routers.get(usize::from(router)).and_then(|one| one.config(place));
        let asked = config.map_or(0, |config| config.addresses.as_wire().len());
        if let Some(takes) = self.kernel_mut(router, place).and_then(|kernel| kernel.want(wanted, asked, takes)) {
            self.schedule(self.now + takes, Event::Kernel { router, place });
        }
    }

    /// The kernel has done what is wanted by now, and says so.
    pub(super) fn kernel_is_done(&mut self, router: u8, place: usize) {
        let Some(kernel) = self.kernel_mut(router, place) else { return };
        kernel.busy = false;
        let (present, wanted) = (kernel.present, kernel.wanted);
        let listed = core::mem::replace(&mut kernel.listed, kernel.asked);
        kernel.present = wanted;
        self.dirty |= present != wanted || listed != kernel.asked;
        if present != wanted {
            let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
            self.timeline.note(self.now, Entry::Holds { router, virtual_router, present: wanted });
        }
        if wanted && let Some(watch) = self.watches.get_mut(place) {
            watch.promise(self.now, router);
        }
        self.tell(router, place, if wanted { Input::Claimed } else { Input::Released });
    }
}
