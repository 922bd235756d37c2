//! Every order of things on small LANs. The large ones are `examples/check.rs`; what they took is in `docs/src/testing.md`.

#![expect(clippy::panic, reason = "functions that tests share")]

use stateright::{Checker, Model};
use vrrp_core::Preempt;
use vrrp_model::{Bug, Faults, Lan};

/// Visits all that can be reached; gives how many states that were.
fn holds(lan: &Lan) -> usize {
    let checker = lan.clone().checker().spawn_bfs().join();
    assert!(checker.is_done());
    for property in lan.properties() {
        let found = checker.discovery(property.name);
        if property.expectation == stateright::Expectation::Always
            && let Some(path) = found
        {
            let states = path.into_vec().into_iter().map(|(state, action)| format!("{}: {action:?}", state.brief()));
            panic!("{}\n{}", property.name, states.collect::<Vec<_>>().join("\n"));
        }
    }
    assert!(checker.discovery("all is at rest").is_some());
    checker.unique_state_count()
}

/// The first property that is found to fail.
fn fails(lan: &Lan) -> Vec<&'static str> {
    let checker = lan.clone().checker().spawn_bfs().join();
    let always = |name: &&'static str| lan.property(name).expectation == stateright::Expectation::Always;
    let mut found: Vec<_> = checker.discoveries().into_keys().filter(always).collect();
    found.sort_unstable();
    found
}

const ONE_LOSS: Faults = Faults { losses: 1, ..Faults::NONE };
const ONE_CRASH: Faults = Faults { crashes: 1, ..Faults::NONE };
const ONE_STOP: Faults = Faults { stops: 1, ..Faults::NONE };

#[test]
fn two_routers_agree_whatever_two_advertisements_are_lost() {
    assert!(holds(&Lan::of(&[200, 100], Faults { losses: 2, ..Faults::NONE })) > 300);
}

#[test]
fn two_routers_of_one_priority_agree_whichever_advertisement_is_lost_or_comes_twice() {
    assert!(holds(&Lan::of(&[100, 100], Faults { losses: 1, doubles: 1, ..Faults::NONE })) > 300);
}

#[test]
fn two_routers_agree_whichever_loses_power_at_whatever_moment() {
    assert!(holds(&Lan::of(&[200, 100], ONE_CRASH)) > 300);
}

#[test]
fn two_routers_agree_whichever_link_goes_down_and_comes_up() {
    assert!(holds(&Lan::of(&[200, 100], Faults { cuts: 1, ..Faults::NONE })) > 300);
}

#[test]
fn two_routers_agree_whichever_stops_or_is_drained_and_comes_back() {
    assert!(holds(&Lan::of(&[200, 100], ONE_STOP)) > 300);
    assert!(holds(&Lan::of(&[200, 100], Faults { drains: 1, ..Faults::NONE })) > 300);
    assert!(holds(&Lan::of(&[200, 100], Faults { stops: 1, drains: 1, ..Faults::NONE })) > 300);
}

#[test]
fn two_routers_agree_where_a_frame_takes_a_quarter_of_an_interval() {
    let lan = Lan { slowest: core::time::Duration::from_millis(250), ..Lan::of(&[200, 100], ONE_CRASH) };
    assert!(holds(&lan) > 300);
}

#[test]
fn three_routers_agree_whichever_advertisement_is_lost() {
    assert!(holds(&Lan::of(&[200, 150, 100], ONE_LOSS)) > 300);
}

#[test]
fn a_sync_group_moves_as_one_whichever_advertisement_of_a_member_is_lost() {
    assert!(holds(&Lan::of_groups(&[200, 100], ONE_LOSS)) > 300);
}

#[test]
fn an_active_router_that_hears_nobody_is_found_out() {
    let found = fails(&Lan::of(&[200, 100], ONE_LOSS).with(Bug::DeafWhileActive));
    assert!(found.contains(&"two are Active no longer than it takes to hear the better one"), "{found:?}");
}

#[test]
fn an_address_that_is_kept_is_found_out() {
    let found = fails(&Lan::of(&[200, 100], ONE_STOP).with(Bug::KeepsTheAddress));
    assert!(found.contains(&"an Active router has the addresses or is about to, and no other"), "{found:?}");
}

#[test]
fn a_sync_group_that_is_none_is_found_out() {
    let found = fails(&Lan::of_groups(&[200, 100], ONE_LOSS).with(Bug::EachForItself));
    assert!(found.contains(&"the members of a sync group are in one state"), "{found:?}");
}

/// Not a defect, but a property that does not hold of it: a router that never preempts leaves it to the lesser one.
#[test]
fn a_router_that_never_preempts_is_no_best_router_at_rest() {
    let mut lan = Lan::of(&[200, 100], ONE_CRASH);
    lan.routers.iter_mut().flatten().for_each(|config| config.preempt = Preempt::Never);
    let found = fails(&lan);
    assert_eq!(found, ["at rest one router serves, and none that can has a higher priority"]);
}
