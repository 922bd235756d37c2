//! Scenarios that read as timelines.

use core::time::Duration;

use vrrp_core::{AddressList, Cause, Config, Habits, Instant, Name, Preempt};
use vrrp_sim::{Entry, Fault, Honest, RouterFault, SegmentFault, Setup, VirtualRouterFault, World, mac, source};
use vrrp_wire::{Family, Priority, Version, Vrid};

const NOBODY_LOSES: [(Instant, Instant); 0] = [];

fn at(millis: u64) -> Instant {
    Instant::from_nanos(millis * 1_000_000)
}

fn config(priority: u8) -> Config {
    let addresses = AddressList::of(Family::V4, [source(Family::V4, 0, 99)]);
    Config { priority: Priority::new(priority), ..Config::new(Version::V3, Vrid::new(51).unwrap(), addresses) }
}

fn world(seed: u64, configs: impl IntoIterator<Item = Config>) -> World {
    World::new(Setup::one_segment(configs), seed, Box::new(Honest))
}

/// Runs on, and shows the timeline if an invariant fails.
fn run(world: &mut World, until: Instant) {
    if let Err(violation) = world.run(until) {
        panic!("{violation}\n{}", world.timeline());
    }
}

fn actives(world: &World) -> Vec<u8> {
    (0..4).filter(|&router| world.is_active(router, 0)).collect()
}

/// Parts r0 and the client from r1, which takes over alone, then makes the client believe r1, as its announcements
/// would have, and heals. Gives the first advertisement after that, and when the client reached r0 again.
fn heal(seed: u64, habits: Habits) -> (Instant, u8, Option<Instant>) {
    let [high, low] = [config(200), config(100)].map(|config| Config { habits, ..config });
    let mut world = world(seed, [high, low]);
    let parted = at(20_000 + seed * 7 % 1_000);
    // The client is on r1's side, and so r1's announcements move it there.
    world.at(parted, Fault::Segment(0, SegmentFault::Partition(0b001)));
    let healed = parted + Duration::from_millis(15_000 + seed * 13 % 1_000);
    world.at(healed, Fault::Segment(0, SegmentFault::Heal));
    run(&mut world, healed);
    assert_eq!(actives(&world), [0, 1], "both serve while they cannot hear each other");
    assert_eq!(world.client(0).and_then(vrrp_sim::Client::cache), Some(mac(0, 1)));

    run(&mut world, healed + Duration::from_secs(2));
    assert_eq!(actives(&world), [0]);
    let (first, speaker) = world.timeline().first_advertisement(healed).unwrap();
    let back = world.timeline().entries().find_map(|(moment, entry)| {
        let back = moment > first && entry == Entry::Client { virtual_router: 0, reaches: Some(0) };
        back.then_some(moment)
    });
    (first, speaker, back)
}

#[test]
fn after_a_partition_has_healed_the_client_reaches_the_survivor_within_5_ms_whoever_speaks_first() {
    let mut spoke_first = [0, 0];
    for seed in 0..100 {
        let (first, speaker, back) = heal(seed, Habits::default());
        let took = back.expect("the client is lost").since(first);
        assert!(took <= Duration::from_millis(5), "seed {seed}: {took:?} after r{speaker} spoke first");
        spoke_first[usize::from(speaker)] += 1;
    }
    assert!(spoke_first.iter().all(|&times| times > 5), "{spoke_first:?}");
}

/// What the last lower advertisement is for: without it a survivor that speaks first never learns that it was not
/// alone, and the client is lost.
#[test]
fn without_a_last_lower_advertisement_a_survivor_that_speaks_first_leaves_the_client_lost() {
    let habits = Habits { last_lower_advertisement: false, ..Habits::default() };
    let outcomes: Vec<_> = (0..100).map(|seed| heal(seed, habits)).collect();
    assert!(outcomes.iter().any(|(_, speaker, back)| *speaker == 0 && back.is_none()));
}

#[test]
fn a_hand_over_loses_no_probe_and_is_done_within_skew_time_and_150_ms() {
    for seed in 0..50 {
        let mut world = world(seed, [config(200), config(100)]);
        run(&mut world, at(15_000));
        let stop = at(15_000 + seed * 20);
        world.at(stop, Fault::Router(0, RouterFault::Stop));
        run(&mut world, stop + Duration::from_millis(609 + 150));
        assert_eq!(actives(&world), [1]);
        assert!(!world.holds(0, 0));
        assert_eq!(world.client(0).unwrap().outages(), NOBODY_LOSES);
    }
}

#[test]
fn a_hand_over_to_nobody_ends_after_an_interval_and_100_ms() {
    let mut world = world(1, [config(200)]);
    world.at(at(10_000), Fault::Router(0, RouterFault::Stop));
    run(&mut world, at(11_090));
    assert!(world.holds(0, 0));
    run(&mut world, at(11_110));
    assert!(!world.holds(0, 0));
    let (_, last) =
        world.timeline().entries().filter(|(_, entry)| matches!(entry, Entry::Moved { .. })).last().unwrap();
    assert!(matches!(last, Entry::Moved { why: Cause::NobodyTookOver, .. }));
}

#[test]
fn a_daemon_that_is_killed_and_starts_again_within_the_down_interval_moves_nothing() {
    for (seed, dead_for) in [(1, 10), (2, 500), (3, 1_500), (4, 1_900)] {
        let mut world = world(seed, [config(200), config(100)]);
        run(&mut world, at(10_500));
        let moves = world.timeline().moves().count();
        world.at(at(10_500), Fault::Router(0, RouterFault::Kill));
        world.at(at(10_500 + dead_for), Fault::Router(0, RouterFault::Start));
        run(&mut world, at(30_000));
        // The one move is the resumption itself.
        assert_eq!(world.timeline().moves().count(), moves + 1);
        assert_eq!(actives(&world), [0]);
        assert_eq!(world.client(0).unwrap().outages(), NOBODY_LOSES);
    }
}

#[test]
fn a_daemon_that_was_dead_for_longer_releases_what_it_left_and_begins_as_backup() {
    let equal = Config { preempt: Preempt::Never, ..config(100) };
    let mut world = world(1, [Config { priority: Priority::new(200), ..equal.clone() }, equal]);
    world.at(at(10_500), Fault::Router(0, RouterFault::Kill));
    world.at(at(20_000), Fault::Router(0, RouterFault::Start));
    run(&mut world, at(20_010));
    assert!(!world.holds(0, 0));
    run(&mut world, at(40_000));
    assert_eq!(actives(&world), [1]);
}

#[test]
fn when_the_active_router_dies_the_takeover_comes_with_active_down_timer() {
    let mut world = world(1, [config(200), config(100)]);
    run(&mut world, at(12_000));
    let last = world.timeline().entries().filter(|(_, entry)| matches!(entry, Entry::Advertised { .. })).last();
    let (last, _) = last.unwrap();
    world.at(at(12_000), Fault::Router(0, RouterFault::PowerOff));
    run(&mut world, at(20_000));
    let (claimed, router, name) = world.timeline().moves().last().unwrap();
    assert_eq!((router, name), (1, Name::Active));
    let beyond = claimed.since(last).saturating_sub(Duration::from_nanos(3_609_375_000));
    assert!(beyond < Duration::from_micros(500), "{beyond:?}");
}

/// Two backups, and the Active router resigns: the better of them wins, and the other one follows.
#[test]
fn of_two_backups_the_better_one_succeeds_a_router_that_resigns() {
    for seed in 0..20 {
        let mut world = world(seed, [config(200), config(150), config(100)]);
        world.at(at(15_000), Fault::Router(0, RouterFault::Stop));
        run(&mut world, at(25_000));
        assert_eq!(actives(&world), [1]);
        let after: Vec<_> = world.timeline().moves().filter(|(moment, ..)| *moment >= at(15_000)).collect();
        assert_eq!(after.len(), 2, "{after:?}");
    }
}

/// Priority 0 reaches a backup an instant before its own claim would: nothing is claimed twice.
#[test]
fn a_resignation_that_crosses_a_takeover_settles() {
    for micros in (0..4_000).step_by(100) {
        let mut world = world(micros, [config(200), config(150), config(149)]);
        world.at(at(15_000), Fault::Router(0, RouterFault::Stall(Duration::from_micros(3_413_000 + micros))));
        world.at(at(15_001), Fault::Router(0, RouterFault::Stop));
        run(&mut world, at(30_000));
        assert_eq!(actives(&world).len(), 1, "{}", world.timeline());
    }
}

#[test]
fn of_equal_priorities_the_greatest_address_wins_and_nothing_moves_after_that() {
    for seed in 0..50 {
        let mut world = world(seed, [config(100), config(100), config(100), config(100)]);
        run(&mut world, at(5_000));
        assert_eq!(actives(&world).len(), 1);
        let moves = world.timeline().moves().count();
        run(&mut world, at(60_000));
        assert_eq!(world.timeline().moves().count(), moves);
    }
}

#[test]
fn with_nopreempt_a_returning_better_router_leaves_the_address_where_it_is() {
    let nopreempt = |priority| Config { preempt: Preempt::Never, ..config(priority) };
    let mut world = world(1, [nopreempt(200), nopreempt(100)]);
    world.at(at(10_000), Fault::Router(0, RouterFault::PowerOff));
    world.at(at(20_000), Fault::Router(0, RouterFault::Start));
    run(&mut world, at(60_000));
    assert_eq!(actives(&world), [1]);
}

#[test]
fn without_nopreempt_a_returning_better_router_takes_the_address_back_and_the_client_follows() {
    let mut world = world(1, [config(200), config(100)]);
    world.at(at(10_000), Fault::Router(0, RouterFault::PowerOff));
    world.at(at(20_000), Fault::Router(0, RouterFault::Start));
    run(&mut world, at(30_000));
    assert_eq!(actives(&world), [0]);
    let outages = world.client(0).unwrap().outages();
    let (from, to) = *outages.last().unwrap();
    assert!(outages.len() == 1 || to.since(from) < Duration::from_millis(5), "{outages:?}");
}

#[test]
fn a_backup_that_stood_still_takes_over_from_nobody_that_spoke_meanwhile() {
    let mut world = world(1, [config(200), config(100)]);
    world.at(at(10_000), Fault::Router(1, RouterFault::Stall(Duration::from_secs(10))));
    run(&mut world, at(30_000));
    assert_eq!(world.timeline().moves().filter(|(moment, ..)| *moment > at(10_000)).count(), 0);
}

#[test]
fn an_active_router_that_stood_still_gives_way_to_a_better_one_without_a_word_too_many() {
    let mut world = world(1, [config(100), config(200)]);
    run(&mut world, at(10_000));
    world.at(at(10_000), Fault::Router(1, RouterFault::Stall(Duration::from_secs(6))));
    run(&mut world, at(30_000));
    assert_eq!(actives(&world), [1]);
}

#[test]
fn a_stolen_address_comes_back_without_a_move() {
    let mut world = world(1, [config(200), config(100)]);
    run(&mut world, at(10_000));
    let moves = world.timeline().moves().count();
    world.at(at(10_000), Fault::VirtualRouter(0, 0, VirtualRouterFault::Steal));
    run(&mut world, at(10_005));
    assert!(world.holds(0, 0));
    assert_eq!(world.timeline().moves().count(), moves);
}

#[test]
fn the_same_seed_gives_the_same_timeline() {
    let timeline = |seed| {
        let mut world = world(seed, [config(200), config(100)]);
        world.at(at(10_000), Fault::Router(0, RouterFault::Kill));
        run(&mut world, at(30_000));
        world.timeline().to_string()
    };
    assert_eq!(timeline(7), timeline(7));
    assert_ne!(timeline(7), timeline(8));
}
