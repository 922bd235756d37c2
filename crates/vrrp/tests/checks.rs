//! A program that runs its own checks and prepares itself before the addresses go live.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::Arc;

use nix::time::{ClockId, clock_gettime};
use vrrp::{
    Address, AdverInterval, Condition, Event, Events, Ineligible, Name, Node, OnClaim, Reporter, Router, Verdict, Vrid,
    Weight, What, Withheld,
};
use vrrp_lab::{Host, Lab, isolated};

const PATIENCE: Duration = Duration::from_secs(20);
const ADDRESS: [u8; 4] = [10, 0, 0, 100];

/// Takes over after a third of a second.
fn router() -> Router {
    let address = Address::new(ADDRESS.into(), 24, "eth0");
    let router = Router::new("web", "eth0", Vrid::new(51).unwrap(), [address]).priority(150);
    router.protocol(|config| config.interval = AdverInterval::from_centis(10).unwrap())
}

/// A host, 10.0.0.1, with this router on it.
struct Station {
    host: Host,
    node: Node,
    events: Events,
    checks: Reporter,
    _lab: Lab,
}

impl Station {
    fn new(router: Router) -> Self {
        let lab = Lab::new().unwrap();
        let lan = lab.bridge("lan0").unwrap();
        let host = lab.host("one").unwrap();
        host.attach(&lan, "eth0", &["10.0.0.1/24"]).unwrap();
        let (node, events) = host.on(|| Node::builder().router(router).start()).unwrap().unwrap();
        let checks = node.reporter();
        Self { host, node, events, checks, _lab: lab }
    }

    /// Reads events until the wanted one has come; gives those before it.
    fn wait_for(&mut self, wanted: impl Fn(&What) -> bool) -> Vec<Event> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut before = Vec::new();
        let reading = async {
            loop {
                let event = self.events.recv().await.unwrap();
                if wanted(&event.what) {
                    return;
                }
                before.push(event);
            }
        };
        runtime.block_on(async { tokio::time::timeout(PATIENCE, reading).await }).unwrap();
        before
    }

    fn placed(&mut self) -> Vec<Event> {
        self.wait_for(|what| matches!(what, What::Placed { missing } if missing.is_empty()))
    }

    fn moved(&mut self, state: Name) -> Vec<Event> {
        self.wait_for(|what| matches!(what, What::Moved { to, .. } if *to == state))
    }

    /// Waits until a cause that speaks of the check of this name begins or ends.
    fn cause(&mut self, wanted: fn(u32) -> Ineligible, name: &str, begins: bool) {
        self.wait_for(|what| {
            matches!(what, What::Ineligible { cause, about, began }
                if *cause == wanted(0) && about.as_deref() == Some(name) && *began == begins)
        });
    }

    fn serves(&self) -> bool {
        self.host.has_address("eth0", ADDRESS).unwrap()
    }

    fn waits_until_it_serves(&self, serves: bool) {
        self.host.wait_for_address("eth0", ADDRESS, serves, PATIENCE).unwrap();
    }
}

/// A moment of the clock that a pulse is compared with.
fn now() -> u64 {
    let now = Duration::from(clock_gettime(ClockId::CLOCK_MONOTONIC).unwrap());
    u64::try_from(now.as_nanos()).unwrap()
}

fn is_withheld(what: &What, begins: bool) -> bool {
    matches!(what, What::Condition { condition: Condition::Withheld(Withheld::Requires(_)), began, about }
        if *began == begins && about.as_deref() == Some("gateway"))
}

#[test]
fn a_check_decides_whether_a_router_serves() {
    isolated(|| {
        let mut one = Station::new(Router { tracks: vec![("disk".into(), Weight::NONE)], ..router() });
        one.cause(Ineligible::CheckPending, "disk", true);
        one.checks.check("disk", Verdict::Up, "");
        one.placed();
        one.checks.check("disk", Verdict::Down, "it is full");
        one.wait_for(|what| matches!(what, What::Check { words, .. } if &**words == "it is full"));
        one.cause(Ineligible::Check, "disk", true);
        one.moved(Name::Initialize);
        one.waits_until_it_serves(false);
        one.checks.check("disk", Verdict::Up, "");
        one.cause(Ineligible::Check, "disk", false);
        one.placed();
    });
}

#[test]
fn a_check_with_a_weight_moves_the_priority_and_one_that_nobody_tracks_moves_nothing() {
    isolated(|| {
        let tracks = vec![("load".into(), Weight::of(-20)), ("drain".into(), Weight::of(1))];
        let mut one = Station::new(Router { tracks, ..router() });
        one.placed();
        for (name, verdict, priority) in [
            ("load", Verdict::Down, 130),
            ("drain", Verdict::Value(-30), 100),
            ("load", Verdict::Up, 120),
            ("drain", Verdict::Value(0), 150),
        ] {
            one.checks.check("stranger", Verdict::Down, "");
            one.checks.check(name, verdict, "");
            let before = one.wait_for(|what| matches!(what, What::Priority { to, .. } if to.get() == priority));
            assert!(!before.iter().any(|event| matches!(event.what, What::Moved { .. } | What::Priority { .. })));
        }
        assert!(one.serves());
    });
}

#[test]
fn a_required_check_holds_a_claim_back_for_ever_or_once() {
    isolated(|| {
        let requires = |otherwise| Router { claim_requires: vec![("gateway".into(), otherwise)], ..router() };
        let mut one = Station::new(requires(OnClaim::HoldBack));
        one.checks.check("gateway", Verdict::Down, "no answer");
        one.moved(Name::Backup);
        one.wait_for(|what| is_withheld(what, true));
        assert!(!one.serves());
        one.checks.check("gateway", Verdict::Up, "");
        one.moved(Name::Active);
        one.wait_for(|what| is_withheld(what, false));
        one.waits_until_it_serves(true);
        drop(one);

        // One that never had a result is not up either.
        let mut one = Station::new(requires(OnClaim::HoldBackOnce));
        one.wait_for(|what| is_withheld(what, true));
        one.moved(Name::Active);
    });
}

#[test]
fn a_runner_of_checks_that_falls_silent_is_a_cause_until_it_is_heard_again() {
    isolated(|| {
        let mut one = Station::new(Router { tracks: vec![("disk".into(), Weight::NONE)], ..router() });
        let stamp = Arc::new(AtomicU64::new(now()));
        one.checks.pulse(Arc::clone(&stamp));
        one.checks.check("disk", Verdict::Up, "");
        one.placed();
        one.cause(Ineligible::CheckSilent, "disk", true);
        one.moved(Name::Initialize);
        one.waits_until_it_serves(false);
        stamp.store(now(), Ordering::Relaxed);
        one.cause(Ineligible::CheckSilent, "disk", false);
        one.placed();
    });
}

#[test]
fn the_addresses_go_live_when_the_program_is_ready() {
    isolated(|| {
        let mut one = Station::new(Router { pre_active: Some(PATIENCE), ..router() });
        let capture = one.host.capture("eth0").unwrap();
        one.moved(Name::Active);
        // It advertises meanwhile: three intervals on, nobody else has claimed.
        for _ in 0..3 {
            capture.wait_for_since(capture.mark(), |frame| frame.vrrp().is_some(), PATIENCE).unwrap();
        }
        assert!(!one.serves());
        one.node.prepared("web");
        let before = one.placed();
        assert!(!before.iter().any(|event| matches!(event.what, What::Unprepared)));
        one.waits_until_it_serves(true);
    });
}

#[test]
fn the_addresses_go_live_at_the_deadline_whether_the_program_is_ready_or_not() {
    isolated(|| {
        let mut one = Station::new(Router { pre_active: Some(Duration::from_millis(300)), ..router() });
        one.moved(Name::Active);
        one.wait_for(|what| matches!(what, What::Unprepared));
        one.placed();
    });
}

#[test]
fn a_router_that_fails_while_it_is_prepared_for_gets_no_addresses() {
    isolated(|| {
        let tracks = vec![("disk".into(), Weight::NONE)];
        let mut one = Station::new(Router { pre_active: Some(PATIENCE), tracks, ..router() });
        one.checks.check("disk", Verdict::Up, "");
        one.moved(Name::Active);
        one.checks.check("disk", Verdict::Down, "");
        one.moved(Name::Initialize);
        one.checks.prepared("web");
        // What is told after it was taken: nothing was placed before.
        one.checks.check("disk", Verdict::Up, "");
        let before = one.moved(Name::Active);
        assert!(!before.iter().any(|event| matches!(event.what, What::Placed { .. })), "{before:?}");
        assert!(!one.serves());
        one.node.prepared("web");
        one.placed();
    });
}
