//! What holds for every sequence of inputs at any times, also times that go backwards.

use core::time::Duration;

use proptest::prelude::*;
use vrrp_core::{
    CheckId, Config, Drain, Habits, Ineligible, Input, Instant, Name, OnClaim, OnDegraded, Output, Outputs, Preempt,
    Pull, Received, Reject, Requirement, RouterId, State, Stop, Track, Verdict, VirtualRouter, Weight,
};
use vrrp_wire::{AdverInterval, Coverage, Priority, Version};

use crate::fixture::{address, at, config};

fn inputs() -> impl Strategy<Value = Input> {
    let other = RouterId::from_index(7);
    let cause = prop_oneof![
        Just(Ineligible::Drained),
        Just(Ineligible::InterfaceDown(1)),
        Just(Ineligible::NoSocket(1)),
        Just(Ineligible::Group(other)),
    ];
    let verdict = prop_oneof![
        4 => Just(Verdict::Up),
        2 => Just(Verdict::Down),
        1 => Just(Verdict::Unknown),
        1 => Just(Verdict::Silent),
        1 => (-3..4_i64).prop_map(Verdict::Value),
    ];
    let drain = prop_oneof![Just(Drain::IfRelieved), Just(Drain::Force)];
    let pull = prop_oneof![
        Just(Pull::To(Name::Active, other)),
        Just(Pull::To(Name::Backup, other)),
        Just(Pull::HandOver(other)),
        (0..40_000_u64).prop_map(move |heard| Pull::HoldBack(other, at(heard))),
        Just(Pull::Ceiling(None)),
        (1..255_u8).prop_map(|ceiling| Pull::Ceiling(Some(Priority::new(ceiling)))),
    ];
    let reject = prop_oneof![Just(Reject::Own), Just(Reject::AuthenticationData), Just(Reject::Delivery),];
    let stop = prop_oneof![Just(Stop::HandOver), Just(Stop::Now)];
    prop_oneof![
        4 => Just(Input::Startup),
        1 => Just(Input::Resume),
        1 => stop.prop_map(Input::Shutdown),
        20 => Just(Input::Timeout),
        20 => received().prop_map(Input::Advertisement),
        2 => (1..5_u8, reject).prop_map(|(host, reject)| Input::Rejected(address(host), reject)),
        1 => cause.clone().prop_map(Input::Raise),
        4 => cause.prop_map(Input::Clear),
        2 => any::<u8>().prop_map(|priority| Input::Priority(Priority::new(priority))),
        1 => (1..5_u8).prop_map(|host| Input::Source(address(host))),
        6 => Just(Input::Claimed),
        3 => Just(Input::Released),
        2 => any::<bool>().prop_map(Input::SendFailing),
        12 => (0..5_u32, verdict).prop_map(|(check, verdict)| Input::Check(CheckId(check), verdict)),
        1 => Just(Input::Proof),
        3 => Just(Input::Answered),
        1 => drain.prop_map(Input::Drain),
        2 => any::<Option<u8>>().prop_map(|asked| Input::Takeover(asked.map(Priority::new))),
        3 => pull.prop_map(Input::Group),
    ]
}

fn received() -> impl Strategy<Value = Received> {
    let priority = prop_oneof![Just(0), Just(99), Just(100), Just(101), Just(255), any::<u8>()];
    (1..5_u8, priority, 1..400_u16, any::<bool>(), any::<bool>()).prop_map(
        |(host, priority, centis, addresses_differ, message)| Received {
            source: address(host),
            priority: Priority::new(priority),
            interval: AdverInterval::from_centis(centis).unwrap(),
            addresses_differ,
            coverage: if message { Coverage::Message } else { Coverage::PseudoHeader },
        },
    )
}

/// Checks 0 to 2 by weight, or by none; 3 and 4 are required.
fn tracks() -> impl Strategy<Value = (Box<[Track]>, Box<[Requirement]>, OnDegraded)> {
    let track = (0..3_u32, prop_oneof![Just(0), -60..60_i16], any::<bool>())
        .prop_map(|(check, amount, reverse)| Track { check: CheckId(check), weight: Weight { amount, reverse } });
    let otherwise = prop_oneof![Just(OnClaim::HoldBack), Just(OnClaim::HoldBackOnce)];
    let required =
        (3..5_u32, otherwise).prop_map(|(check, otherwise)| Requirement { check: CheckId(check), otherwise });
    let on_degraded = prop_oneof![Just(OnDegraded::Stay), Just(OnDegraded::Resign)];
    let tracks = proptest::collection::vec(track, 0..4).prop_map(Vec::into_boxed_slice);
    let required = proptest::collection::vec(required, 0..2).prop_map(Vec::into_boxed_slice);
    (tracks, required, on_degraded)
}

fn configs() -> impl Strategy<Value = Config> {
    let preempt =
        prop_oneof![Just(Preempt::Immediately), Just(Preempt::Never), Just(Preempt::After(Duration::from_secs(2))),];
    let priority = prop_oneof![4 => Just(100), 1 => Just(255), 1 => any::<u8>()];
    (priority, preempt, any::<[bool; 10]>(), 1..300_u16, tracks()).prop_map(
        |(priority, preempt, [a, b, c, d, e, f, g, h, i, strict], centis, health)| Config {
            tracks: health.0,
            claim_requires: health.1,
            on_degraded: health.2,
            priority: Priority::new(priority),
            preempt,
            version: Version::V3,
            interval: AdverInterval::from_centis(centis).unwrap(),
            habits: if strict {
                Habits::STRICT
            } else {
                Habits {
                    limit_assertions: a,
                    last_lower_advertisement: b,
                    hand_over: c,
                    lower_prio_no_advert: d,
                    higher_prio_send_advert: e,
                    preempt_degraded: f,
                    damp_preemption: g,
                    listen_after_link_up: h,
                    confirm_silence: i,
                    ..Habits::default()
                }
            },
            ..config()
        },
    )
}

/// An input, and where on a line of 40 s it happens relative to the one before: mostly later.
fn steps() -> impl Strategy<Value = Vec<(i64, Input)>> {
    let wait = prop_oneof![
        6 => 0..2_000_000_000_i64,
        2 => 0..20_000_000_i64,
        1 => Just(0),
        1 => -5_000_000_000..0_i64,
    ];
    proptest::collection::vec((wait, inputs()), 1..120)
}

/// What the orders so far say about the router; fails when they contradict it or each other.
#[derive(Default)]
struct Told {
    claims: bool,
    at: Option<Name>,
}

impl Told {
    fn take(&mut self, before: Name, router: &VirtualRouter, input: Input, orders: &Outputs) {
        for order in orders.iter() {
            match order {
                Output::Claim => {
                    assert!(!self.claims, "claimed twice");
                    self.claims = true;
                }
                Output::Release => {
                    let inherited = before == Name::Initialize && input == Input::Resume;
                    assert!(self.claims || inherited, "released what was not claimed");
                    self.claims = false;
                }
                Output::Moved { from, to, .. } => {
                    assert_eq!(from, self.at.unwrap_or(Name::Initialize), "a gap in the moves");
                    assert_ne!(from, to);
                    self.at = Some(to);
                }
                Output::Announce => assert!(self.claims, "announced without a claim"),
                Output::Probe(_) => assert_eq!(before, Name::Backup, "asked who needs not know"),
                Output::Advertise(_) | Output::Raised(_) | Output::Cleared(_) | Output::Priority { .. } => {}
                _ => panic!("an order without a rule: {order:?}"),
            }
        }
        let name = router.state().name();
        assert_eq!(self.at.unwrap_or(Name::Initialize), name);
        assert_eq!(self.claims, name == Name::Active);
        let wakes = matches!(input, Input::Startup | Input::Resume | Input::Clear(_) | Input::Check(..));
        if before == Name::Initialize && !wakes {
            let told = |order| !matches!(order, Output::Raised(_) | Output::Cleared(_) | Output::Priority { .. });
            assert!(!orders.iter().any(told), "Initialize ordered {orders:?}");
        }
    }
}

/// Whether an Active router may say priority 0 because of it.
const fn may_resign(input: Input) -> bool {
    matches!(
        input,
        Input::Shutdown(_) | Input::Raise(_) | Input::Drain(_) | Input::Check(..) | Input::Group(Pull::HandOver(_))
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn orders_agree_with_each_other_and_with_the_state(config in configs(), spread: u16, steps in steps()) {
        let mut router = VirtualRouter::new(config, spread);
        let mut told = Told::default();
        let mut now = Instant::from_nanos(20_000_000_000);
        for (wait, input) in steps {
            now = Instant::from_nanos(now.as_nanos().saturating_add_signed(wait));
            let before = router.state().name();
            let leaving = matches!(router.state(), State::Leaving(_));
            let orders = router.handle(now, input);
            told.take(before, &router, input, &orders);
            for order in orders.iter() {
                if let Output::Advertise(priority) = order {
                    let says_0 = leaving || may_resign(input);
                    prop_assert!(says_0 || priority != Priority::RELEASE);
                }
            }
            prop_assert_eq!(router.causes().is_empty() || router.state().name() == Name::Initialize, true);
        }
    }

    #[test]
    fn no_deadline_is_left_behind_once_it_was_handled(config in configs(), spread: u16, steps in steps()) {
        let mut router = VirtualRouter::new(config, spread);
        let mut now = Instant::from_nanos(20_000_000_000);
        for (wait, input) in steps {
            now = Instant::from_nanos(now.as_nanos().saturating_add_signed(wait));
            let _ = router.handle(now, input);
            let _ = router.handle(now, Input::Timeout);
            if let Some((due, timer)) = router.next_timeout() {
                prop_assert!(due > now, "{timer:?} is due at {due}, it is {now}");
            }
            if let Some((due, timer)) = router.next_timeout() {
                let _ = router.handle(due, Input::Timeout);
                let moved_on = router.next_timeout().is_none_or(|(next, _)| next > due);
                prop_assert!(moved_on, "{timer:?} fired and is still due");
                now = due;
            }
        }
    }

    #[test]
    fn any_time_will_do(config in configs(), steps in proptest::collection::vec((any::<u64>(), inputs()), 1..60)) {
        let mut router = VirtualRouter::new(config, 7);
        let mut told = Told::default();
        for (nanos, input) in steps {
            let before = router.state().name();
            let orders = router.handle(Instant::from_nanos(nanos), input);
            told.take(before, &router, input, &orders);
            let _ = router.next_timeout();
        }
    }

    #[test]
    fn a_condition_ends_only_if_it_began_and_begins_only_if_it_had_ended(config in configs(), steps in steps()) {
        let mut router = VirtualRouter::new(config, 7);
        let mut held = Vec::new();
        let mut now = Instant::from_nanos(20_000_000_000);
        for (wait, input) in steps {
            now = Instant::from_nanos(now.as_nanos().saturating_add_signed(wait));
            for order in router.handle(now, input) {
                match order {
                    Output::Raised(condition) => {
                        let kind = core::mem::discriminant(&condition);
                        prop_assert!(!held.contains(&kind));
                        held.push(kind);
                    }
                    Output::Cleared(condition) => {
                        let kind = core::mem::discriminant(&condition);
                        prop_assert!(held.contains(&kind));
                        held.retain(|other| *other != kind);
                    }
                    Output::Advertise(_)
                    | Output::Claim
                    | Output::Announce
                    | Output::Release
                    | Output::Priority { .. }
                    | Output::Probe(_)
                    | Output::Moved { .. } => {}
                    _ => panic!("an order without a rule: {order:?}"),
                }
            }
            prop_assert_eq!(router.conditions().count(), held.len());
        }
    }
}
