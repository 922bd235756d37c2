//! What people and programs read: a stable word for each value, and a sentence with its evidence.

use core::net::IpAddr;

use vrrp_core::{
    Cause, CheckId, Condition, Contest, Heard, Ineligible, Instant, Name, Reject, RouterId, Timer, Withheld,
};
use vrrp_wire::{AdverInterval, Coverage, DecodeError, Priority, Version};

use crate::fixture::{address, at, ms};

const OTHER: RouterId = RouterId::from_index(9);

fn peer() -> Heard {
    Heard { source: address(3), priority: Priority::new(200), at: at(1) }
}

/// A move's value, its word, its sentence, and the router that it speaks of.
fn causes() -> Vec<(Cause, &'static str, &'static str, Option<IpAddr>)> {
    let (heard, by) = (peer(), address(3));
    let link = Ineligible::InterfaceDown(4);
    let silent = "Active_Down_Timer fired, 10.0.0.3 priority 200 fell silent";
    vec![
        (Cause::Started, "started", "started", None),
        (Cause::Owner, "owner", "owner of the addresses", None),
        (Cause::Resumed, "resumed", "resumed after a restart", None),
        (Cause::Recovered(link), "recovered", "recovered, over: interface down", None),
        (Cause::ActiveDown { last: None }, "active_down", "Active_Down_Timer fired, nobody was ever heard", None),
        (Cause::ActiveDown { last: Some(heard) }, "active_down", silent, Some(by)),
        (Cause::Released { by }, "released", "10.0.0.3 released with priority 0", Some(by)),
        (Cause::Preempting { lower: heard }, "preempting", "preempting 10.0.0.3 priority 200", Some(by)),
        (Cause::Higher { by: heard }, "higher", "higher priority: 10.0.0.3 priority 200", Some(by)),
        (Cause::Tie { by: heard }, "tie", "equal priority, greater address: 10.0.0.3 priority 200", Some(by)),
        (Cause::Ineligible(link), "ineligible", "interface down", None),
        (Cause::Stopped, "stopped", "stopped", None),
        (Cause::HandedOver { to: heard }, "handed_over", "handed over to 10.0.0.3 priority 200", Some(by)),
        (Cause::NobodyTookOver, "nobody_took_over", "stopped, nobody took over", None),
        (Cause::Group(OTHER), "group", "with its sync group", None),
    ]
}

#[test]
fn every_move_has_a_word_a_sentence_and_names_the_other_router() {
    for (cause, word, sentence, peer) in causes() {
        assert_eq!((cause.token(), cause.to_string().as_str(), cause.peer()), (word, sentence, peer));
    }
}

#[test]
fn every_cause_of_ineligibility_has_a_word_and_a_sentence() {
    let words = [
        (Ineligible::Configuration, "configuration", "misconfigured"),
        (Ineligible::InterfaceAbsent(4), "interface_absent", "interface absent"),
        (Ineligible::InterfaceDown(4), "interface_down", "interface down"),
        (Ineligible::NoSourceAddress(4), "no_source_address", "no source address on the interface"),
        (Ineligible::NoSocket(4), "no_socket", "without a socket on the interface"),
        (Ineligible::NoPeers, "no_peers", "without unicast peers"),
        (Ineligible::ClaimRefused, "claim_refused", "refused an address by the kernel"),
        (Ineligible::SendFailing, "send_failing", "unable to send"),
        (Ineligible::StartupDelay, "startup_delay", "waiting out the startup delay"),
        (Ineligible::Drained, "drained", "drained"),
        (Ineligible::Check(7), "check", "failing a check"),
        (Ineligible::CheckPending(7), "check_pending", "waiting for the first result of a check"),
        (Ineligible::CheckSilent(7), "check_silent", "without news of a check, its runner has fallen silent"),
        (Ineligible::Group(OTHER), "group", "held by another member of its sync group"),
    ];
    for (cause, word, sentence) in words {
        assert_eq!((cause.token(), cause.to_string().as_str()), (word, sentence));
    }
    let duplicate = Ineligible::DuplicateSource;
    assert_eq!(duplicate.token(), "duplicate_source");
    assert_eq!(duplicate.to_string(), "hearing itself advertised from our own address by somebody else");
}

/// The driver knows interfaces and checks by name: with the number it prints which one.
#[test]
fn a_cause_of_ineligibility_tells_its_interface_or_its_check() {
    for cause in [
        Ineligible::InterfaceAbsent(4),
        Ineligible::InterfaceDown(4),
        Ineligible::NoSourceAddress(4),
        Ineligible::NoSocket(4),
    ] {
        assert_eq!((cause.interface(), cause.check()), (Some(4), None), "{cause}");
    }
    for cause in [Ineligible::Check(7), Ineligible::CheckPending(7), Ineligible::CheckSilent(7)] {
        assert_eq!((cause.interface(), cause.check()), (None, Some(CheckId(7))), "{cause}");
    }
    assert_eq!((Ineligible::Drained.interface(), Ineligible::Drained.check()), (None, None));
}

/// An odd thing's value, its word and its sentence; the first five speak of 10.0.0.3.
fn conditions() -> Vec<(Condition, &'static str, &'static str)> {
    let by = address(3);
    let lower = Contest::Lower(Priority::new(50));
    let theirs = AdverInterval::from_secs(2).unwrap();
    let form = "10.0.0.3 sends the other checksum form: over the message alone";
    let stalled = "this host stood still for longer than Active_Down_Interval";
    let held = "preempted and failed again and again: preempts nobody for 40 s";
    let twice = "somebody else advertises from our address 10.0.0.2";
    vec![
        (Condition::Contested { by, reason: lower }, "contested", "contested by 10.0.0.3: its priority 50 is lower"),
        (Condition::IntervalDiffers { by, theirs }, "interval_differs", "10.0.0.3 advertises every 2s"),
        (Condition::AddressesDiffer { by }, "addresses_differ", "10.0.0.3 advertises other addresses"),
        (Condition::ChecksumDiffers { by, theirs: Coverage::Message }, "checksum_differs", form),
        (Condition::TwoOwners { by }, "two_owners", "10.0.0.3 advertises priority 255 too"),
        (Condition::DuplicateSource { address: address(2) }, "duplicate_source", twice),
        (Condition::SendFailing, "send_failing", "advertisements cannot be sent"),
        (Condition::Stalled, "stalled", stalled),
        (Condition::PreemptionHeld { hold_off: ms(40_000) }, "preemption_held", held),
        (Condition::Unrelieved, "unrelieved", "nobody took over: serves on"),
    ]
}

#[test]
fn everything_odd_has_a_word_a_sentence_and_names_the_other_router() {
    for (place, (condition, word, sentence)) in conditions().into_iter().enumerate() {
        assert_eq!((condition.token(), condition.to_string().as_str()), (word, sentence));
        assert_eq!(condition.peer(), (place < 5).then(|| address(3)), "{word}");
    }
    let theirs = Coverage::PseudoHeader;
    let other = Condition::ChecksumDiffers { by: address(3), theirs };
    assert_eq!(other.to_string(), "10.0.0.3 sends the other checksum form: with the pseudo-header");
}

#[test]
fn a_claim_that_is_withheld_says_why() {
    for (withheld, word, why) in [
        (Withheld::Requires(CheckId(7)), "withheld_requires", "a check that claiming requires has not been well since"),
        (Withheld::Deaf, "withheld_deaf", "nothing at all has been received since the carrier came up"),
        (Withheld::Answered, "withheld_answered", "the silent router still answers for the addresses"),
        (Withheld::Group(OTHER), "withheld_group", "another member of its sync group still hears the Active router"),
    ] {
        let condition = Condition::Withheld(withheld);
        assert_eq!((withheld.token(), condition.token(), condition.peer()), (word, word, None));
        assert_eq!(condition.to_string(), format!("would have claimed, but {why}"));
    }
}

#[test]
fn a_contest_says_why_the_router_stays_active() {
    let discarded = Contest::Discarded(Reject::AuthenticationData);
    assert_eq!(discarded.to_string(), "its advertisements are discarded: wrong password");
    let tie = Contest::LowerAddress(Priority::new(100));
    assert_eq!(tie.to_string(), "equal priority 100, its address is lower");
}

#[test]
fn a_discarded_packet_says_why() {
    let received = AdverInterval::from_secs(2).unwrap();
    for (reject, sentence) in [
        (Reject::UnknownVrid, "no such virtual router here"),
        (Reject::Own, "from our own address"),
        (Reject::HopLimit { received: 64, least: 255 }, "hop limit 64, at least 255 needed"),
        (Reject::Delivery, "multicast to a unicast router, or unicast to a multicast one"),
        (Reject::NotAPeer, "the sender is no unicast peer"),
        (Reject::Malformed(DecodeError::CountZero), "no addresses"),
        (Reject::Version { received: Version::V2 }, "version 2 is not the configured one"),
        (Reject::AuthenticationType, "another type of authentication"),
        (Reject::AuthenticationData, "wrong password"),
        (Reject::Interval { received }, "interval 2s is not the configured one"),
        (Reject::OwnerIgnores, "the owner ignores advertisements"),
    ] {
        assert_eq!(reject.to_string(), sentence);
    }
}

#[test]
fn states_timers_and_moments_are_printed_as_they_are_known() {
    let states = [Name::Initialize, Name::Backup, Name::Active];
    assert_eq!(states.map(Name::token), ["initialize", "backup", "active"]);
    assert_eq!(states.map(|name| name.to_string()), ["Initialize (FAULT)", "Backup (BACKUP)", "Active (MASTER)"]);
    for (timer, word) in [
        (Timer::ActiveDown, "active_down"),
        (Timer::Probe, "probe"),
        (Timer::Adver, "adver"),
        (Timer::Announce, "announce"),
        (Timer::Assertion, "assertion"),
        (Timer::LastLower, "last_lower"),
        (Timer::HandOver, "hand_over"),
    ] {
        assert_eq!(timer.token(), word);
    }
    assert_eq!(Instant::from_nanos(61_002_003_999).to_string(), "61.002003s");
}
