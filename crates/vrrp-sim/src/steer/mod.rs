//! Bytes that steer a node, and the oracle that watches it.

mod choices;
mod oracle;

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{Config, Datagram, Input, Instant, InterfaceId, Node, Outputs, RouterId};
use vrrp_wire::{Addresses, Advertisement, Coverage, Family, IpPair, Priority};

use crate::setup::source;

use choices::{Bytes, ROUTERS, configure, group, input, interval};
use oracle::{Occasion, Told};

/// Lets `data` choose what happens to a node of four virtual routers, some of them in sync groups, and checks every order
/// against what a driver relies on: claims and releases alternate, moves follow on one another (S6), Active is who
/// claims (S4), nothing is announced unclaimed, nothing says priority 0 without a reason or 255 without owning, conditions
/// begin and end in turn, nobody takes part whom something stands against, an equal configuration changes nothing (S5), a
/// deadline that was handled is over, and what is sent is read as what it was.
///
/// # Panics
/// When one of these does not hold: that is a bug of the core.
pub fn steer(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut world = Steered::new(&mut bytes);
    while let Some(what) = bytes.pop() {
        world.step(what, &mut bytes);
    }
}

struct Steered {
    node: Node,
    told: Vec<Told>,
    now: Instant,
}

impl Steered {
    fn new(bytes: &mut Bytes<'_>) -> Self {
        let mut node = Node::new();
        let mut told = Vec::with_capacity(ROUTERS.len());
        let groups = bytes.next();
        for place in 0..ROUTERS.len() {
            let id = configure(place, bytes).and_then(|config| node.insert(InterfaceId(0), config).ok());
            told.extend(id.map(Told::new));
        }
        let mut world = Self { node, told, now: Instant::from_nanos(1_000_000_000) };
        world.regroup(groups);
        world
    }

    fn step(&mut self, what: u8, bytes: &mut Bytes<'_>) {
        let argument = bytes.next();
        let place = usize::from(what / 16) % ROUTERS.len();
        match what % 16 {
            0..=4 => self.wait(argument),
            5..=7 => self.hear(place, argument, bytes),
            8 => self.hear_garbage(argument, bytes),
            9..=13 => self.tell(place, input(self.now, argument, bytes.next())),
            14 => self.reconfigure(place, argument, bytes),
            _ => self.change(place, argument, bytes),
        }
    }

    /// Time passes; the driver may be late, and its clock may even go back.
    fn wait(&mut self, argument: u8) {
        let unit = Duration::from_millis(1 << (argument % 13));
        self.now = if argument > 250 { self.now - unit } else { self.now + unit * u32::from(argument / 16) };
        self.settle();
    }

    /// Everything that is due is done.
    fn settle(&mut self) {
        let mut turns = 0;
        while let Some((id, orders)) = self.node.expire(self.now) {
            self.judge(id, Occasion::Due, &orders);
            turns += 1;
            assert!(turns <= 1_000, "a deadline that was handled is still due");
        }
        assert!(self.node.exact_timeout().is_none_or(|due| due > self.now), "something due was not done");
    }

    /// A well-formed advertisement of another router.
    fn hear(&mut self, place: usize, priority: u8, bytes: &mut Bytes<'_>) {
        let Some(config) = self.config(place) else { return };
        let [host, choice, odd] = [bytes.next(), bytes.next(), bytes.next()];
        let family = config.family();
        let other = [[0; 16]];
        let advertisement = Advertisement {
            version: config.version,
            vrid: config.vrid,
            priority: Priority::new(priority),
            interval: interval(config.version, choice),
            addresses: if odd & 1 != 0 && family == Family::V6 {
                Addresses::V6(&other)
            } else {
                config.addresses.as_wire()
            },
            authentication: config.authentication,
        };
        let coverage = if odd & 2 == 0 { Coverage::PseudoHeader } else { Coverage::Message };
        let from = source(family, 0, host % 4);
        let mut buf = [0; 64];
        let encoded =
            IpPair::new(from, group(family)).and_then(|ip| advertisement.encode(&ip, coverage, &mut buf).ok());
        if let Some(payload) = encoded {
            self.receive(from, payload);
        }
    }

    /// Whatever the bytes are.
    fn hear_garbage(&mut self, length: u8, bytes: &mut Bytes<'_>) {
        let family = if length & 64 == 0 { Family::V4 } else { Family::V6 };
        self.receive(source(family, 0, 3), bytes.take(usize::from(length % 64)));
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
            self.judge(id, Occasion::Told(input), &receipt.outputs);
        }
    }

    fn tell(&mut self, place: usize, input: Input) {
        if let Some(id) = self.told.get(place).map(|told| told.id) {
            let orders = self.node.handle(self.now, id, input);
            self.judge(id, Occasion::Told(input), &orders);
        }
    }

    /// Another configuration, and the same once more.
    fn reconfigure(&mut self, place: usize, argument: u8, bytes: &mut Bytes<'_>) {
        let Some(id) = self.told.get(place).map(|told| told.id) else { return };
        let config = if argument & 1 == 0 { configure(place, bytes) } else { self.config(place) };
        let Some(config) = config else { return };
        let orders = self.node.reconfigure(self.now, id, config.clone());
        self.judge(id, Occasion::Reconfigured, &orders);
        let due = self.node.router(id).and_then(vrrp_core::VirtualRouter::next_timeout);
        let again = self.node.reconfigure(self.now, id, config);
        assert!(again.is_empty(), "an equal configuration ordered {again:?}");
        assert_eq!(self.node.router(id).and_then(vrrp_core::VirtualRouter::next_timeout), due, "and moved a timer");
    }

    /// A virtual router goes for good and comes anew, or the groups become others.
    fn change(&mut self, place: usize, argument: u8, bytes: &mut Bytes<'_>) {
        if argument & 1 == 0 {
            return self.regroup(argument / 2);
        }
        let Some(id) = self.told.get(place).map(|told| told.id) else { return };
        if self.node.remove(id).is_none() {
            return;
        }
        let anew = configure(place, bytes).and_then(|config| self.node.insert(InterfaceId(0), config).ok());
        if let (Some(told), Some(anew)) = (self.told.get_mut(place), anew) {
            *told = Told::new(anew);
        }
    }

    /// Two bits for each router: the group that it is in, or none.
    fn regroup(&mut self, choice: u8) {
        let of = |group: u8| -> Vec<RouterId> {
            let chosen = self.told.iter().zip(0..4).filter(|(_, place)| choice >> (place * 2) & 3 == group);
            chosen.map(|(told, _)| told.id).collect()
        };
        let groups: Vec<Vec<RouterId>> = [1, 2].into_iter().map(of).filter(|group| group.len() > 1).collect();
        self.node.group(groups);
    }

    fn config(&self, place: usize) -> Option<Config> {
        self.told.get(place).and_then(|told| self.node.router(told.id)).map(|router| router.config().clone())
    }

    fn judge(&mut self, id: RouterId, why: Occasion, orders: &Outputs) {
        let grouped = !self.node.members(id).is_empty();
        let Some(told) = self.told.iter_mut().find(|told| told.id == id) else { return };
        if let Some(router) = self.node.router(id) {
            told.judge(grouped, router, why, orders);
        }
    }
}

#[cfg(test)]
mod tests {
    use vrrp_core::{Name, State};

    use super::*;

    #[test]
    fn random_bytes_steer_a_node_into_every_state_and_find_nothing() {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut reached = [false; 3];
        let mut left = false;
        for _ in 0..2_000 {
            let mut data = vec![0; rng.usize(0..600)];
            rng.fill(&mut data);
            let mut bytes = Bytes(&data);
            let mut world = Steered::new(&mut bytes);
            while let Some(what) = bytes.pop() {
                world.step(what, &mut bytes);
                world.told.iter().for_each(|told| reached[told.at as usize] = true);
                left |= world.node.routers().any(|(_, router)| matches!(router.state(), State::Leaving(_)));
            }
        }
        assert_eq!((reached, left), ([true; 3], true));
    }

    #[test]
    #[should_panic(expected = "a gap in the moves")]
    fn the_oracle_sees_a_move_that_was_not_told() {
        let mut world = Steered::new(&mut Bytes(&[]));
        let id = world.told[0].id;
        world.told[0].at = Name::Backup;
        let orders = world.node.handle(world.now, id, Input::Startup);
        world.judge(id, Occasion::Told(Input::Startup), &orders);
    }
}
