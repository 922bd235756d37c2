//! Routers that are not like the others, and worlds that nobody watches.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{AddressList, Config, Instant};
use vrrp_sim::{Entry, Fault, Honest, InterfaceFault, RouterSetup, Setup, World, source};
use vrrp_wire::{Authentication, Family, Priority, Version, Vrid};

fn config(priority: u8) -> Config {
    let addresses = AddressList::of(Family::V4, [source(Family::V4, 0, 99)]);
    Config { priority: Priority::new(priority), ..Config::new(Version::V3, Vrid::new(51).unwrap(), addresses) }
}

fn at(seconds: u64) -> Instant {
    Instant::ORIGIN + Duration::from_secs(seconds)
}

fn setup(first: RouterSetup) -> Setup {
    let mut setup = Setup::one_segment([config(200), config(100)]);
    setup.particular = vec![first];
    setup
}

fn world(setup: Setup) -> World {
    World::unwatched(setup, 1, Box::new(Honest))
}

#[test]
fn a_router_that_has_no_part_in_it_leaves_it_to_the_other() {
    let mut world = world(setup(RouterSetup { absent: vec![0], ..RouterSetup::default() }));
    world.run(at(10)).unwrap();
    assert!(!world.is_active(0, 0) && world.is_active(1, 0));
    assert!(!world.timeline().entries().any(|(_, entry)| matches!(entry, Entry::Moved { router: 0, .. })));
}

#[test]
fn a_router_sends_from_the_address_that_is_its_own() {
    let own = IpAddr::from([192, 0, 2, 7]);
    let mut world = world(setup(RouterSetup { sources: vec![(0, own)], ..RouterSetup::default() }));
    world.run(at(10)).unwrap();
    assert_eq!(world.core(0, 0).unwrap().source(), Some(own));
    assert!(world.is_active(0, 0) && !world.is_active(1, 0), "and is heard");
}

#[test]
fn a_router_that_heeds_no_link_stays_active_without_it() {
    let mut world = world(setup(RouterSetup { ignores_link: vec![0], ..RouterSetup::default() }));
    world.at(at(10), Fault::Interface(0, 0, InterfaceFault::Link(false)));
    world.run(at(20)).unwrap();
    assert!(world.is_active(0, 0) && world.is_active(1, 0));
}

#[test]
fn a_world_that_nobody_watches_runs_on_though_two_serve() {
    let [mut high, mut low] = [config(200), config(100)];
    for (config, secret) in [(&mut high, *b"one\0\0\0\0\0"), (&mut low, *b"two\0\0\0\0\0")] {
        config.version = Version::V2;
        config.authentication = Authentication::Simple(secret);
    }
    let mut world = world(Setup::one_segment([high, low]));
    world.run(at(60)).unwrap();
    assert!(world.is_active(0, 0) && world.is_active(1, 0), "they discard each other");
}
