//! What faults do, what daemons do, what kernels do.

use core::time::Duration;

use vrrp_core::{Cause, Ineligible, Input, Instant, Name, Output};

use super::{CARRIER, Event, World};
use crate::Fault;
use crate::lan::{between, bit};
use crate::node::{Daemon, Order};
use crate::timeline::Entry;

impl World {
    pub(super) fn strike(&mut self, fault: Fault) {
        self.timeline.note(self.now, Entry::Fault(fault));
        self.dirty = true;
        match fault {
            Fault::Cut { segment, from, to } => self.on_segment(segment, |one| one.set(from, to, false)),
            Fault::Partition { segment, group } => self.on_segment(segment, |one| one.part(group)),
            Fault::Heal { segment } => self.on_segment(segment, super::Segment::mend),
            Fault::Noise { segment, noise } => self.on_segment(segment, |one| one.set_noise(noise)),
            Fault::Kill { router, addresses_stay } => self.kill(router, addresses_stay),
            Fault::Start { router } => self.start(router),
            Fault::Stop { router } => self.stop(router),
            Fault::Stall { router, lasts } => self.stall(router, lasts),
            Fault::Link { router, segment, up } => self.link(router, segment, up),
            Fault::Priority { router, virtual_router, priority } => {
                self.tell(router, virtual_router.into(), Input::Priority(priority));
            }
            Fault::Steal { router, virtual_router } => self.steal(router, virtual_router.into()),
        }
    }

    fn on_segment(&mut self, segment: u8, change: impl FnOnce(&mut super::Segment)) {
        if let Some(segment) = self.segments.get_mut(usize::from(segment)) {
            change(segment);
        }
    }

    fn disturb(&mut self, router: u8) {
        for watch in &mut self.watches {
            watch.disturb(self.now, router);
        }
    }

    fn kill(&mut self, router: u8, addresses_stay: bool) {
        self.disturb(router);
        if let Some(router) = self.routers.get_mut(usize::from(router)) {
            router.daemon = None;
            for kernel in router.kernel.iter_mut().filter(|_| !addresses_stay) {
                kernel.present = false;
                kernel.wanted = false;
            }
        }
    }

    fn start(&mut self, router: u8) {
        self.disturb(router);
        let (now, setup) = (self.now, &self.setup);
        let Some(one) = self.routers.get_mut(usize::from(router)) else { return };
        if let Some(daemon) = &mut one.daemon {
            if core::mem::take(&mut daemon.stopping) {
                for place in 0..daemon.ids.len() {
                    daemon.tell(place, Input::Startup);
                }
                self.wake(router);
            }
            return;
        }
        let orders = one.start(now, setup);
        self.perform(router, orders);
        self.arm(router);
    }

    fn stop(&mut self, router: u8) {
        self.disturb(router);
        if let Some(daemon) = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut()) {
            daemon.stop();
            self.wake(router);
        }
    }

    fn stall(&mut self, router: u8, lasts: Duration) {
        self.disturb(router);
        let until = self.now + lasts;
        if let Some(daemon) = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut()) {
            daemon.stalled_until = Some(until);
            self.schedule(until, Event::Wake(router));
        }
    }

    fn link(&mut self, router: u8, segment: u8, up: bool) {
        self.disturb(router);
        if let Some(one) = self.routers.get_mut(usize::from(router)) {
            if up {
                one.links_down &= !bit(segment);
            } else {
                one.links_down |= bit(segment);
            }
        }
        let known = self.now + between(&mut self.rng, CARRIER);
        self.schedule(known, Event::Carrier { router, segment, up });
    }

    /// The daemon hears of its link, unless it has changed again.
    pub(super) fn tell_carrier(&mut self, router: u8, segment: u8, up: bool) {
        let down = self.routers.get(usize::from(router)).is_none_or(|one| one.links_down & bit(segment) != 0);
        if down == up {
            return;
        }
        let fault = Ineligible::InterfaceDown(segment.into());
        let input = if up { Input::Clear(fault) } else { Input::Raise(fault) };
        for place in 0..self.setup.virtual_routers.len() {
            if self.setup.virtual_routers.get(place).is_some_and(|one| one.segment == segment) {
                self.tell(router, place, input);
            }
        }
    }

    fn steal(&mut self, router: u8, place: usize) {
        self.disturb(router);
        let kernel = self.routers.get_mut(usize::from(router)).and_then(|one| one.kernel.get_mut(place));
        let Some(kernel) = kernel.filter(|kernel| kernel.present) else { return };
        kernel.present = false;
        let takes = between(&mut self.rng, self.setup.latency.kernel);
        if kernel.wanted
            && let Some(takes) = kernel.want(true, takes)
        {
            self.schedule(self.now + takes, Event::Kernel { router, virtual_router: place });
        }
    }

    fn tell(&mut self, router: u8, place: usize, input: Input) {
        self.disturb(router);
        if let Some(daemon) = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut()) {
            daemon.tell(place, input);
            self.wake(router);
        }
    }

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

    fn arm(&mut self, router: u8) {
        let daemon = self.routers.get(usize::from(router)).and_then(|one| one.daemon.as_ref());
        if let Some(due) = daemon.and_then(Daemon::next_timeout) {
            // What is overdue after a turn is a planted bug's doing.
            if due > self.now {
                self.wake_at(router, due);
            }
        }
    }

    /// A turn of a daemon's loop.
    pub(super) fn turn(&mut self, router: u8) {
        let now = self.now;
        let Some(one) = self.routers.get_mut(usize::from(router)) else { return };
        let Some(daemon) = &mut one.daemon else { return };
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
        let orders = daemon.turn(now, router, self.saboteur.as_mut());
        self.perform(router, orders);
        let one = self.routers.get_mut(usize::from(router));
        if let Some(one) = one.filter(|one| one.daemon.as_ref().is_some_and(Daemon::is_done)) {
            one.daemon = None;
            self.dirty = true;
        }
        self.arm(router);
    }

    fn perform(&mut self, router: u8, orders: Vec<Order>) {
        for (place, order) in orders {
            let daemon = self.routers.get(usize::from(router)).and_then(|one| one.daemon.as_ref());
            let Some(&id) = daemon.and_then(|daemon| daemon.ids.get(place)) else { continue };
            if !self.saboteur.performs(self.now, router, id, order) {
                continue;
            }
            match order {
                Output::Advertise(priority) => self.advertise(router, place, priority),
                Output::Claim => self.want(router, place, true),
                Output::Release => self.want(router, place, false),
                Output::Announce => self.announce(router, place),
                Output::Moved { from, to, why } => self.note_move(router, place, (from, to, why)),
                Output::Raised(_) | Output::Cleared(_) => {}
                other => unreachable!("an order that the simulation does not know: {other:?}"),
            }
        }
    }

    fn note_move(&mut self, router: u8, place: usize, (from, to, why): (Name, Name, Cause)) {
        self.dirty = true;
        let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
        self.timeline.note(self.now, Entry::Moved { router, virtual_router, from, to, why });
        let Some(watch) = self.watches.get_mut(place) else { return };
        self.violation = self.violation.or_else(|| watch.moved(self.now, router));
        if matches!(why, Cause::Higher { .. } | Cause::Tie { .. }) {
            watch.promise(self.now, router);
        }
    }

    fn want(&mut self, router: u8, place: usize, wanted: bool) {
        let takes = between(&mut self.rng, self.setup.latency.kernel);
        let kernel = self.routers.get_mut(usize::from(router)).and_then(|one| one.kernel.get_mut(place));
        if let Some(takes) = kernel.and_then(|kernel| kernel.want(wanted, takes)) {
            self.schedule(self.now + takes, Event::Kernel { router, virtual_router: place });
        }
    }

    /// The kernel has done what is wanted by now, and says so.
    pub(super) fn kernel_is_done(&mut self, router: u8, place: usize) {
        let Some(one) = self.routers.get_mut(usize::from(router)) else { return };
        let Some(kernel) = one.kernel.get_mut(place) else { return };
        kernel.busy = false;
        let (present, wanted) = (kernel.present, kernel.wanted);
        kernel.present = wanted;
        self.dirty |= present != wanted;
        if present != wanted {
            let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
            self.timeline.note(self.now, Entry::Holds { router, virtual_router, present: wanted });
        }
        if wanted && let Some(watch) = self.watches.get_mut(place) {
            watch.promise(self.now, router);
        }
        if let Some(daemon) = &mut one.daemon {
            daemon.tell(place, if wanted { Input::Claimed } else { Input::Released });
            self.wake(router);
        }
    }
}
