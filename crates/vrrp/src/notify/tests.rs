use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use vrrp_core::{Cause, Condition, Contest, Heard, Ineligible, Instant, Name, RouterId};
use vrrp_notify::{Kind, Phase, State, Told};
use vrrp_wire::Priority;

use super::herald::{Action, Herald, Traits};
use crate::event::{Event, What};

fn herald(routers: &[(&str, Traits)]) -> Herald {
    let mut herald = Herald::default();
    let routers = routers.iter().map(|(name, traits)| (Arc::from(*name), traits.clone()));
    assert!(herald.configure(routers.collect()).is_empty());
    herald
}

fn event(router: &str, what: What) -> Event {
    Event { at: 0, router: router.into(), what }
}

fn moved(router: &str, from: Name, to: Name, why: Cause) -> Event {
    event(router, What::Moved { from, to, why, priority: Priority::new(100), about: None })
}

fn heard() -> Heard {
    Heard { source: IpAddr::from([10, 0, 0, 2]), priority: Priority::new(90), at: Instant::ORIGIN }
}

/// Kind, name and what is told, in order.
fn told(actions: &[Action]) -> Vec<(Kind, String, Told)> {
    let tells = actions.iter().filter_map(|action| match action {
        Action::Tell(notice) => Some((notice.subject.kind, notice.subject.name.to_string(), notice.told)),
        Action::Prepare(..) => None,
    });
    tells.collect()
}

fn up(herald: &mut Herald, router: &str) -> Vec<Action> {
    let mut actions = herald.take(&moved(router, Name::Initialize, Name::Backup, Cause::Started));
    actions.extend(herald.take(&moved(router, Name::Backup, Name::Active, Cause::ActiveDown { last: None })));
    actions
}

fn instance(name: &str, state: State) -> (Kind, String, Told) {
    (Kind::Instance, name.to_owned(), Told::Entered(state))
}

#[test]
fn the_first_state_is_told_and_the_peer_is_named() {
    let mut herald = herald(&[("a", Traits::default())]);
    assert_eq!(told(&up(&mut herald, "a")), [instance("a", State::Backup), instance("a", State::Master)]);
    let higher = herald.take(&moved("a", Name::Active, Name::Backup, Cause::Higher { by: heard() }));
    let [Action::Tell(notice)] = higher.as_slice() else { panic!("{higher:?}") };
    assert_eq!(notice.peer.as_deref(), Some("10.0.0.2"));
    assert_eq!(notice.generation, 3);
}

#[test]
fn a_router_that_cannot_start_is_at_fault_unless_it_only_waits() {
    let mut herald = herald(&[("a", Traits::default())]);
    let ineligible = |cause| event("a", What::Ineligible { cause, about: None, began: true });
    for waits in [Ineligible::StartupDelay, Ineligible::CheckPending(0), Ineligible::Group(RouterId::from_index(0))] {
        assert!(herald.take(&ineligible(waits)).is_empty());
    }
    assert_eq!(told(&herald.take(&ineligible(Ineligible::InterfaceDown(0)))), [instance("a", State::Fault)]);
    assert!(herald.take(&ineligible(Ineligible::NoPeers)).is_empty(), "told once");
}

#[test]
fn a_stop_a_removal_and_a_fault_have_their_own_words() {
    let leaves = |why| moved("a", Name::Active, Name::Initialize, why);
    let mut removed = herald(&[("a", Traits::default())]);
    up(&mut removed, "a");
    assert_eq!(told(&removed.take(&leaves(Cause::Stopped))), [instance("a", State::Deleted)]);
    assert!(removed.configure(BTreeMap::new()).is_empty(), "told once");

    let mut stopped = herald(&[("a", Traits::default()), ("b", Traits::default())]);
    up(&mut stopped, "a");
    stopped.stopping();
    assert_eq!(told(&stopped.take(&leaves(Cause::HandedOver { to: heard() }))), [instance("a", State::Stop)]);
    assert_eq!(told(&stopped.stopped()), [instance("b", State::Stop)], "one that never moved");

    let mut faulty = herald(&[("a", Traits::default())]);
    up(&mut faulty, "a");
    assert_eq!(told(&faulty.take(&leaves(Cause::Ineligible(Ineligible::Check(0))))), [instance("a", State::Fault)]);
}

#[test]
fn a_contested_router_hears_of_the_lower_speaker_and_is_told_again_when_it_is_over() {
    let mut herald = herald(&[("a", Traits::default())]);
    up(&mut herald, "a");
    let contested = |began| {
        let condition = Condition::Contested { by: heard().source, reason: Contest::Lower(Priority::new(90)) };
        event("a", What::Condition { condition, began, about: None })
    };
    assert_eq!(told(&herald.take(&contested(true)))[0].2, Told::MasterRxLowerPri);
    assert_eq!(told(&herald.take(&contested(false)))[0].2, Told::Reasserted(State::Master));
}

#[test]
fn when_a_member_is_no_longer_contested_its_group_is_told_again_too() {
    let member = || Traits { group: Some("g".into()), ..Traits::default() };
    let mut herald = herald(&[("a", member()), ("b", member())]);
    up(&mut herald, "a");
    up(&mut herald, "b");
    let condition = Condition::Contested { by: heard().source, reason: Contest::Lower(Priority::new(90)) };
    let over = herald.take(&event("a", What::Condition { condition, began: false, about: None }));
    let again = Told::Reasserted(State::Master);
    assert_eq!(told(&over), [(Kind::Instance, "a".to_owned(), again), (Kind::Group, "g".to_owned(), again)]);
}

#[test]
fn a_group_is_told_after_its_members_and_only_when_all_stand_alike() {
    let member = || Traits { group: Some("g".into()), ..Traits::default() };
    let mut herald = herald(&[("a", member()), ("b", member())]);
    let group = |state| (Kind::Group, "g".to_owned(), Told::Entered(state));
    let begin = |router| moved(router, Name::Initialize, Name::Backup, Cause::Started);
    assert_eq!(told(&herald.take(&begin("a"))), [instance("a", State::Backup)]);
    assert_eq!(told(&herald.take(&begin("b"))), [instance("b", State::Backup), group(State::Backup)]);
    let serve = |router| moved(router, Name::Backup, Name::Active, Cause::ActiveDown { last: None });
    assert_eq!(told(&herald.take(&serve("b"))), [instance("b", State::Master)]);
    assert_eq!(told(&herald.take(&serve("a"))), [instance("a", State::Master), group(State::Master)]);
    let fails = |router| moved(router, Name::Active, Name::Initialize, Cause::Ineligible(Ineligible::InterfaceDown(0)));
    assert_eq!(told(&herald.take(&fails("a"))), [instance("a", State::Fault)]);
    assert_eq!(told(&herald.take(&fails("b"))), [instance("b", State::Fault), group(State::Fault)]);
}

#[test]
fn a_member_that_cannot_start_keeps_its_group_from_starting_and_all_are_told() {
    let member = || Traits { group: Some("g".into()), ..Traits::default() };
    let mut herald = herald(&[("a", member()), ("b", member()), ("c", Traits::default())]);
    let down = Ineligible::InterfaceDown(0);
    let told = told(&herald.take(&event("b", What::Ineligible { cause: down, about: None, began: true })));
    let group = (Kind::Group, "g".to_owned(), Told::Entered(State::Fault));
    assert_eq!(told, [instance("a", State::Fault), instance("b", State::Fault), group]);
}

#[test]
fn master_is_told_after_pre_active_and_backup_after_the_addresses_and_post_active() {
    let mut herald = herald(&[("a", Traits { pre_active: true, post_active: true, ..Traits::default() })]);
    let actions = up(&mut herald, "a");
    assert_eq!(told(&actions), [instance("a", State::Backup)]);
    let Some(Action::Prepare(Phase::PreActive, upcoming)) = actions.last() else { panic!("{actions:?}") };
    let ready = herald.prepared(&"a".into(), Phase::PreActive, upcoming.generation);
    assert_eq!(told(&ready), [instance("a", State::Master)]);

    assert!(herald.take(&moved("a", Name::Active, Name::Backup, Cause::Higher { by: heard() })).is_empty());
    let gone = herald.take(&event("a", What::Vacated));
    let [Action::Prepare(Phase::PostActive, upcoming)] = gone.as_slice() else { panic!("{gone:?}") };
    let after = herald.prepared(&"a".into(), Phase::PostActive, upcoming.generation);
    assert_eq!(told(&after), [instance("a", State::Backup)]);
}

#[test]
fn a_router_that_is_removed_runs_post_active_and_is_told_behind_it() {
    let mut herald = herald(&[("a", Traits { post_active: true, ..Traits::default() })]);
    up(&mut herald, "a");
    assert!(herald.take(&moved("a", Name::Active, Name::Initialize, Cause::Stopped)).is_empty());
    let gone = herald.configure(BTreeMap::new());
    assert!(matches!(gone.first(), Some(Action::Prepare(Phase::PostActive, _))), "{gone:?}");
    assert_eq!(told(&gone), [instance("a", State::Deleted)]);
}

#[test]
fn a_state_that_still_waits_is_told_before_the_next_one() {
    let mut herald = herald(&[("a", Traits { pre_active: true, ..Traits::default() })]);
    up(&mut herald, "a");
    let back = herald.take(&moved("a", Name::Active, Name::Backup, Cause::Higher { by: heard() }));
    assert_eq!(told(&back), [instance("a", State::Master), instance("a", State::Backup)]);
    assert!(herald.prepared(&"a".into(), Phase::PreActive, 2).is_empty(), "too late");
}

#[test]
fn priorities_are_told_where_that_is_asked_for() {
    let mut herald = herald(&[("a", Traits { priority_changes: true, ..Traits::default() }), ("b", Traits::default())]);
    let falls = |router| event(router, What::Priority { from: Priority::new(100), to: Priority::new(80) });
    up(&mut herald, "a");
    assert_eq!(told(&herald.take(&falls("a")))[0].2, Told::MasterPriority);
    assert!(herald.take(&falls("b")).is_empty());
    assert_eq!(told(&herald.recall())[0].2, Told::Recalled(State::Master));
}
