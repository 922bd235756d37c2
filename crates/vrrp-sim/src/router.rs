//! A router: a kernel, interfaces and clocks that outlive the daemon.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{Config, Delivery, Ineligible, Input, Instant, Output, Verdict};
use vrrp_wire::{Family, Priority};

use crate::checks::{Verdicts, verdicts};
use crate::daemon::{Clocks, Daemon};
use crate::lan::{Firewall, bit};
use crate::setup::{Make, RouterSetup, Setup, host};
use crate::software::{Order, software};

/// One router and its kernel.
#[derive(Debug)]
pub(crate) struct Router {
    pub(crate) number: u8,
    pub(crate) make: Make,
    pub(crate) daemon: Option<Daemon>,
    /// One for each virtual router.
    pub(crate) kernel: Vec<Kernel>,
    /// What the configuration file says, one for each virtual router, with its segment.
    pub(crate) configs: Vec<(u8, Config)>,
    /// One for each segment.
    pub(crate) interfaces: Vec<Interface>,
    /// How far its monotonic clock is ahead of the world's: no two hosts were booted together.
    booted: Duration,
    /// How far its wall clock is ahead of the world's.
    wall: Duration,
    /// What its checks say.
    pub(crate) checks: Verdicts,
    /// The sync groups of the setup.
    groups: Vec<Vec<u8>>,
    /// Whether its configuration file has them.
    pub(crate) grouped: bool,
    /// Whether each virtual router is drained: the file that outlives the daemon.
    pub(crate) drained: Vec<bool>,
    /// Of these, which are to be out whether somebody relieves them or not.
    pub(crate) banished: Vec<bool>,
    startup_delay: Duration,
    particular: RouterSetup,
}

/// An interface of a router.
#[derive(Debug, Clone)]
pub(crate) struct Interface {
    pub(crate) up: bool,
    pub(crate) sends: bool,
    pub(crate) has_source: bool,
    /// The host number of its own address.
    pub(crate) host: u8,
    pub(crate) firewall: Option<Firewall>,
}

/// What the kernel of a router knows about the addresses of one virtual router.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kernel {
    /// Whether they are in its table.
    pub(crate) present: bool,
    /// Whether the daemon wants them there.
    pub(crate) wanted: bool,
    /// How many of them are in its table, while any is.
    pub(crate) listed: usize,
    /// How many the daemon wants there.
    pub(crate) asked: usize,
    /// Whether it is at work.
    pub(crate) busy: bool,
    /// With which pause somebody removes them.
    pub(crate) thief: Option<Duration>,
    /// When the daemon last advertised as Active: the file that outlives it.
    pub(crate) advertised: Option<Instant>,
}

/// What a host's wall clock showed when the world began: far enough from nothing to be stepped back.
const WALL: Duration = Duration::from_secs(1_000_000_000);

impl Router {
    pub(crate) fn new(number: u8, setup: &Setup, booted: Duration) -> Self {
        let mine = setup.virtual_routers.iter();
        let configs = mine.filter_map(|one| Some((one.segment, one.configs.get(usize::from(number))?.clone())));
        let configs: Vec<(u8, Config)> = configs.collect();
        let checks = verdicts(configs.iter().map(|(_, config)| config), Verdict::Up);
        let particular = setup.particular(number);
        let interface =
            Interface { up: true, sends: true, has_source: true, host: number.wrapping_add(1), firewall: None };
        Self {
            number,
            make: setup.make(number),
            daemon: None,
            kernel: vec![Kernel::default(); setup.virtual_routers.len()],
            configs,
            interfaces: vec![interface; setup.segments().into()],
            booted,
            wall: WALL,
            checks,
            groups: particular.groups.clone().unwrap_or_else(|| setup.groups.clone()),
            grouped: true,
            drained: vec![false; setup.virtual_routers.len()],
            banished: vec![false; setup.virtual_routers.len()],
            startup_delay: setup.startup_delay(number),
            particular,
        }
    }

    /// The interface on a segment, while it works at all.
    pub(crate) fn interface(&self, segment: u8) -> Option<&Interface> {
        self.interfaces.get(usize::from(segment)).filter(|one| one.up)
    }

    pub(crate) fn interface_mut(&mut self, segment: u8) -> Option<&mut Interface> {
        self.interfaces.get_mut(usize::from(segment))
    }

    /// The address that it sends from on a segment.
    pub(crate) fn source(&self, family: Family, segment: u8) -> Option<IpAddr> {
        let interface = self.interfaces.get(usize::from(segment))?;
        Some(host(family, segment, interface.host))
    }

    /// The address that it sends from for the virtual router of a place.
    pub(crate) fn source_of(&self, place: usize) -> Option<IpAddr> {
        let own = self.particular.sources.iter().find(|(of, _)| usize::from(*of) == place);
        let (segment, config) = self.configs.get(place)?;
        own.map(|(_, address)| *address).or_else(|| self.source(config.family(), *segment))
    }

    /// Whether a packet to this address on a segment is for it.
    pub(crate) fn takes(&self, segment: u8, destination: IpAddr) -> bool {
        let mut here =
            self.configs.iter().enumerate().filter(|(place, (on, _))| *on == segment && self.takes_part(*place));
        let is_for = |(place, (_, config)): (usize, &(u8, Config))| match &config.delivery {
            Delivery::Multicast { group } if destination.is_multicast() => *group == destination,
            Delivery::Multicast { .. } | Delivery::Unicast { .. } => self.source_of(place) == Some(destination),
        };
        here.any(is_for)
    }

    /// Whether it has a part in the virtual router of a place.
    pub(crate) fn takes_part(&self, place: usize) -> bool {
        !self.particular.absent.iter().any(|absent| usize::from(*absent) == place)
    }

    /// Whether the link of its segment says nothing to the virtual router of a place.
    pub(crate) fn ignores_link(&self, place: usize) -> bool {
        self.particular.ignores_link.iter().any(|ignoring| usize::from(*ignoring) == place)
    }

    pub(crate) fn config(&self, place: usize) -> Option<&Config> {
        self.configs.get(place).map(|(_, config)| config)
    }

    pub(crate) fn clocks(&self, now: Instant) -> Clocks {
        Clocks { now, wall: now + self.wall }
    }

    pub(crate) const fn step_clock(&mut self, forward: Duration, back: Duration) {
        self.wall = self.wall.saturating_add(forward).saturating_sub(back);
    }

    /// Why nothing on a segment may serve, as the links stand.
    pub(crate) fn faults(&self, segment: u8) -> impl Iterator<Item = Ineligible> {
        let interface = self.interfaces.get(usize::from(segment));
        let down = interface.is_none_or(|one| !one.up).then_some(Ineligible::InterfaceDown(segment.into()));
        let sourceless = interface.is_none_or(|one| !one.has_source);
        down.into_iter().chain(sourceless.then_some(Ineligible::NoSourceAddress(segment.into())))
    }

    /// The sync groups that its configuration file has.
    pub(crate) fn groups(&self) -> &[Vec<u8>] {
        if self.grouped { &self.groups } else { &[] }
    }

    /// The virtual routers that move with one, itself included.
    pub(crate) fn members(&self, place: usize) -> Vec<usize> {
        let has = |group: &&Vec<u8>| group.iter().any(|member| usize::from(*member) == place);
        let group = self.groups().iter().find(has).filter(|_| self.make == Make::Ours);
        group.map_or_else(|| vec![place], |group| group.iter().map(|member| usize::from(*member)).collect())
    }

    /// Whether a daemon that is started goes on serving a virtual router where a killed one stopped.
    fn resumes(&self, now: Instant, place: usize) -> bool {
        let (Some(config), Some(kernel)) = (self.config(place), self.kernel.get(place)) else { return false };
        let patience = config.interval.duration() * 3;
        kernel.present && kernel.advertised.is_some_and(|then| now.since(then) < patience)
    }

    /// Starts the daemon: resuming what it did a moment ago, releasing what it did longer ago (decided per virtual
    /// router). The orders must be performed.
    pub(crate) fn start(&mut self, now: Instant, grouped: bool) -> Vec<Order> {
        let mut software = software(self.make, self.configs.iter().cloned());
        software.regroup(if grouped { self.groups() } else { &[] });
        let resumable = software.resumes();
        let any_resumes = resumable && (0..self.configs.len()).any(|place| self.resumes(now, place));
        let delayed = !self.startup_delay.is_zero() && !any_resumes;
        let verdicts = verdicts(self.configs.iter().map(|(_, config)| config), Verdict::Unknown);
        let bases = self.configs.iter().map(|(_, config)| config.priority).collect();
        let mut daemon = Daemon::new(now, software, bases, verdicts, self.booted);
        let mut orders = Vec::new();
        for (place, (segment, _)) in self.configs.iter().enumerate().filter(|(place, _)| self.takes_part(*place)) {
            let resumes = resumable && self.resumes(now, place);
            if !resumes {
                orders.push((place, Output::Release));
            }
            let source = self.source_of(place).map(Input::Source);
            let faults = self.faults(*segment).filter(|_| !self.ignores_link(place)).map(Input::Raise);
            let drained = self.drained.get(place).is_some_and(|drained| *drained).then_some(Ineligible::Drained);
            let held = delayed.then_some(Ineligible::StartupDelay).into_iter().chain(drained).map(Input::Raise);
            let begin = if resumes { Input::Resume } else { Input::Startup };
            for input in source.into_iter().chain(faults).chain(held).chain([begin]) {
                orders.extend(daemon.handle(now, place, input));
            }
        }
        daemon.delayed_until = delayed.then(|| now + self.startup_delay);
        self.daemon = Some(daemon);
        orders
    }

    /// Its daemon, unless it stands still.
    pub(crate) fn running(&self, now: Instant) -> Option<&Daemon> {
        self.daemon.as_ref().filter(|daemon| !daemon.stalls(now))
    }

    pub(crate) const fn bit(&self) -> u16 {
        bit(self.number)
    }
}

impl Kernel {
    /// How long the kernel takes, if it has to begin.
    pub(crate) const fn want(&mut self, wanted: bool, asked: usize, takes: Duration) -> Option<Duration> {
        (self.wanted, self.asked) = (wanted, asked);
        if self.busy {
            return None;
        }
        self.busy = true;
        Some(takes)
    }

    /// Notes an advertisement sent: priority 0 says that nothing is to be resumed.
    pub(crate) fn note_advertised(&mut self, now: Instant, priority: Priority) {
        self.advertised = (priority != Priority::RELEASE).then_some(now);
    }
}
