//! Bytes that steer a node, and the oracle that watches it.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{
    AddressList, Config, Datagram, Habits, Ineligible, Input, Instant, InterfaceId, Name, Node, Output, Outputs,
    Preempt, RouterId, Stop,
};
use vrrp_wire::{
    AdverInterval, Advertisement, Authentication, Coverage, Family, GROUP_V4, GROUP_V6, IpPair, Priority, Version, Vrid,
};

use crate::setup::source;

/// Lets `data` choose what happens to a node of three virtual routers, and checks every order against what a driver
/// relies on: claims and releases alternate, moves follow on one another, Active is who claims, nothing is announced
/// unclaimed, nothing but a router that stops says priority 0, and a deadline that was handled is over.
///
/// # Panics
/// When one of these does not hold: that is a bug of the core.
pub fn steer(data: &[u8]) {
    let mut bytes = data.iter().copied();
    let mut world = Steered::new(&mut bytes);
    while let Some(what) = bytes.next() {
        world.step(what, &mut bytes);
    }
}

/// What the orders so far have said of one virtual router.
#[derive(Debug, Clone, Copy)]
struct Told {
    id: RouterId,
    at: Name,
    claims: bool,
}

struct Steered {
    node: Node,
    told: Vec<Told>,
    now: Instant,
}

impl Steered {
    fn new(bytes: &mut impl Iterator<Item = u8>) -> Self {
        let mut node = Node::new();
        let told = [(Version::V3, Family::V4, 51), (Version::V3, Family::V6, 51), (Version::V2, Family::V4, 52)]
            .into_iter()
            .filter_map(|(version, family, vrid)| {
                let config = configure(version, family, vrid, bytes.next().unwrap_or(0))?;
                let id = node.insert(InterfaceId(0), config).ok()?;
                Some(Told { id, at: Name::Initialize, claims: false })
            })
            .collect();
        Self { node, told, now: Instant::from_nanos(1_000_000_000) }
    }

    fn step(&mut self, what: u8, bytes: &mut impl Iterator<Item = u8>) {
        let argument = bytes.next().unwrap_or(0);
        match what % 8 {
            0..=2 => self.wait(argument),
            3 | 4 => self.hear(what / 8, argument, bytes),
            5 => self.hear_garbage(argument, bytes),
            _ => {
                let place = usize::from(what / 8) % 3;
                self.tell(place, input(argument, bytes.next().unwrap_or(0)));
            }
        }
    }

    /// Time passes; the driver may be late, and its clock may even go back.
    fn wait(&mut self, argument: u8) {
        let unit = Duration::from_millis(1 << (argument % 13));
        self.now = if argument > 250 { self.now - unit } else { self.now + unit * u32::from(argument / 16) };
        let mut turns = 0;
        while let Some((id, orders)) = self.node.expire(self.now) {
            self.judge(id, Input::Timeout, &orders);
            turns += 1;
            assert!(turns <= 1_000, "a deadline that was handled is still due");
        }
    }

    /// A well-formed advertisement of another router.
    fn hear(&mut self, place: u8, priority: u8, bytes: &mut impl Iterator<Item = u8>) {
        let Some(told) = self.told.get(usize::from(place % 3)) else { return };
        let Some(config) = self.node.router(told.id).map(|router| router.config().clone()) else { return };
        let [host, centis, odd] = [0; 3].map(|default: u8| bytes.next().unwrap_or(default));
        let family = config.family();
        let other = [[0; 16]];
        let advertisement = Advertisement {
            version: config.version,
            vrid: config.vrid,
            priority: Priority::new(priority),
            interval: interval(config.version, centis),
            addresses: if odd & 1 != 0 && family == Family::V6 {
                vrrp_wire::Addresses::V6(&other)
            } else {
                config.addresses.as_wire()
            },
            authentication: Authentication::None,
        };
        let coverage = if odd & 2 == 0 { Coverage::PseudoHeader } else { Coverage::Message };
        let from = source(family, 0, host % 4);
        let mut buf = [0; 256];
        let encoded =
            IpPair::new(from, group(family)).and_then(|ip| advertisement.encode(&ip, coverage, &mut buf).ok());
        if let Some(payload) = encoded {
            self.receive(from, payload);
        }
    }

    /// Whatever the bytes are.
    fn hear_garbage(&mut self, length: u8, bytes: &mut impl Iterator<Item = u8>) {
        let payload: Vec<u8> = bytes.take(usize::from(length % 64)).collect();
        let family = if length & 64 == 0 { Family::V4 } else { Family::V6 };
        self.receive(source(family, 0, 3), &payload);
    }

    fn receive(&mut self, from: IpAddr, payload: &[u8]) {
        let destination = group(Family::of(from));
        let datagram = Datagram { source: from, destination, hop_limit: 255, payload };
        let receipt = self.node.receive(self.now, InterfaceId(0), &datagram);
        if let Some(id) = receipt.router {
            let input = match receipt.verdict {
                Ok(received) => Input::Advertisement(received),
                Err(reject) => Input::Rejected(from, reject),
            };
            self.judge(id, input, &receipt.outputs);
        }
    }

    fn tell(&mut self, place: usize, input: Input) {
        if let Some(id) = self.told.get(place).map(|told| told.id) {
            let orders = self.node.handle(self.now, id, input);
            self.judge(id, input, &orders);
        }
    }

    /// The oracle.
    fn judge(&mut self, id: RouterId, input: Input, orders: &Outputs) {
        let state = self.node.router(id).map(|router| router.state().name());
        let Some(told) = self.told.iter_mut().find(|told| told.id == id) else { return };
        let before = *told;
        for order in orders.iter() {
            match order {
                Output::Claim => {
                    assert!(!told.claims, "claimed twice");
                    told.claims = true;
                }
                Output::Release => {
                    let inherited = before.at == Name::Initialize && input == Input::Resume;
                    assert!(told.claims || inherited, "released what was not claimed");
                    told.claims = false;
                }
                Output::Moved { from, to, .. } => {
                    assert_eq!(told.at, from, "a gap in the moves");
                    told.at = to;
                }
                Output::Announce => assert!(told.claims, "announced what was not claimed"),
                Output::Advertise(Priority::RELEASE) => assert_eq!(before.at, Name::Active, "nothing to resign"),
                Output::Advertise(_)
                | Output::Raised(_)
                | Output::Cleared(_)
                | Output::Priority { .. }
                | Output::Probe(_) => {}
                _ => unreachable!("an order that the oracle does not know: {order:?}"),
            }
        }
        assert_eq!(state, Some(told.at), "a move that was not told");
        assert_eq!(told.claims, told.at == Name::Active, "Active is who claims");
    }
}

/// A virtual router as one byte chooses it.
fn configure(version: Version, family: Family, vrid: u8, choice: u8) -> Option<Config> {
    let address = source(family, 0, 99);
    let mut config = Config::new(version, Vrid::new(vrid)?, AddressList::of(family, [address]));
    config.priority = [100, 255, 1, 254].map(Priority::new).get(usize::from(choice % 4)).copied()?;
    config.preempt = match choice / 4 % 4 {
        0 => Preempt::Never,
        1 => Preempt::After(Duration::from_secs(2)),
        _ => Preempt::Immediately,
    };
    if choice & 0x10 != 0 {
        config.habits = Habits::STRICT;
    }
    config.habits.lower_prio_no_advert |= choice & 0x20 != 0;
    config.habits.higher_prio_send_advert |= choice & 0x40 != 0;
    config.interval = interval(version, choice);
    Some(config)
}

fn input(what: u8, argument: u8) -> Input {
    let cause = [Ineligible::Drained, Ineligible::InterfaceDown(0), Ineligible::Check(argument.into())];
    let cause = cause.get(usize::from(argument % 3)).copied().unwrap_or(Ineligible::Drained);
    match what % 12 {
        0 | 1 => Input::Startup,
        2 => Input::Resume,
        3 => Input::Shutdown(Stop::HandOver),
        4 => Input::Shutdown(Stop::Now),
        5 => Input::Raise(cause),
        6 => Input::Clear(cause),
        7 => Input::Priority(Priority::new(argument)),
        8 => Input::Source(source(if what < 128 { Family::V4 } else { Family::V6 }, 0, argument % 4)),
        9 => Input::Claimed,
        10 => Input::Released,
        _ => Input::SendFailing(argument.is_multiple_of(2)),
    }
}

fn interval(version: Version, choice: u8) -> AdverInterval {
    let centis = match version {
        Version::V2 => u16::from(choice % 3 + 1) * 100,
        Version::V3 => u16::from(choice) + 1,
    };
    AdverInterval::from_centis(centis).unwrap_or(AdverInterval::DEFAULT)
}

const fn group(family: Family) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(GROUP_V4),
        Family::V6 => IpAddr::V6(GROUP_V6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_steer_a_node_into_every_state_and_find_nothing() {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut reached = [false; 3];
        for _ in 0..2_000 {
            let mut data = vec![0; rng.usize(0..600)];
            rng.fill(&mut data);
            steer(&data);
            let mut bytes = data.iter().copied();
            let mut world = Steered::new(&mut bytes);
            while let Some(what) = bytes.next() {
                world.step(what, &mut bytes);
                world.told.iter().for_each(|told| reached[told.at as usize] = true);
            }
        }
        assert_eq!(reached, [true; 3]);
    }

    #[test]
    #[should_panic(expected = "a gap in the moves")]
    fn the_oracle_sees_a_move_that_was_not_told() {
        let mut world = Steered::new(&mut core::iter::empty());
        let id = world.told[0].id;
        world.told[0].at = Name::Backup;
        let orders = world.node.handle(world.now, id, Input::Startup);
        world.judge(id, Input::Startup, &orders);
    }
}
