//! Two hosts with the same sync group: an IPv4 and an IPv6 router whose addresses are in opposite order.

use core::net::IpAddr;

use vrrp_core::{AddressList, Config, Datagram, Habits, Input, Instant, InterfaceId, Name, Node, Output, RouterId};
use vrrp_wire::{Family, IpPair, Version, Vrid};

use crate::fixture::{QUIET, at, ms};

const LINK: InterfaceId = InterfaceId(1);

struct Host {
    node: Node,
    ids: [RouterId; 2],
    /// IPv4, IPv6.
    sources: [IpAddr; 2],
}

impl Host {
    fn new(v4: u8, v6: u16, habits: Habits) -> Self {
        let mut node = Node::new();
        let sources = [IpAddr::from([10, 0, 0, v4]), IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, v6])];
        let virtual_addresses = [IpAddr::from([10, 0, 0, 100]), IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, 0x100])];
        let ids = [(Family::V4, 0), (Family::V6, 1)].map(|(family, place)| {
            let addresses = AddressList::of(family, [virtual_addresses[place]]);
            let config = Config::new(Version::V3, Vrid::new(51).unwrap(), addresses);
            let id = node.insert(LINK, Config { announce: QUIET, habits, ..config }).unwrap();
            let _ = node.handle(at(0), id, Input::Source(sources[place]));
            id
        });
        node.group([ids.to_vec()]);
        Self { node, ids, sources }
    }

    fn names(&self) -> [Name; 2] {
        self.ids.map(|id| self.node.router(id).unwrap().state().name())
    }

    /// What of `orders` goes out on the wire.
    fn sends(&self, id: RouterId, orders: impl Iterator<Item = Output>) -> Vec<(IpAddr, IpAddr, Vec<u8>)> {
        let place = self.ids.iter().position(|other| *other == id).unwrap();
        let group: [IpAddr; 2] = [[224, 0, 0, 18].into(), [0xff02, 0, 0, 0, 0, 0, 0, 0x12].into()];
        let (source, destination) = (self.sources[place], group[place]);
        let router = self.node.router(id).unwrap();
        let encode = |order| {
            let Output::Advertise(priority) = order else { return None };
            let mut buffer = [0; 64];
            let ip = IpPair::new(source, destination).unwrap();
            let packet = router.encode(priority, &ip, &mut buffer).unwrap().to_vec();
            Some((source, destination, packet))
        };
        orders.filter_map(encode).collect()
    }

    fn expire(&mut self, now: Instant) -> Vec<(IpAddr, IpAddr, Vec<u8>)> {
        let mut sent = Vec::new();
        while let Some((id, orders)) = self.node.expire(now) {
            sent.extend(self.sends(id, orders.iter()));
        }
        sent
    }

    fn hear(&mut self, now: Instant, packets: &[(IpAddr, IpAddr, Vec<u8>)]) -> Vec<(IpAddr, IpAddr, Vec<u8>)> {
        let mut sent = Vec::new();
        for (source, destination, payload) in packets {
            let datagram = Datagram { source: *source, destination: *destination, hop_limit: 255, payload };
            let receipt = self.node.receive(now, LINK, &datagram);
            sent.extend(self.sends(receipt.router.unwrap(), receipt.outputs.iter()));
        }
        sent
    }
}

/// Both hosts on one link, a millisecond at a time; `passes` says whether packets of a family come through. Gives for
/// how many milliseconds both, or neither, or a part of a group only was Active.
fn together(hosts: &mut [Host; 2], millis: core::ops::Range<u64>, passes: impl Fn(IpAddr) -> bool) -> [u64; 3] {
    let mut wrong = [0; 3];
    let mut sent = [Vec::new(), Vec::new()];
    for milli in millis {
        let now = at(milli);
        for place in [0, 1] {
            let heard = core::mem::take(&mut sent[1 - place]);
            let host = &mut hosts[place];
            let mut sends = host.expire(now);
            sends.extend(host.hear(now, &heard));
            sends.extend(host.expire(now));
            sends.retain(|(source, ..)| passes(*source));
            sent[place].extend(sends);
        }
        let names = [hosts[0].names(), hosts[1].names()];
        let active = |names: &[Name; 2]| names.contains(&Name::Active);
        wrong[0] += u64::from(names.iter().all(active));
        wrong[1] += u64::from(!names.iter().any(active));
        wrong[2] += u64::from(names.iter().any(|names| names[0] != names[1]));
    }
    wrong
}

/// The first has the greater IPv4 address, the second the greater IPv6 address; each Active since before 5 s.
fn split() -> [Host; 2] {
    split_of(Habits::default())
}

fn split_of(habits: Habits) -> [Host; 2] {
    let mut hosts = [Host::new(3, 2, habits), Host::new(2, 3, habits)];
    for host in &mut hosts {
        for id in host.ids {
            let _ = host.node.handle(at(0), id, Input::Startup);
        }
    }
    let wrong = together(&mut hosts, 0..5_000, |_| false);
    assert_eq!(wrong[2], 0, "mixed");
    assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Active; 2]; 2]);
    hosts
}

#[test]
fn a_healed_split_ends_within_an_interval_with_the_winner_of_the_first_member() {
    let mut hosts = split();
    let [both, neither, mixed] = together(&mut hosts, 5_000..15_000, |_| true);
    assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Active; 2], [Name::Backup; 2]]);
    assert!(both <= 1_000, "both for {both} ms");
    assert_eq!([neither, mixed], [0, 0]);
}

/// Wherever in the interval the split heals, nobody is left without an Active router.
#[test]
fn it_does_not_matter_which_member_hears_the_other_side_first() {
    for heals in (5_000..6_100).step_by(90) {
        let mut hosts = split();
        let [_, before, _] = together(&mut hosts, 5_000..heals, |_| false);
        // IPv6 comes through a little earlier, as after a link-up.
        let [_, between, _] = together(&mut hosts, heals..heals + 400, |source| source.is_ipv6());
        let [both, after, mixed] = together(&mut hosts, heals + 400..20_000, |_| true);
        assert_eq!([before, between, after, mixed], [0; 4], "healed at {heals} ms");
        assert!(both <= 1_100, "both for {both} ms");
        assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Active; 2], [Name::Backup; 2]]);
    }
}

/// The first member cannot decide: the other does, after an interval and a half.
#[test]
fn where_the_first_member_is_cut_off_the_next_one_decides() {
    let mut hosts = split();
    let [both, ..] = together(&mut hosts, 5_000..15_000, |source| source.is_ipv6());
    assert!(both <= 3_000, "both for {both} ms");
    assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Backup; 2], [Name::Active; 2]]);
}

/// Strictly each advertisement of the worse router is answered at once, and neither of these may yield.
#[test]
fn members_that_leave_a_tie_to_the_first_do_not_answer_each_other_without_end() {
    let mut hosts = split_of(Habits::STRICT);
    let sent = core::cell::Cell::new(0);
    let ipv6 = |source: IpAddr| {
        sent.set(sent.get() + u32::from(source.is_ipv6()));
        source.is_ipv6()
    };
    together(&mut hosts, 5_000..6_500, ipv6);
    assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Active; 2]; 2], "the tie stands");
    assert!(sent.get() <= 8, "{} advertisements in a second and a half", sent.get());
}

#[test]
fn a_drain_moves_the_group_and_leaves_the_addresses_unserved_for_no_moment() {
    let mut hosts = split();
    together(&mut hosts, 5_000..10_000, |_| true);
    let id = hosts[0].ids[1];
    let orders = hosts[0].node.handle(at(10_000), id, Input::Drain(vrrp_core::Drain::IfRelieved));
    let sent = hosts[0].sends(id, orders.iter());
    let _ = hosts[1].hear(at(10_000), &sent);
    let [_, neither, mixed] = together(&mut hosts, 10_000..20_000, |_| true);
    assert_eq!([hosts[0].names(), hosts[1].names()], [[Name::Initialize; 2], [Name::Active; 2]]);
    assert_eq!(neither, 0);
    assert!(mixed <= u64::try_from(ms(20).as_millis()).unwrap(), "mixed for {mixed} ms");
}
