//! Each invariant catches a bug that is planted between the core and the world, within a few hundred episodes; a bug
//! that none of them catches is one that the simulation is blind for.

use std::collections::HashSet;

use vrrp_core::{Instant, Name, Node, Output};
use vrrp_sim::{Episode, Invariant, Mode, Saboteur};

/// The first invariant that fails in each of `episodes` liveness episodes, all with the same bug.
fn caught<S: Saboteur + Clone + 'static>(bug: &S, episodes: u64) -> HashSet<Invariant> {
    (0..episodes)
        .filter_map(|seed| {
            let mode = Mode::Liveness;
            let failure = Episode { seed, mode }.run_with(Box::new(bug.clone())).err()?;
            failure.invariant()
        })
        .collect()
}

/// Announces when it takes over and never again: what keepalived's defaults do.
#[derive(Clone, Default)]
struct AnnouncesOnceOnly {
    claims: Vec<(u8, usize, Instant)>,
}

impl Saboteur for AnnouncesOnceOnly {
    fn performs(&mut self, now: Instant, router: u8, place: usize, order: Output) -> bool {
        if order == Output::Claim {
            self.claims.push((router, place, now));
        }
        let last = self.claims.iter().rev().find(|(at, of, _)| (*at, *of) == (router, place));
        let fresh = last.is_some_and(|(.., claimed)| now.since(*claimed) < core::time::Duration::from_millis(200));
        order != Output::Announce || fresh
    }
}

#[test]
fn s3_catches_a_router_that_does_not_announce_again_after_a_partition_has_healed() {
    assert!(caught(&AnnouncesOnceOnly::default(), 300).contains(&Invariant::S3));
}

/// Never tells the kernel to take an address away.
#[derive(Clone)]
struct KeepsTheAddress;

impl Saboteur for KeepsTheAddress {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        order != Output::Release
    }
}

#[test]
fn s2_catches_a_backup_that_keeps_the_address() {
    assert!(caught(&KeepsTheAddress, 100).contains(&Invariant::S2));
}

/// Deaf while it is Active: it never yields.
#[derive(Clone)]
struct DeafWhileActive;

impl Saboteur for DeafWhileActive {
    fn hears(&mut self, _: Instant, _: u8, node: &Node) -> bool {
        node.routers().all(|(_, router)| router.state().name() != Name::Active)
    }
}

#[test]
fn s2_catches_an_active_router_that_does_not_hear_a_better_one() {
    assert!(caught(&DeafWhileActive, 100).contains(&Invariant::S2));
}

/// Never tells the kernel to put an address in place.
#[derive(Clone)]
struct ForgetsTheAddress;

impl Saboteur for ForgetsTheAddress {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        order != Output::Claim
    }
}

#[test]
fn s1_catches_an_active_router_without_its_address() {
    assert!(caught(&ForgetsTheAddress, 20).contains(&Invariant::S1));
}

/// Hears nothing between the fifth and the tenth second of every ten, and so claims, yields, claims.
#[derive(Clone)]
struct DropsOff;

impl Saboteur for DropsOff {
    fn hears(&mut self, now: Instant, router: u8, _: &Node) -> bool {
        router != 0 || (now.as_nanos() / 5_000_000_000).is_multiple_of(2)
    }
}

#[test]
fn s1_catches_a_router_that_moves_though_nothing_happened() {
    assert!(caught(&DropsOff, 100).contains(&Invariant::S1));
}

/// Loses its timers after ten seconds.
#[derive(Clone)]
struct LosesItsTimers;

impl Saboteur for LosesItsTimers {
    fn expires(&mut self, now: Instant, _: u8, _: Option<&Node>) -> bool {
        now < Instant::from_nanos(10_000_000_000)
    }
}

#[test]
fn l1_catches_a_daemon_that_loses_its_timers() {
    assert!(caught(&LosesItsTimers, 50).contains(&Invariant::L1));
}

/// Drops the priority 0 that says goodbye, and the addresses with it: not a fault but a slow takeover, which no
/// invariant forbids.
#[derive(Clone)]
struct SlipsAway;

impl Saboteur for SlipsAway {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        order != Output::Advertise(vrrp_wire::Priority::RELEASE)
    }
}

#[test]
fn a_lost_goodbye_breaks_no_invariant() {
    assert_eq!(caught(&SlipsAway, 100), HashSet::new());
}
