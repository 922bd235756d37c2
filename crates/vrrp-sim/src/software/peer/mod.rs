//! Models of keepalived and FRR, as small as the election sees them: measured, not imagined.

mod instance;

use vrrp_core::{Config, Datagram, Habits, Input, Instant, Name, Node, VirtualRouter};
use vrrp_wire::{Advertisement, Coverage, Family, IpPair, Priority, Version, peek_vrid};

use self::instance::Instance;
use super::{Order, Software};
use crate::setup::Make;

/// A daemon that is not ours.
#[derive(Debug)]
pub(super) struct Peer {
    make: Make,
    /// With the segment of each.
    instances: Vec<(u8, Instance)>,
}

impl Peer {
    pub(super) fn new(make: Make, routers: impl Iterator<Item = (u8, Config)>) -> Self {
        let instances = routers.map(|(segment, config)| (segment, Instance::new(make, adapted(config)))).collect();
        Self { make, instances }
    }

    fn instance(&self, place: usize) -> Option<&Instance> {
        self.instances.get(place).map(|(_, instance)| instance)
    }

    fn with(&mut self, place: usize, work: impl FnOnce(&mut Instance) -> Vec<vrrp_core::Output>) -> Vec<Order> {
        let instance = self.instances.get_mut(place);
        let outputs = instance.map(|(_, instance)| work(instance)).unwrap_or_default();
        outputs.into_iter().map(|order| (place, order)).collect()
    }

    fn addressee(&self, segment: u8, datagram: &Datagram<'_>) -> Option<usize> {
        let vrid = peek_vrid(datagram.payload)?;
        let family = Family::of(datagram.source);
        self.instances.iter().position(|(on, instance)| {
            let config = instance.config();
            *on == segment && config.vrid == vrid && config.family() == family
        })
    }
}

/// What they insist on: a VRRPv2 interval that is theirs, and the pseudo-header.
fn adapted(config: Config) -> Config {
    Config { habits: Habits::STRICT, ..config }
}

impl Software for Peer {
    fn handle(&mut self, now: Instant, place: usize, input: Input) -> Vec<Order> {
        self.with(place, |instance| instance.handle(now, input))
    }

    fn receive(&mut self, now: Instant, segment: u8, datagram: &Datagram<'_>) -> Vec<Order> {
        let Some(place) = self.addressee(segment, datagram) else { return Vec::new() };
        let make = self.make;
        self.with(place, |instance| {
            let received = vrrp_core::check(datagram, instance.config(), instance.source()).ok();
            let taken = received.filter(|received| {
                let config = instance.config();
                let other_form = config.version == Version::V3
                    && config.family() == Family::V4
                    && received.coverage != Coverage::PseudoHeader;
                let other_list = make == Make::Keepalived22 && received.addresses_differ;
                !other_form && !other_list
            });
            instance.receive(now, taken.as_ref())
        })
    }

    fn expire(&mut self, now: Instant) -> Option<Vec<Order>> {
        let due = |(_, instance): &(u8, Instance)| instance.next_timeout().is_some_and(|due| due <= now);
        let place = self.instances.iter().position(due)?;
        Some(self.with(place, |instance| instance.time_out(now)))
    }

    fn next_timeout(&self) -> Option<Instant> {
        self.instances.iter().filter_map(|(_, instance)| instance.next_timeout()).min()
    }

    fn reload(&mut self, now: Instant, place: usize, config: Config) -> Vec<Order> {
        self.with(place, |instance| instance.reload(now, adapted(config)))
    }

    fn regroup(&mut self, _: &[Vec<u8>]) {}

    fn robbed(&mut self, now: Instant, place: usize) -> Vec<Order> {
        self.with(place, |instance| instance.robbed(now))
    }

    fn state(&self, place: usize) -> Option<Name> {
        self.instance(place).map(Instance::name)
    }

    fn priority(&self, place: usize) -> Option<Priority> {
        self.instance(place).map(Instance::priority)
    }

    fn write<'b>(&self, place: usize, priority: Priority, ip: &IpPair, buf: &'b mut [u8]) -> Option<&'b [u8]> {
        let config = self.instance(place)?.config();
        let advertisement = Advertisement {
            version: config.version,
            vrid: config.vrid,
            priority,
            interval: config.interval,
            addresses: config.addresses.as_wire(),
            authentication: config.authentication,
        };
        advertisement.encode(ip, Coverage::PseudoHeader, buf).ok()
    }

    /// Their schedulers run timers before they read: after a stall they act on old silence.
    fn reads_first(&self) -> bool {
        false
    }

    fn resumes(&self) -> bool {
        false
    }

    fn restores(&self) -> bool {
        false
    }

    fn node(&self) -> Option<&Node> {
        None
    }

    fn core(&self, _: usize) -> Option<&VirtualRouter> {
        None
    }
}
