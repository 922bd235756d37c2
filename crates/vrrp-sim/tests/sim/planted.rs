//! Each invariant catches a bug that is planted between the core and the world, within a few hundred episodes; a bug
//! that none of them catches is one that the simulation is blind for.

use std::collections::HashSet;

use vrrp_core::{Input, Instant, Name, Node, Output, State};
use vrrp_sim::{Episode, Invariant, Mode, Saboteur, Script};

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

#[test]
fn s4_catches_an_active_router_without_its_address() {
    assert!(caught(&ForgetsTheAddress, 20).contains(&Invariant::S4));
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
fn s7_catches_a_router_that_takes_over_from_one_that_it_should_have_heard() {
    assert!(caught(&DropsOff, 50).contains(&Invariant::S7));
}

/// The third of three is deaf from the twentieth second on.
#[derive(Clone)]
struct GoesDeaf;

impl Saboteur for GoesDeaf {
    fn hears(&mut self, now: Instant, router: u8, _: &Node) -> bool {
        router != 2 || now < Instant::from_nanos(20_000_000_000)
    }
}

/// Of two that it hears to be Active neither falls silent.
#[test]
fn s7_catches_a_router_that_claims_from_two_at_once() {
    let text = "
        router r0 ours
        router r1 ours
        router r2 ours
        v0 segment 0 version 3 family ipv4 vrid 51
        v0 r0 priority 200 interval 100ms addresses 1
        v0 r1 priority 100 interval 2s addresses 1
        v0 r2 priority 50 interval 1s addresses 1
        at 10s segment 0 snoop s1
        end 30s";
    let script: Script = text.parse().unwrap();
    script.replay().unwrap();
    let failure = script.replay_with(Box::new(GoesDeaf)).unwrap_err();
    assert_eq!(failure.invariant(), Some(Invariant::S7), "{failure}");
}

/// Its timers do not fire for half a minute: it preempts when nobody expects it any more. (Of one of ours L5 says so
/// before.)
#[derive(Clone)]
struct Dawdles;

impl Saboteur for Dawdles {
    fn expires(&mut self, now: Instant, router: u8, _: Option<&Node>) -> bool {
        router != 1 || now > Instant::from_nanos(30_000_000_000)
    }
}

#[test]
fn s1_catches_a_router_that_moves_though_nothing_happened() {
    let text = "
        router r0 ours
        router r1 keepalived-2.4
        v0 segment 0 version 3 family ipv4 vrid 51
        v0 r0 priority 100 interval 500ms addresses 1
        v0 r1 priority 200 interval 500ms addresses 1
        at 31s r0 v0 reload";
    let failure = text.parse::<Script>().unwrap().replay_with(Box::new(Dawdles)).unwrap_err();
    assert_eq!(failure.invariant(), Some(Invariant::S1), "{failure}");
}

/// Its virtual routers know of no sync group.
#[derive(Clone)]
struct EachForItself;

impl Saboteur for EachForItself {
    fn groups(&mut self, _: u8) -> bool {
        false
    }
}

#[test]
fn s8_catches_members_of_a_sync_group_that_go_each_its_own_way() {
    assert!(caught(&EachForItself, 60).contains(&Invariant::S8));
}

/// Never hears what its checks say after the first ten seconds.
#[derive(Clone)]
struct ForgetsItsChecks;

impl Saboteur for ForgetsItsChecks {
    fn tells(&mut self, now: Instant, _: u8, input: Input) -> bool {
        now < Instant::from_nanos(10_000_000_000) || !matches!(input, Input::Check(..))
    }
}

#[test]
fn l2_catches_a_router_that_does_not_hear_of_its_check() {
    assert!(caught(&ForgetsItsChecks, 60).contains(&Invariant::L2));
}

/// Does not hear that it is drained no longer.
#[derive(Clone)]
struct DrainsForEver;

impl Saboteur for DrainsForEver {
    fn tells(&mut self, _: Instant, _: u8, input: Input) -> bool {
        !matches!(input, Input::Clear(vrrp_core::Ineligible::Drained))
    }
}

#[test]
fn l2_catches_a_router_that_is_stranded_in_its_drain() {
    assert!(caught(&DrainsForEver, 100).contains(&Invariant::L2));
}

/// Takes an unchanged configuration for another.
#[derive(Clone)]
struct RestartsOnReload;

impl Saboteur for RestartsOnReload {
    fn restarts_on_reload(&mut self, _: Instant, _: u8) -> bool {
        true
    }
}

#[test]
fn s5_catches_a_reload_that_starts_over() {
    assert!(caught(&RestartsOnReload, 20).contains(&Invariant::S5));
}

/// Steps down in silence.
#[derive(Clone)]
struct StepsDownUntold;

impl Saboteur for StepsDownUntold {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        !matches!(order, Output::Moved { from: Name::Active, .. })
    }
}

#[test]
fn s6_catches_a_move_that_nobody_is_told_of() {
    assert!(caught(&StepsDownUntold, 20).contains(&Invariant::S6));
}

/// Does not hear that a cause has gone.
#[derive(Clone)]
struct KeepsTheFault;

impl Saboteur for KeepsTheFault {
    fn tells(&mut self, _: Instant, _: u8, input: Input) -> bool {
        !matches!(input, Input::Clear(_))
    }
}

#[test]
fn l2_catches_a_fault_that_stays() {
    assert!(caught(&KeepsTheFault, 20).contains(&Invariant::L2));
}

/// Waits for a successor for ever.
#[derive(Clone)]
struct NeverLeaves;

impl Saboteur for NeverLeaves {
    fn expires(&mut self, _: Instant, _: u8, node: Option<&Node>) -> bool {
        node.is_none_or(|node| node.routers().all(|(_, router)| !matches!(router.state(), State::Leaving(_))))
    }
}

#[test]
fn l3_catches_a_hand_over_that_does_not_end() {
    assert!(caught(&NeverLeaves, 50).contains(&Invariant::L3));
}

/// A firewall that forgets faster than the Active router dies wakes its Backup again and again: S9 sees it.
#[test]
fn s9_catches_a_world_that_does_not_come_to_rest() {
    let text = "
        router r0 ours
        router r1 ours
        v0 segment 0 version 3 family ipv4 vrid 51
        v0 r0 priority 200 interval 1s addresses 1
        v0 r1 priority 100 interval 1s addresses 1
        at 5s r1 segment 0 firewall 1.5s
        end 120s
        breaks S9";
    text.parse::<Script>().unwrap().replay().unwrap();
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

/// Drops the priority 0 that says goodbye.
#[derive(Clone)]
struct SlipsAway;

impl Saboteur for SlipsAway {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        order != Output::Advertise(vrrp_wire::Priority::RELEASE)
    }
}

#[test]
fn l4_catches_a_goodbye_that_nobody_hears() {
    assert!(caught(&SlipsAway, 300).contains(&Invariant::L4));
}

/// The timers of one router do not fire for as long.
#[derive(Clone)]
struct Sleeps(u8, core::ops::Range<u64>);

impl Saboteur for Sleeps {
    fn expires(&mut self, now: Instant, router: u8, _: Option<&Node>) -> bool {
        router != self.0 || !self.1.contains(&(now.as_nanos() / 1_000_000_000))
    }
}

const THREE: &str = "
        router r0 ours
        router r1 ours
        router r2 ours
        v0 segment 0 version 3 family ipv4 vrid 51
        v0 r0 priority 200 interval 100ms addresses 1
        v0 r1 priority 150 interval 100ms addresses 1
        v0 r2 priority 50 interval 100ms addresses 1
        at 20s r0 power-off
        end 30s";

#[test]
fn s10_catches_a_backup_that_comes_before_a_better_one() {
    let script: Script = THREE.parse().unwrap();
    script.replay().unwrap();
    let failure = script.replay_with(Box::new(Sleeps(1, 20..22))).unwrap_err();
    assert_eq!(failure.invariant(), Some(Invariant::S10), "{failure}");
}

#[test]
fn l5_catches_a_better_router_that_does_not_preempt() {
    let script: Script = THREE.parse().unwrap();
    let failure = script.replay_with(Box::new(Sleeps(0, 0..20))).unwrap_err();
    assert_eq!(failure.invariant(), Some(Invariant::L5), "{failure}");
}
