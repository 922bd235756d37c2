//! Every state times every input: what is ordered, which state follows, which timer runs then.
//!
//! The expectation is `table.txt`, made to be read beside RFC 9568 §6.4; the test demands a line for each pair.

use core::fmt::Write;
use core::time::Duration;

use vrrp_core::{
    CheckId, Condition, Config, Contest, Drain, Habits, Ineligible, Input, Instant, Name, OnClaim, OnDegraded, Output,
    Outputs, Preempt, Pull, Received, Reject, RouterId, State, Stop, Timer, Track, Verdict, VirtualRouter, Weight,
};
use vrrp_wire::{AdverInterval, DecodeError, Priority, Version};

use crate::fixture::{self, active, address, advert, at, backup, heard, ms, router, run};

/// When the last input before the row's arrived, if the state needs one, and when the row's own does.
const BEFORE: u64 = 490;
const NOW: u64 = 500;

const FAULT: Ineligible = Ineligible::InterfaceDown(1);

const CHECK: CheckId = CheckId(1);
const OTHER: RouterId = RouterId::from_index(9);

/// One check takes 20 points.
fn config() -> Config {
    let track = Track { check: CHECK, weight: Weight::of(-20) };
    Config { tracks: [track].into(), ..fixture::config() }
}

fn states() -> Vec<(&'static str, VirtualRouter)> {
    let waiting = {
        let mut router = router(config());
        let _ = router.handle(at(0), Input::Raise(FAULT));
        let _ = router.handle(at(0), Input::Startup);
        router
    };
    let after = |mut router: VirtualRouter, input| {
        run(&mut router, at(BEFORE));
        let _ = router.handle(at(BEFORE), input);
        router
    };
    let delayed = Config { preempt: Preempt::After(ms(3_000)), ..config() };
    let unclaimed = after(router(config()), Input::Resume);
    let asking = Config { habits: Habits { confirm_silence: true, ..config().habits }, ..config() };
    let asked = {
        let mut router = backup(asking);
        let interval = AdverInterval::from_centis(14).unwrap();
        let _ = router.handle(at(0), Input::Advertisement(Received { interval, ..heard(200, 9) }));
        run(&mut router, at(BEFORE));
        router
    };
    vec![
        ("Initialize", router(config())),
        ("Initialize, started, interface down", waiting),
        ("Backup", backup(config())),
        ("Backup after priority 0", after(backup(config()), advert(0, 1))),
        ("Backup, preempt_delay running", after(backup(delayed), advert(50, 1))),
        ("Backup, last lower advertisement owed", after(active(config()), advert(200, 9))),
        ("Backup, probe sent", asked),
        ("Active, addresses not in place", unclaimed),
        ("Active", after(active(config()), Input::Startup)),
        ("Active, owner", after(active(Config { priority: Priority::OWNER, ..config() }), Input::Startup)),
        ("Leaving", after(active(config()), Input::Shutdown(Stop::HandOver))),
    ]
}

/// Those that a router passes through within a second or two.
fn passing_states() -> Vec<(&'static str, VirtualRouter)> {
    let told = |mut router: VirtualRouter, inputs: &[(u64, Input)]| {
        for (millis, input) in inputs {
            run(&mut router, at(*millis));
            let _ = router.handle(at(*millis), *input);
        }
        run(&mut router, at(BEFORE));
        router
    };
    // Active_Down_Interval is 433 ms.
    let quick = || Config { interval: AdverInterval::from_centis(12).unwrap(), ..config() };
    let required = fixture::requiring(OnClaim::HoldBack).claim_requires;
    let resigning = Config { on_degraded: OnDegraded::Resign, ..config() };
    let stops = (400, Input::Shutdown(Stop::HandOver));
    vec![
        ("Backup, claim withheld", told(backup(Config { claim_requires: required, ..quick() }), &[])),
        ("Active, preempting, addresses not in place", told(backup(quick()), &[(1, advert(50, 1))])),
        ("Active, just preempted 10.0.0.1", told(backup(quick()), &[(1, advert(50, 1)), (434, Input::Claimed)])),
        ("Active, an answer owed", told(active(config()), &[(400, advert(50, 9)); 6])),
        ("Leaving, successor heard", told(active(config()), &[stops, (BEFORE, advert(90, 9))])),
        ("Leaving, drained", told(active(config()), &[(400, Input::Drain(Drain::IfRelieved))])),
        ("Leaving, degraded", told(active(resigning), &[(400, Input::Check(CHECK, Verdict::Down))])),
        ("Leaving, started again", told(active(config()), &[stops, (BEFORE, Input::Startup)])),
    ]
}

fn inputs() -> Vec<(&'static str, Input)> {
    let malformed = Reject::Malformed(DecodeError::CountZero);
    let other_version = Reject::Version { received: Version::V2 };
    vec![
        ("Startup", Input::Startup),
        ("Resume", Input::Resume),
        ("Shutdown, hand over", Input::Shutdown(Stop::HandOver)),
        ("Shutdown, now", Input::Shutdown(Stop::Now)),
        ("Timeout, early", Input::Timeout),
        ("Timeout, due", Input::Timeout),
        ("priority 0", advert(0, 1)),
        ("lower", advert(50, 1)),
        ("equal, lower address", advert(100, 1)),
        ("equal, same address", advert(100, 2)),
        ("equal, greater address", advert(100, 3)),
        ("higher", advert(200, 1)),
        ("255, lower address", advert(255, 1)),
        ("255, greater address", advert(255, 3)),
        ("other version", Input::Rejected(address(3), other_version)),
        ("own source address", Input::Rejected(address(2), Reject::Own)),
        ("malformed", Input::Rejected(address(3), malformed)),
        ("interface goes down", Input::Raise(FAULT)),
        ("interface comes back", Input::Clear(FAULT)),
        ("unknown cause clears", Input::Clear(Ineligible::Drained)),
        ("priority becomes 120", Input::Priority(Priority::new(120))),
        ("source address", Input::Source(address(7))),
        ("addresses in place", Input::Claimed),
        ("addresses gone", Input::Released),
        ("sending fails", Input::SendFailing(true)),
        ("sending works", Input::SendFailing(false)),
        ("a check fails", Input::Check(CHECK, Verdict::Down)),
        ("link proves itself", Input::Proof),
        ("silent one answers", Input::Answered),
        ("drain", Input::Drain(Drain::IfRelieved)),
        ("drain, force", Input::Drain(Drain::Force)),
        ("takeover with 150", Input::Takeover(Some(Priority::new(150)))),
        ("group to Active", Input::Group(Pull::To(Name::Active, OTHER))),
        ("group to Backup", Input::Group(Pull::To(Name::Backup, OTHER))),
        ("group hands over", Input::Group(Pull::HandOver(OTHER))),
        ("group holds back", Input::Group(Pull::HoldBack(OTHER, at(BEFORE)))),
        ("group has 80", Input::Group(Pull::Ceiling(Some(Priority::new(80))))),
    ]
}

#[test]
fn every_state_answers_every_input_as_the_table_says() {
    let mut table = String::new();
    for (state, router) in states().into_iter().chain(passing_states()) {
        writeln!(table, "## {state}").unwrap();
        for (name, input) in inputs() {
            let mut router = router.clone();
            let due = router.next_timeout().map(|(due, _)| due);
            let now = match name {
                "Timeout, due" => due.unwrap_or_else(|| at(NOW)),
                "Timeout, early" => due.map_or_else(|| at(NOW), |due| due - Duration::from_nanos(1)),
                _ => at(NOW),
            };
            let orders = router.handle(now, input);
            writeln!(table, "{name:24}| {:60}| {}", text(&orders), stand(&router, now)).unwrap();
        }
    }
    let expected = include_str!("table.txt");
    for (line, (is, should)) in table.lines().zip(expected.lines()).enumerate() {
        assert_eq!(is, should, "table.txt:{}", line + 1);
    }
    assert_eq!(table.lines().count(), expected.lines().count());
}

/// The orders in one word each.
fn text(orders: &Outputs) -> String {
    let words: Vec<String> = orders.iter().map(word).collect();
    if words.is_empty() { "-".into() } else { words.join(" ") }
}

fn word(order: Output) -> String {
    match order {
        Output::Advertise(priority) => format!("Advertise({priority})"),
        Output::Moved { from, to, why } => {
            let why = format!("{why:?}");
            let why = why.split([' ', '(', '{']).next().unwrap_or("");
            format!("{from:?}->{to:?}:{why}")
        }
        Output::Raised(Condition::Contested { by, reason }) => {
            let reason = match reason {
                Contest::Lower(_) => "lower",
                Contest::LowerAddress(_) => "address",
                Contest::Undecided(_) => "undecided",
                Contest::Discarded(_) => "discarded",
            };
            format!("Raised(Contested {by} {reason})")
        }
        Output::Raised(condition) => format!("Raised({})", kind(&condition)),
        Output::Cleared(condition) => format!("Cleared({})", kind(&condition)),
        Output::Priority { from, to } => format!("Priority({from}->{to})"),
        Output::Probe(whom) => format!("Probe({whom})"),
        Output::Claim | Output::Announce | Output::Release => format!("{order:?}"),
        _ => panic!("an order without a word: {order:?}"),
    }
}

fn kind(condition: &Condition) -> String {
    let text = format!("{condition:?}");
    text.split([' ', '(', '{']).next().unwrap_or("").into()
}

/// The state, and the timer that is next with the time it has left.
fn stand(router: &VirtualRouter, now: Instant) -> String {
    let mut text = format!("{:?}", router.state());
    text.truncate(text.find(['(', ' ']).unwrap_or(text.len()));
    let own = match router.state() {
        State::Initialize | State::Leaving(_) => None,
        State::Backup(backup) => Some((backup.active_down_timer, Timer::ActiveDown)),
        State::Active(active) => Some((active.adver_timer, Timer::Adver)),
    };
    let next = router.next_timeout().filter(|next| Some(*next) != own);
    for (due, timer) in own.into_iter().chain(next) {
        let timer = match timer {
            Timer::ActiveDown => "Active_Down_Timer",
            Timer::Adver => "Adver_Timer",
            Timer::Announce => "announcement",
            Timer::Assertion => "assertion",
            Timer::LastLower => "last lower",
            Timer::HandOver => "hand-over",
            Timer::Probe => "probe",
            _ => panic!("a timer without a name: {timer:?}"),
        };
        let left = due.since(now).as_secs_f64();
        write!(text, ", {timer} {left:.6}").unwrap();
    }
    text
}
