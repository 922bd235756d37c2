//! Sync groups through [`Node`]: members of one host move together.

use vrrp_core::{
    Cause, CheckId, Condition, Config, Drain, Ineligible, Input, Instant, InterfaceId, Name, Node, Output, Received,
    RouterId, Stop, Verdict, Weight, Withheld,
};
use vrrp_wire::{AdverInterval, Vrid};

use crate::fixture::{advert, advertise, at, config, down_interval, heard, ms, says, tracking};

/// A host with one started router for each configuration, VRIDs from 1 on, all in one group.
pub(crate) fn host(configs: impl IntoIterator<Item = Config>) -> (Node, Vec<RouterId>) {
    let mut node = Node::new();
    let ids = inserted(&mut node, configs);
    node.group([ids.clone()]);
    for id in &ids {
        let _ = node.handle(at(0), *id, Input::Startup);
    }
    settle(&mut node, at(0));
    (node, ids)
}

pub(crate) fn inserted(node: &mut Node, configs: impl IntoIterator<Item = Config>) -> Vec<RouterId> {
    let insert = |(vrid, config)| {
        let vrid = Vrid::new(vrid).unwrap();
        let id = node.insert(InterfaceId(1), Config { vrid, ..config }).unwrap();
        let _ = node.handle(at(0), id, Input::Source([10, 0, 0, 2].into()));
        id
    };
    (1_u8..).zip(configs).map(insert).collect()
}

/// What is due by `now`, at `now`.
pub(crate) fn settle(node: &mut Node, now: Instant) -> Vec<(RouterId, Output)> {
    let mut ordered = Vec::new();
    while let Some((id, orders)) = node.expire(now) {
        ordered.extend(orders.into_iter().map(|order| (id, order)));
    }
    ordered
}

/// What is due up to `until`, each at its moment.
pub(crate) fn run(node: &mut Node, until: Instant) -> Vec<(Instant, RouterId, Output)> {
    let mut ordered = Vec::new();
    while let Some(due) = node.exact_timeout().filter(|due| *due <= until) {
        ordered.extend(settle(node, due).into_iter().map(|(id, order)| (due, id, order)));
    }
    ordered
}

pub(crate) fn names(node: &Node, ids: &[RouterId]) -> Vec<Name> {
    ids.iter().map(|id| node.router(*id).unwrap().state().name()).collect()
}

pub(crate) fn causes(node: &Node, id: RouterId) -> Vec<Ineligible> {
    node.router(id).unwrap().causes().to_vec()
}

pub(crate) fn three() -> (Node, Vec<RouterId>) {
    host([config(), config(), config()])
}

/// All three Active since about 3.6 s.
pub(crate) fn serving() -> (Node, Vec<RouterId>) {
    let (mut node, ids) = three();
    run(&mut node, at(4_000));
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
    (node, ids)
}

#[test]
fn the_first_to_claim_pulls_the_others_in_the_same_moment() {
    let (mut node, ids) = three();
    for id in &ids {
        let _ = node.handle(at(1_000), *id, advert(200, 3));
    }
    let _ = node.handle(at(1_500), ids[1], advert(0, 3));
    let due = node.exact_timeout().unwrap();
    let ordered = settle(&mut node, due);
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
    let with_it = |id| (id, Output::Moved { from: Name::Backup, to: Name::Active, why: Cause::Group(ids[1]) });
    assert!(ordered.contains(&with_it(ids[0])) && ordered.contains(&with_it(ids[2])));
}

/// Pulled up by the one and down by the other, three members would chase each other for ever within one moment.
#[test]
fn of_two_that_move_apart_in_the_same_moment_the_last_leads() {
    for yields_last in [true, false] {
        let mut node = Node::new();
        let ids = inserted(&mut node, [config(), config(), config()]);
        node.group([ids.clone()]);
        let _ = node.handle(at(1), ids[1], Input::Resume);
        let _ = node.handle(at(1), ids[0], Input::Startup);
        let moves = [(ids[2], Input::Resume), (ids[1], advert(200, 3))];
        for (id, input) in if yields_last { moves } else { [moves[1], moves[0]] } {
            let _ = node.handle(at(1), id, input);
        }
        let turns = (0..100).map_while(|_| node.expire(at(1))).count();
        assert!(turns < 10, "{turns} turns");
        let state = if yields_last { Name::Backup } else { Name::Active };
        assert_eq!(names(&node, &ids), [state; 3]);
    }
}

#[test]
fn the_first_to_yield_pulls_the_others() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[2], advert(200, 3));
    assert_eq!(node.next_timeout(), Some(at(4_100)));
    settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids), [Name::Backup; 3]);
}

#[test]
fn what_stands_against_one_stands_against_all_and_names_it() {
    let (mut node, ids) = serving();
    let (first, second) = (Ineligible::InterfaceDown(1), Ineligible::Check(2));
    let _ = node.handle(at(4_100), ids[1], Input::Raise(first));
    let ordered = settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids), [Name::Initialize; 3]);
    assert!(ordered.contains(&(ids[0], advertise(0))));
    assert_eq!(causes(&node, ids[0]), [Ineligible::Group(ids[1])]);
    assert_eq!(causes(&node, ids[1]), [first]);

    let _ = node.handle(at(4_200), ids[0], Input::Raise(second));
    settle(&mut node, at(4_200));
    assert_eq!(causes(&node, ids[1]), [first, Ineligible::Group(ids[0])]);
    assert_eq!(causes(&node, ids[2]), [Ineligible::Group(ids[0])]);

    let _ = node.handle(at(4_300), ids[0], Input::Clear(second));
    settle(&mut node, at(4_300));
    assert_eq!(causes(&node, ids[2]), [Ineligible::Group(ids[1])]);
    assert_eq!(names(&node, &ids), [Name::Initialize; 3]);
    let _ = node.handle(at(4_400), ids[1], Input::Clear(first));
    settle(&mut node, at(4_400));
    assert_eq!(names(&node, &ids), [Name::Backup; 3]);
    assert!(ids.iter().all(|id| causes(&node, *id).is_empty()));
}

#[test]
fn a_group_has_the_priority_of_its_worst_member() {
    let check = [(1, Weight::of(-20))];
    let (mut node, ids) = host([tracking(&check), config(), crate::fixture::with_priority(255)]);
    let priorities = |node: &Node| ids.iter().map(|id| node.router(*id).unwrap().priority().get()).collect::<Vec<_>>();
    assert_eq!(priorities(&node), [100, 100, 255]);
    let _ = node.handle(at(100), ids[0], says(1, Verdict::Down));
    settle(&mut node, at(100));
    assert_eq!(priorities(&node), [80, 80, 255]);
    let _ = node.handle(at(200), ids[0], says(1, Verdict::Up));
    settle(&mut node, at(200));
    assert_eq!(priorities(&node), [100, 100, 255]);
    node.group([]);
    let _ = node.handle(at(300), ids[0], says(1, Verdict::Down));
    settle(&mut node, at(300));
    assert_eq!(priorities(&node), [80, 100, 255]);
}

/// Two results in one turn: what was due after the first is not what holds after the second.
#[test]
fn a_priority_that_is_back_before_anybody_was_pulled_holds_nobody_down() {
    let (mut node, ids) = host([tracking(&[(1, Weight::of(-20))]), config()]);
    let _ = node.handle(at(10), ids[0], says(1, Verdict::Down));
    let _ = node.handle(at(10), ids[0], says(1, Verdict::Up));
    settle(&mut node, at(10));
    assert_eq!(ids.iter().map(|id| node.router(*id).unwrap().priority().get()).collect::<Vec<_>>(), [100, 100]);
}

#[test]
fn a_member_whose_advertisements_alone_are_lost_holds_back() {
    let (mut node, ids) = three();
    for tenth in 0..100 {
        let now = at(tenth * 100);
        run(&mut node, now);
        for (place, id) in ids.iter().enumerate() {
            let lost = place == 0 && tenth > 10;
            if tenth % 10 == 0 && !lost {
                let _ = node.handle(now, *id, advert(200, 3));
            }
        }
        assert_eq!(names(&node, &ids), [Name::Backup; 3]);
    }
    let held: Vec<Condition> = node.router(ids[0]).unwrap().conditions().collect();
    assert_eq!(held, [Condition::Withheld(Withheld::Group(ids[1]))]);
    // It dies in truth.
    let ordered = run(&mut node, at(15_000));
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
    let claimed = ordered.iter().find(|(_, _, order)| *order == Output::Claim).unwrap().0;
    assert_eq!(claimed, at(9_000) + down_interval(100));
    assert_eq!(node.router(ids[0]).unwrap().conditions().count(), 0);
}

#[test]
fn a_death_that_all_members_see_is_waited_out_no_longer() {
    let (mut node, ids) = three();
    for (place, id) in (0..).zip(&ids) {
        let _ = node.handle(at(1_000 + place * 450), *id, advert(200, 3));
    }
    let ordered = run(&mut node, at(10_000));
    let claimed = ordered.iter().find(|(_, _, order)| *order == Output::Claim).unwrap().0;
    assert_eq!(claimed, at(1_000) + down_interval(100));
}

/// Less is how far apart their frames may come.
#[test]
fn a_member_holds_back_for_one_that_has_heard_more_than_an_interval_and_a_half_longer() {
    for (last, claims) in [(2_500, true), (2_501, false)] {
        let (mut node, ids) = three();
        for (id, millis) in [(ids[0], 1_000), (ids[1], 1_000), (ids[2], 1_000), (ids[2], last)] {
            let _ = node.handle(at(millis), id, advert(200, 3));
        }
        let ordered = run(&mut node, at(1_000) + down_interval(100));
        assert_eq!(ordered.iter().any(|(_, _, order)| *order == Output::Claim), claims, "{last}");
    }
}

/// The pulls were due before; each is looked at again when its turn comes.
#[test]
fn a_restart_with_checks_pending_resumes_every_member_and_releases_none() {
    let mut node = Node::new();
    let pending = || tracking(&[(1, Weight::NONE)]);
    let ids = inserted(&mut node, [pending(), config(), pending()]);
    node.group([ids.clone()]);
    for id in &ids {
        let orders = node.handle(at(0), *id, Input::Resume);
        assert_eq!(orders.iter().nth(1), Some(Output::Claim));
    }
    let ordered = run(&mut node, at(500));
    assert!(!ordered.iter().any(|(_, _, order)| *order == Output::Release), "{ordered:?}");
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
    let _ = node.handle(at(600), ids[0], says(1, Verdict::Down));
    settle(&mut node, at(600));
    assert_eq!(names(&node, &ids), [Name::Initialize; 3]);
}

/// Whether the group is told before or after its members start: none runs ahead, or it would take over alone.
#[test]
fn nobody_takes_part_before_the_first_result_of_another_members_check() {
    for grouped_first in [true, false] {
        let mut node = Node::new();
        let ids = inserted(&mut node, [config(), tracking(&[(1, Weight::NONE)])]);
        if grouped_first {
            node.group([ids.clone()]);
        }
        for id in &ids {
            let _ = node.handle(at(0), *id, Input::Startup);
        }
        if !grouped_first {
            node.group([ids.clone()]);
        }
        let ordered = run(&mut node, at(10_000));
        assert!(!ordered.iter().any(|(_, _, order)| *order == Output::Claim), "{ordered:?}");
        assert_eq!(names(&node, &ids), [Name::Initialize; 2]);

        let _ = node.handle(at(10_000), ids[1], says(1, Verdict::Up));
        settle(&mut node, at(10_000));
        assert_eq!(names(&node, &ids), [Name::Backup; 2]);
    }
}

#[test]
fn a_member_resumes_although_it_was_told_before_that_another_has_no_result_yet() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [config(), tracking(&[(1, Weight::NONE)])]);
    node.group([ids.clone()]);
    settle(&mut node, at(0));
    assert_eq!(causes(&node, ids[0]), [Ineligible::Group(ids[1])]);
    let _ = node.handle(at(1), ids[0], Input::Resume);
    let _ = node.handle(at(1), ids[1], Input::Startup);
    settle(&mut node, at(1));
    assert_eq!(names(&node, &ids), [Name::Active, Name::Initialize]);
    // Its result is there: it serves with the others.
    let _ = node.handle(at(100), ids[1], says(1, Verdict::Up));
    settle(&mut node, at(100));
    assert_eq!(names(&node, &ids), [Name::Active; 2]);
}

#[test]
fn a_member_that_cannot_serve_keeps_the_others_from_resuming() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [config(), config()]);
    node.group([ids.clone()]);
    let _ = node.handle(at(0), ids[1], Input::Raise(Ineligible::InterfaceDown(1)));
    settle(&mut node, at(0));
    assert_eq!(node.handle(at(1), ids[0], Input::Resume), [Output::Release]);
}

/// A peer that relieves only the sick would take a fall from 100 to 50 for sickness.
#[test]
fn a_member_that_resumes_advertises_the_priority_of_the_group_from_the_first() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [config(), crate::fixture::with_priority(50)]);
    node.group([ids.clone()]);
    let orders = node.handle(at(0), ids[0], Input::Resume);
    assert!(orders.iter().any(|order| order == advertise(50)), "{orders:?}");
    let later = settle(&mut node, at(0));
    assert!(later.iter().all(|(_, order)| !matches!(order, Output::Priority { .. })), "{later:?}");
}

#[test]
fn one_that_joins_a_group_that_serves_serves_with_it() {
    let (mut node, mut ids) = serving();
    let vrid = Vrid::new(9).unwrap();
    let joins = node.insert(InterfaceId(1), Config { vrid, ..config() }).unwrap();
    ids.push(joins);
    node.group([ids.clone()]);
    let _ = node.handle(at(4_100), joins, Input::Startup);
    settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids), [Name::Active; 4]);
}

#[test]
fn a_group_formed_of_running_routers_moves_together_at_once() {
    let (mut node, ids) = serving();
    node.group([]);
    let _ = node.handle(at(4_100), ids[2], advert(200, 3));
    settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids), [Name::Active, Name::Active, Name::Backup]);
    node.group([ids.clone()]);
    settle(&mut node, at(4_200));
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
}

#[test]
fn regrouped_the_same_nothing_moves() {
    let (mut node, ids) = serving();
    node.group([ids.clone()]);
    assert!(settle(&mut node, at(4_000)).is_empty());
}

#[test]
fn a_router_in_two_groups_belongs_to_the_first() {
    let (mut node, ids) = serving();
    node.group([ids[..2].to_vec(), ids[1..].to_vec()]);
    assert_eq!(node.members(ids[1]), &ids[..2]);
    assert_eq!(node.members(ids[2]), &ids[2..]);
}

#[test]
fn out_of_the_group_the_troubles_of_the_others_are_over() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[1], Input::Raise(Ineligible::InterfaceDown(1)));
    settle(&mut node, at(4_100));
    node.group([vec![ids[1], ids[2]]]);
    settle(&mut node, at(4_200));
    assert_eq!(names(&node, &ids), [Name::Backup, Name::Initialize, Name::Initialize]);
}

#[test]
fn a_removed_member_stands_against_nobody() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[1], Input::Raise(Ineligible::InterfaceDown(1)));
    settle(&mut node, at(4_100));
    let _ = node.remove(ids[1]);
    settle(&mut node, at(4_200));
    assert_eq!(names(&node, &[ids[0], ids[2]]), [Name::Backup; 2]);
}

#[test]
fn a_member_removed_before_its_pull_is_taken_pulls_nobody() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[1], Input::Raise(Ineligible::InterfaceDown(1)));
    let _ = node.remove(ids[1]);
    assert!(settle(&mut node, at(4_100)).is_empty());
    assert_eq!(names(&node, &[ids[0], ids[2]]), [Name::Active; 2]);
}

#[test]
fn a_stopped_member_leaves_the_others_serving() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[0], Input::Shutdown(Stop::Now));
    settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids), [Name::Initialize, Name::Active, Name::Active]);
}

/// A packet is handed in between the claim of one member and the pull of the others.
#[test]
fn a_claim_that_was_undone_at_once_pulls_nobody_any_more() {
    let (mut node, ids) = three();
    let due = node.exact_timeout().unwrap();
    let (first, _) = node.expire(due).unwrap();
    let _ = node.handle(due, first, advert(200, 3));
    settle(&mut node, due);
    assert_eq!(names(&node, &ids), [Name::Backup; 3]);
}

#[test]
fn a_drain_of_one_hands_all_over() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[0], Input::Drain(Drain::IfRelieved));
    let ordered = settle(&mut node, at(4_100));
    assert_eq!(ordered, [(ids[1], advertise(0)), (ids[2], advertise(0))]);
    let _ = node.handle(at(4_700), ids[1], advert(90, 3));
    run(&mut node, at(4_720));
    assert_eq!(names(&node, &ids), [Name::Initialize; 3]);
    assert_eq!(causes(&node, ids[0]), [Ineligible::Drained]);
    assert_eq!(causes(&node, ids[1]), [Ineligible::Group(ids[0])]);
}

#[test]
fn a_drain_that_nobody_relieves_leaves_all_serving() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[0], Input::Drain(Drain::IfRelieved));
    let ordered = run(&mut node, at(9_000));
    assert_eq!(names(&node, &ids), [Name::Active; 3]);
    assert!(!ordered.iter().any(|(_, _, order)| *order == Output::Release));
    let complains = |id: &&RouterId| node.router(**id).unwrap().conditions().count() > 0;
    assert_eq!(ids.iter().filter(complains).count(), 0, "over by then");
}

#[test]
fn a_group_resigns_as_one() {
    let on_degraded = vrrp_core::OnDegraded::Resign;
    let sick = Config { on_degraded, ..tracking(&[(1, Weight::of(-20))]) };
    let (mut node, ids) = host([sick, config()]);
    run(&mut node, at(4_000));
    let _ = node.handle(at(4_100), ids[0], says(1, Verdict::Down));
    assert!(settle(&mut node, at(4_100)).contains(&(ids[1], advertise(0))));
    let _ = node.handle(at(4_700), ids[1], advert(70, 3));
    run(&mut node, at(4_700) + ms(20));
    assert_eq!(names(&node, &ids), [Name::Backup; 2]);
    assert_eq!(node.router(ids[0]).unwrap().verdict(CheckId(1)), Verdict::Down);
}

/// With a tenth of the other's interval it is due again long before the other hears the Active router once more.
#[test]
fn a_deaf_member_with_a_shorter_interval_claims_once_and_not_again_and_again() {
    let fast = Config { interval: AdverInterval::from_centis(10).unwrap(), ..config() };
    let (mut node, ids) = host([config(), fast]);
    let mut claims = 0;
    for second in 0..30 {
        let _ = node.handle(at(1_000 * second + 10), ids[0], advert(200, 3));
        let ordered = run(&mut node, at(1_000 * (second + 1)));
        claims += ordered.iter().filter(|(_, id, order)| *id == ids[1] && *order == Output::Claim).count();
    }
    assert_eq!(claims, 1);
    let silent = at(29_010);
    let ordered = run(&mut node, at(40_000));
    let claimed = ordered.iter().find(|(_, _, order)| *order == Output::Claim).unwrap().0;
    assert_eq!(claimed, silent + down_interval(100));
}

/// Others beyond the same cut claim by the same mistake: whom it hears for a moment is not the Active router.
#[test]
fn a_deaf_member_that_hears_another_ones_mistaken_claims_does_not_claim_in_turn() {
    let interval = AdverInterval::from_centis(10).unwrap();
    let fast = Config { interval, ..config() };
    let (mut node, ids) = host([config(), fast]);
    let mut claims = 0;
    for second in 0..30 {
        let _ = node.handle(at(1_000 * second + 10), ids[0], advert(200, 3));
        let claim = Received { interval, ..heard(150, 4) };
        run(&mut node, at(1_000 * second + 500));
        let _ = node.handle(at(1_000 * second + 500), ids[1], Input::Advertisement(claim));
        let ordered = run(&mut node, at(1_000 * (second + 1)));
        claims += ordered.iter().filter(|(_, id, order)| *id == ids[1] && *order == Output::Claim).count();
    }
    assert!(claims <= 1, "{claims}");
}

/// A pending check stops nobody who serves; one that has served and begins anew waits like the others.
#[test]
fn a_member_that_is_started_again_while_it_hands_over_waits_for_the_check_of_another() {
    let (mut node, ids) = host([tracking(&[(1, Weight::NONE)]), config()]);
    let _ = node.handle(at(0), ids[0], says(1, Verdict::Up));
    run(&mut node, at(5_000));
    assert_eq!(names(&node, &ids), [Name::Active; 2]);
    for id in &ids {
        let _ = node.handle(at(5_000), *id, Input::Shutdown(Stop::HandOver));
    }
    let _ = node.handle(at(5_100), ids[0], Input::Shutdown(Stop::Now));
    let _ = node.handle(at(5_200), ids[0], says(1, Verdict::Unknown));
    for id in &ids {
        let _ = node.handle(at(5_300), *id, Input::Startup);
    }
    run(&mut node, at(8_000));
    assert_eq!(names(&node, &ids), [Name::Initialize; 2]);
}

/// One cause takes the place of another: that there are as many as before says nothing.
#[test]
fn a_first_result_that_is_a_failure_stops_the_member_that_resumed() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [tracking(&[(1, Weight::NONE)]), config()]);
    node.group([ids.clone()]);
    let _ = node.handle(at(0), ids[0], Input::Startup);
    let _ = node.handle(at(0), ids[1], Input::Resume);
    settle(&mut node, at(0));
    assert_eq!(names(&node, &ids), [Name::Initialize, Name::Active]);
    let _ = node.handle(at(100), ids[0], says(1, Verdict::Down));
    settle(&mut node, at(100));
    assert_eq!(names(&node, &ids), [Name::Initialize; 2]);
}
