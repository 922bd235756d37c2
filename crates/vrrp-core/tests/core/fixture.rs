//! One virtual router at 10.0.0.2 with priority 100 and an interval of 1 s, and the words to talk to it with.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{
    AddressList, AnnouncePolicy, CheckId, Config, Habits, Input, Instant, Name, OnClaim, Output, Outputs, Received,
    Requirement, State, Track, Verdict, VirtualRouter, Weight,
};
use vrrp_wire::{AdverInterval, Coverage, Family, Priority, Version, Vrid};

/// The moment `millis` milliseconds after the origin.
pub(crate) fn at(millis: u64) -> Instant {
    Instant::from_nanos(millis * 1_000_000)
}

/// A duration of so many milliseconds.
pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A router's address, 10.0.0.`host`; our own is 10.0.0.2.
pub(crate) fn address(host: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, host])
}

/// VRRPv3 over IPv4, VRID 51, priority 100, 1 s, multicast, one address; keeps its phase.
pub(crate) fn config() -> Config {
    let addresses = AddressList::of(Family::V4, [IpAddr::from([10, 0, 0, 100])]);
    let config = Config::new(Version::V3, Vrid::new(51).unwrap(), addresses);
    Config { habits: Habits { spread_phases: false, ..config.habits }, ..config }
}

/// [`config`] with another priority.
pub(crate) fn with_priority(priority: u8) -> Config {
    Config { priority: Priority::new(priority), ..config() }
}

/// Announcing once at the claim and never again.
pub(crate) const QUIET: AnnouncePolicy = AnnouncePolicy {
    repeat: 1,
    delay: Duration::ZERO,
    refresh: Duration::ZERO,
    refresh_repeat: 0,
    lower_prio_repeat: 0,
    lower_prio_delay: Duration::ZERO,
};

/// A router in Initialize that knows its address. Its spread is 0: nothing is shifted by a hash.
pub(crate) fn router(config: Config) -> VirtualRouter {
    let mut router = VirtualRouter::new(config, 0);
    assert!(router.handle(Instant::ORIGIN, Input::Source(address(2))).is_empty());
    router
}

/// A router that became Backup at the origin.
pub(crate) fn backup(config: Config) -> VirtualRouter {
    let mut router = router(config);
    let _ = router.handle(Instant::ORIGIN, Input::Startup);
    router
}

/// A router that became Active at the origin and whose addresses are in place and announced for good.
pub(crate) fn active(config: Config) -> VirtualRouter {
    let mut router = router(config);
    let _ = router.handle(Instant::ORIGIN, Input::Resume);
    let _ = router.handle(Instant::ORIGIN, Input::Claimed);
    router
}

/// What 10.0.0.`host` says with its `priority`, every second and for the same addresses.
pub(crate) fn heard(priority: u8, host: u8) -> Received {
    Received {
        source: address(host),
        priority: Priority::new(priority),
        interval: AdverInterval::DEFAULT,
        addresses_differ: false,
        coverage: Coverage::PseudoHeader,
    }
}

/// [`heard`] as an input.
pub(crate) fn advert(priority: u8, host: u8) -> Input {
    Input::Advertisement(heard(priority, host))
}

/// What [`heard`] says, of a router that differs in everything that may differ.
pub(crate) fn misfit(priority: u8, host: u8) -> Input {
    Input::Advertisement(Received {
        interval: AdverInterval::from_secs(2).unwrap(),
        addresses_differ: true,
        coverage: Coverage::Message,
        ..heard(priority, host)
    })
}

/// The order to advertise with `priority`.
pub(crate) const fn advertise(priority: u8) -> Output {
    Output::Advertise(Priority::new(priority))
}

/// How many advertisements are among `orders`.
pub(crate) fn advertisements(orders: &Outputs) -> usize {
    orders.iter().filter(|order| matches!(order, Output::Advertise(_))).count()
}

/// `Active_Down_Timer` of a Backup.
pub(crate) fn active_down_timer(router: &VirtualRouter) -> Instant {
    let State::Backup(backup) = router.state() else { panic!("no Backup but {:?}", router.state()) };
    backup.active_down_timer
}

/// `Adver_Timer` of an Active router.
pub(crate) fn adver_timer(router: &VirtualRouter) -> Instant {
    let State::Active(active) = router.state() else { panic!("not Active but {:?}", router.state()) };
    active.adver_timer
}

/// [`config`] with these checks and what each moves.
pub(crate) fn tracking(tracks: &[(u32, Weight)]) -> Config {
    let tracks = tracks.iter().map(|(check, weight)| Track { check: CheckId(*check), weight: *weight });
    Config { tracks: tracks.collect(), ..config() }
}

/// [`config`] with check 7 as a requirement of claiming.
pub(crate) fn requiring(otherwise: OnClaim) -> Config {
    Config { claim_requires: [Requirement { check: CheckId(7), otherwise }].into(), ..config() }
}

/// The news of a check.
pub(crate) const fn says(check: u32, verdict: Verdict) -> Input {
    Input::Check(CheckId(check), verdict)
}

/// `Active_Down_Interval` and `Skew_Time` of a router of this priority that hears others every second.
pub(crate) const fn down_interval(priority: u64) -> Duration {
    Duration::from_nanos(3_000_000_000 + 1_000_000_000 * (256 - priority) / 256)
}

/// When the addresses are claimed, according to [`run`].
pub(crate) fn claims(ordered: &[(Instant, Output)]) -> Vec<Instant> {
    ordered.iter().filter(|(_, order)| *order == Output::Claim).map(|(moment, _)| *moment).collect()
}

/// The state's name.
pub(crate) fn name(router: &VirtualRouter) -> Name {
    router.state().name()
}

/// Lets the timers fire, each at its moment, up to and with `until`; gives what was ordered, and when.
pub(crate) fn run(router: &mut VirtualRouter, until: Instant) -> Vec<(Instant, Output)> {
    let mut ordered = Vec::new();
    while let Some((due, _)) = router.next_timeout().filter(|(due, _)| *due <= until) {
        let orders = router.handle(due, Input::Timeout);
        ordered.extend(orders.into_iter().map(|order| (due, order)));
    }
    ordered
}
