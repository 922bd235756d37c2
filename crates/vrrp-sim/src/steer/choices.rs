//! What bytes choose.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{
    AddressList, CheckId, Checksum, Config, Drain, Habits, Ineligible, Input, Instant, OnClaim, OnDegraded, Preempt,
    Requirement, Stop, Track, Verdict, Weight,
};
use vrrp_wire::{AdverInterval, Authentication, Family, GROUP_V4, GROUP_V6, Priority, Version, Vrid};

use crate::setup::source;

/// The virtual routers of the node: version, family, VRID.
pub(super) const ROUTERS: [(Version, Family, u8); 4] = [
    (Version::V3, Family::V4, 51),
    (Version::V3, Family::V6, 51),
    (Version::V2, Family::V4, 52),
    (Version::V3, Family::V4, 53),
];

/// Bytes, and zeroes once they are used up.
#[derive(Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    /// The next one, if there is one.
    pub(super) fn pop(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next one.
    pub(super) fn next(&mut self) -> u8 {
        self.pop().unwrap_or(0)
    }

    /// As many as there are of so many.
    pub(super) fn take(&mut self, count: usize) -> &[u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The configuration of a virtual router.
pub(super) fn configure(place: usize, bytes: &mut Bytes<'_>) -> Option<Config> {
    let (version, family, vrid) = *ROUTERS.get(place)?;
    let [choice, health, habits] = [bytes.next(), bytes.next(), bytes.next()];
    let address = source(family, 0, 99);
    let mut config = Config::new(version, Vrid::new(vrid)?, AddressList::of(family, [address]));
    config.priority = [100, 255, 1, 254].map(Priority::new).get(usize::from(choice % 4)).copied()?;
    config.preempt = match choice / 4 % 4 {
        0 => Preempt::Never,
        1 => Preempt::After(Duration::from_secs(2)),
        _ => Preempt::Immediately,
    };
    config.interval = interval(version, choice);
    if version == Version::V2 && choice & 0x80 != 0 {
        config.authentication = Authentication::Simple(*b"secret12");
    }
    config.checksum = match choice / 32 % 4 {
        0 => Checksum::Auto,
        1 => Checksum::Message,
        _ => Checksum::PseudoHeader,
    };
    habituate(&mut config.habits, choice, habits);
    watch(&mut config, health);
    Some(config)
}

const fn habituate(habits: &mut Habits, choice: u8, more: u8) {
    if choice & 0x10 != 0 {
        *habits = Habits::STRICT;
    }
    habits.lower_prio_no_advert |= more & 1 != 0;
    habits.higher_prio_send_advert |= more & 2 != 0;
    habits.preempt_degraded |= more & 4 != 0;
    habits.confirm_silence |= more & 8 != 0;
    habits.owner_ignore_adverts |= more & 16 != 0;
    habits.hand_over &= more & 32 == 0;
    habits.damp_preemption &= more & 64 == 0;
    habits.listen_after_link_up &= more & 128 == 0;
}

/// Checks 0 and 1 by weight or by none, check 2 as what a claim requires.
fn watch(config: &mut Config, health: u8) {
    let amount = [0, -60, 60, 1].get(usize::from(health / 4 % 4)).copied().unwrap_or(0);
    let track = |check, amount| Track { check: CheckId(check), weight: Weight { amount, reverse: health & 16 != 0 } };
    let tracks = [track(0, amount), track(1, 0)];
    config.tracks = tracks.get(..usize::from(health % 4).min(2)).unwrap_or_default().into();
    let otherwise = if health & 32 == 0 { OnClaim::HoldBack } else { OnClaim::HoldBackOnce };
    if health & 64 != 0 {
        config.claim_requires = [Requirement { check: CheckId(2), otherwise }].into();
    }
    config.on_degraded = if health & 128 == 0 { OnDegraded::Stay } else { OnDegraded::Resign };
}

/// Anything that a driver tells a virtual router; what members of a group tell each other is the node's own affair.
pub(super) fn input(now: Instant, what: u8, argument: u8) -> Input {
    let host = argument % 4;
    match what % 24 {
        0..=2 => Input::Startup,
        3 => Input::Resume,
        4 => Input::Shutdown(Stop::HandOver),
        5 => Input::Shutdown(Stop::Now),
        6 => Input::Raise(cause(argument)),
        7 | 8 => Input::Clear(cause(argument)),
        9 => Input::Priority(Priority::new(argument)),
        10 => Input::Source(source(if what < 128 { Family::V4 } else { Family::V6 }, 0, host)),
        11 | 12 => Input::Claimed,
        13 => Input::Released,
        14 => Input::SendFailing(argument.is_multiple_of(2)),
        15..=17 => Input::Check(CheckId(u32::from(argument % 3)), verdict(argument / 3)),
        18 => Input::Confirmed(CheckId(u32::from(argument % 3)), now - Duration::from_millis(u64::from(argument) * 32)),
        19 => Input::Proof,
        20 => Input::Answered,
        21 => Input::Drain(if argument.is_multiple_of(2) { Drain::IfRelieved } else { Drain::Force }),
        22 => Input::Takeover((argument != 0).then(|| Priority::new(argument))),
        _ => Input::Rejected(source(Family::V4, 0, host), vrrp_core::Reject::AuthenticationData),
    }
}

fn cause(choice: u8) -> Ineligible {
    let causes = [
        Ineligible::Drained,
        Ineligible::InterfaceDown(0),
        Ineligible::NoSourceAddress(0),
        Ineligible::NoSocket(0),
        Ineligible::ClaimRefused,
        Ineligible::StartupDelay,
        Ineligible::SendFailing,
        Ineligible::DuplicateSource,
    ];
    causes.get(usize::from(choice % 8)).copied().unwrap_or(Ineligible::Drained)
}

const fn verdict(choice: u8) -> Verdict {
    match choice % 8 {
        0..=2 => Verdict::Up,
        3 | 4 => Verdict::Down,
        5 => Verdict::Unknown,
        6 => Verdict::Silent,
        _ => Verdict::Value(choice as i64 / 8 - 16),
    }
}

pub(super) fn interval(version: Version, choice: u8) -> AdverInterval {
    let centis = match version {
        Version::V2 => u16::from(choice % 3 + 1) * 100,
        Version::V3 => u16::from(choice) + 1,
    };
    AdverInterval::from_centis(centis).unwrap_or(AdverInterval::DEFAULT)
}

pub(super) const fn group(family: Family) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(GROUP_V4),
        Family::V6 => IpAddr::V6(GROUP_V6),
    }
}
