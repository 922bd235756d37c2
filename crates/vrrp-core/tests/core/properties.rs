//! What holds for every sequence of inputs at any times, also times that go backwards.

use core::time::Duration;

use proptest::prelude::*;
use vrrp_core::{
    Config, Habits, Ineligible, Input, Instant, Name, Output, Outputs, Preempt, Received, Reject, State, Stop,
    VirtualRouter,
};
use vrrp_wire::{AdverInterval, Coverage, Priority, Version};

use crate::fixture::{address, config};

fn inputs() -> impl Strategy<Value = Input> {
    let cause = prop_oneof![Just(Ineligible::Drained), Just(Ineligible::InterfaceDown(1)), Just(Ineligible::Check(3)),];
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

fn configs() -> impl Strategy<Value = Config> {
    let preempt =
        prop_oneof![Just(Preempt::Immediately), Just(Preempt::Never), Just(Preempt::After(Duration::from_secs(2))),];
    let priority = prop_oneof![4 => Just(100), 1 => Just(255), 1 => any::<u8>()];
    (priority, preempt, any::<[bool; 6]>(), 1..300_u16).prop_map(
        |(priority, preempt, [a, b, c, d, e, strict], centis)| Config {
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
                Output::Advertise(_) | Output::Raised(_) | Output::Cleared(_) | Output::Priority { .. } => {}
                other => panic!("an order without a rule: {other:?}"),
            }
        }
        let name = router.state().name();
        assert_eq!(self.at.unwrap_or(Name::Initialize), name);
        assert_eq!(self.claims, name == Name::Active);
        let wakes = matches!(input, Input::Startup | Input::Resume | Input::Clear(_));
        if before == Name::Initialize && !wakes {
            let told = |order| !matches!(order, Output::Raised(_) | Output::Cleared(_) | Output::Priority { .. });
            assert!(!orders.iter().any(told), "Initialize ordered {orders:?}");
        }
    }
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
                    let says_0 = leaving || matches!(input, Input::Shutdown(_) | Input::Raise(_));
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
                    | Output::Moved { .. } => {}
                    other => panic!("an order without a rule: {other:?}"),
                }
            }
            prop_assert_eq!(router.conditions().count(), held.len());
        }
    }
}
