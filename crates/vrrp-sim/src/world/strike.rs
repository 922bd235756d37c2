//! What faults do.

use core::time::Duration;

use vrrp_core::{AddressList, Config, Ineligible, Input, Instant};
use vrrp_wire::{Family, Priority};

use super::{CARRIER, Event, World};
use crate::daemon::Reload;
use crate::faults::{Change, Fault, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
use crate::lan::{Firewall, between};
use crate::router::Router;
use crate::setup::{Make, host, mac};
use crate::timeline::Entry;

/// The host number of the first virtual address of the virtual router of an index.
const VIRTUAL: u8 = 100;

impl World {
    pub(super) fn strike(&mut self, fault: Fault) {
        self.timeline.note(self.now, Entry::Fault(fault));
        self.dirty = true;
        let router = match fault {
            Fault::Segment(..) => None,
            Fault::Router(router, _) | Fault::Interface(router, ..) | Fault::VirtualRouter(router, ..) => Some(router),
        };
        // What is to be discarded is nothing that happens.
        let harmless = matches!(fault, Fault::Segment(_, SegmentFault::Forge(_)));
        for watch in self.watches.iter_mut().filter(|_| !harmless) {
            watch.struck(self.now, router);
        }
        match fault {
            Fault::Segment(segment, what) => self.strike_segment(segment, what),
            Fault::Router(router, what) => self.strike_router(router, what),
            Fault::Interface(router, segment, what) => self.strike_interface(router, segment, what),
            Fault::VirtualRouter(router, place, what) => self.strike_virtual_router(router, place.into(), what),
        }
    }

    fn strike_segment(&mut self, segment: u8, what: SegmentFault) {
        if let SegmentFault::Forge(what) = what {
            return self.forge(segment, what);
        }
        let now = self.now;
        let Some(one) = self.segments.get_mut(usize::from(segment)) else { return };
        match what {
            SegmentFault::Cut(from, to) => one.cut(from, to),
            SegmentFault::Partition(group) => one.part(group),
            SegmentFault::Heal => one.mend(),
            SegmentFault::Noise(from, to, noise) => one.set_noise(from, to, noise),
            SegmentFault::Snoop(station) => one.snooped |= crate::lan::bit(station),
            SegmentFault::Flush => one.table.flush(),
            SegmentFault::Spoof(whose, port) => one.table.learn(now, mac(segment, whose), port),
            SegmentFault::Forge(_) => {}
        }
    }

    fn strike_router(&mut self, number: u8, what: RouterFault) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        match what {
            RouterFault::Kill => router.daemon = None,
            RouterFault::PowerOff => {
                router.daemon = None;
                for kernel in &mut router.kernel {
                    kernel.present = false;
                    kernel.wanted = false;
                }
            }
            RouterFault::Start => self.start(number),
            RouterFault::Stop => {
                if let Some(daemon) = &mut router.daemon {
                    daemon.stop();
                    self.wake(number);
                }
            }
            RouterFault::Stall(lasts) => {
                if let Some(daemon) = &mut router.daemon {
                    let until = self.now + lasts;
                    daemon.stalled_until = Some(until);
                    daemon.stalled_since = daemon.stalled_since.or(Some(self.now));
                    self.schedule(until, Event::Wake(number));
                }
            }
            RouterFault::ClockForward(by) => router.step_clock(by, Duration::ZERO),
            RouterFault::ClockBack(by) => router.step_clock(Duration::ZERO, by),
            RouterFault::Check(check, verdict) => self.strike_check(number, check, verdict),
            RouterFault::Grouped(grouped) => self.strike_groups(number, grouped),
        }
    }

    fn strike_interface(&mut self, number: u8, segment: u8, what: InterfaceFault) {
        let router = self.routers.get_mut(usize::from(number));
        let Some(interface) = router.and_then(|router| router.interface_mut(segment)) else { return };
        match what {
            InterfaceFault::Link(up) => {
                interface.up = up;
                if let Some(one) = self.segments.get_mut(usize::from(segment)).filter(|_| !up) {
                    one.table.forget_port(number);
                }
                let fault = Ineligible::InterfaceDown(segment.into());
                self.news_of_interface(number, segment, fault, !up);
            }
            InterfaceFault::Sends(works) => interface.sends = works,
            InterfaceFault::Source(present) => {
                interface.has_source = present;
                let fault = Ineligible::NoSourceAddress(segment.into());
                self.news_of_interface(number, segment, fault, !present);
            }
            InterfaceFault::Renumber(host) => {
                interface.host = host;
                self.news_of_source(number, segment);
            }
            InterfaceFault::Firewall(memory) => interface.firewall = memory.map(Firewall::new),
        }
    }

    /// The daemon hears of its interface a moment later.
    fn news_of_interface(&mut self, router: u8, segment: u8, fault: Ineligible, began: bool) {
        let known = self.now + between(&mut self.rng, CARRIER);
        self.schedule(known, Event::Interface { router, segment, fault, began });
    }

    /// It hears of the new address at once: what it sends meanwhile would come from nowhere.
    fn news_of_source(&mut self, number: u8, segment: u8) {
        let Some(router) = self.routers.get(usize::from(number)) else { return };
        let on_segment = |(place, (on, _)): (usize, &(u8, Config))| {
            (*on == segment).then(|| Some((place, router.source_of(place)?))).flatten()
        };
        let sources: Vec<_> = router.configs.iter().enumerate().filter_map(on_segment).collect();
        for (place, source) in sources {
            self.tell(number, place, Input::Source(source));
        }
    }

    /// The news reaches the daemon, unless it has changed again.
    pub(super) fn tell_interface(&mut self, number: u8, segment: u8, fault: Ineligible, began: bool) {
        let Some(router) = self.routers.get(usize::from(number)) else { return };
        if router.faults(segment).any(|other| other == fault) != began {
            return;
        }
        let heeds = |place: &usize| !router.ignores_link(*place);
        let places: Vec<usize> = (0..self.setup.virtual_routers.len()).filter(heeds).collect();
        for place in places {
            if self.segment_of(place) == Some(segment) {
                self.tell(number, place, if began { Input::Raise(fault) } else { Input::Clear(fault) });
            }
        }
    }

    fn strike_virtual_router(&mut self, router: u8, place: usize, what: VirtualRouterFault) {
        match what {
            VirtualRouterFault::Priority(priority) => {
                self.rebase(router, place, priority);
                self.tell(router, place, Input::Priority(priority));
            }
            VirtualRouterFault::Steal => self.steal(router, place),
            VirtualRouterFault::Thief(pause) => {
                let kernel = self.kernel_mut(router, place);
                let had = kernel.and_then(|kernel| core::mem::replace(&mut kernel.thief, pause));
                if had.is_none() && pause.is_some() {
                    self.thieve(router, place);
                }
            }
            VirtualRouterFault::Reload(change) => self.reload(router, place, change),
            VirtualRouterFault::Drain(how) => self.drain(router, place, Some(how)),
            VirtualRouterFault::Undrain => self.drain(router, place, None),
            VirtualRouterFault::Takeover(priority) => self.take_over(router, place, priority),
        }
    }

    /// Somebody removes the addresses again.
    pub(super) fn thieve(&mut self, router: u8, place: usize) {
        let pause = self.kernel_mut(router, place).and_then(|kernel| kernel.thief);
        if let Some(pause) = pause {
            self.watches.iter_mut().for_each(|watch| watch.struck(self.now, Some(router)));
            self.steal(router, place);
            self.schedule(self.now + pause.max(Duration::from_millis(1)), Event::Thief { router, place });
        }
    }

    fn steal(&mut self, router: u8, place: usize) {
        let takes = between(&mut self.rng, self.setup.latency.kernel);
        // Those of FRR are on a device of their own.
        let Some(one) = self.routers.get_mut(usize::from(router)).filter(|one| one.make != Make::Frr) else { return };
        let Some(kernel) = one.kernel.get_mut(place).filter(|kernel| kernel.present) else { return };
        kernel.present = false;
        self.dirty = true;
        let Some(daemon) = &mut one.daemon else { return };
        if !daemon.software.restores() {
            daemon.tell_robbed(place);
            self.wake(router);
        } else if kernel.wanted
            && let Some(takes) = kernel.want(true, kernel.asked, takes)
        {
            self.schedule(self.now + takes, Event::Kernel { router, place });
        }
    }

    /// The priority before checks, of a daemon that runs, is this from now on.
    fn rebase(&mut self, router: u8, place: usize, priority: Priority) {
        let daemon = self.routers.get_mut(usize::from(router)).and_then(|one| one.daemon.as_mut());
        if let Some(base) = daemon.and_then(|daemon| daemon.bases.get_mut(place)) {
            *base = priority;
        }
    }

    /// Writes the new configuration down, and has the daemon read it.
    fn reload(&mut self, number: u8, place: usize, change: Change) {
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let Some((segment, config)) = router.configs.get_mut(place) else { return };
        let before = (config.priority, config.vrid);
        match change {
            Change::Nothing => {}
            Change::Priority(priority) => config.priority = priority,
            Change::Interval(interval) => config.interval = interval,
            Change::Addresses(number) => config.addresses = addresses(config.family(), *segment, place, number),
            Change::Vrid(vrid) => config.vrid = vrid,
        }
        let (config, rebased) = (config.clone(), config.priority != before.0 || config.vrid != before.1);
        if rebased {
            self.rebase(number, place, config.priority);
        }
        for member in self.setup.members(place) {
            if let Some(watch) = self.watches.get_mut(member) {
                watch.reconfigured(&config);
            }
        }
        let unchanged = change == Change::Nothing;
        let restarts = unchanged && self.saboteur.restarts_on_reload(self.now, number);
        if let Some(daemon) = self.routers.get_mut(usize::from(number)).and_then(|router| router.daemon.as_mut()) {
            daemon.tell_reload(Reload { place, config, unchanged, restarts });
            self.wake(number);
        }
    }

    pub(super) fn tell(&mut self, router: u8, place: usize, input: Input) {
        let router_of = self.routers.get_mut(usize::from(router)).filter(|one| one.takes_part(place));
        if let Some(daemon) = router_of.and_then(|one| one.daemon.as_mut()) {
            daemon.tell(place, input);
            self.wake(router);
        }
    }

    fn start(&mut self, number: u8) {
        let now: Instant = self.now;
        let Some(router) = self.routers.get_mut(usize::from(number)) else { return };
        let places: Vec<usize> = (0..router.configs.len()).filter(|place| router.takes_part(*place)).collect();
        if let Some(daemon) = &mut router.daemon {
            if core::mem::take(&mut daemon.stopping) {
                for place in places {
                    // What the file says is put in force with every start.
                    if router.drained.get(place) == Some(&true) {
                        daemon.tell(place, Input::Raise(Ineligible::Drained));
                    }
                    daemon.tell(place, Input::Startup);
                }
                self.wake(number);
            }
            return;
        }
        let orders = Router::start(router, now, self.saboteur.groups(number));
        self.perform(number, orders);
        self.arm(number);
        self.begin_checks(number);
        if !self.setup.groups.is_empty() {
            self.wake(number);
        }
    }
}

/// The first `number` addresses of the virtual router at `place`.
pub(crate) fn addresses(family: Family, segment: u8, place: usize, number: u8) -> AddressList {
    let place = u8::try_from(place).unwrap_or(0);
    // Those beyond the first lie apart from every host number and from the first of another virtual router.
    let address = |nth: u8| if nth == 0 { VIRTUAL + place } else { VIRTUAL + 10 + place * 40 + nth };
    AddressList::of(family, (0..number.clamp(1, 40)).map(|nth| host(family, segment, address(nth))))
}
