//! Members of a sync group that come and go while others move: what is void, and what is not forgotten.

use vrrp_core::{Config, Drain, Input, Name, Node, OnDegraded, Output, Preempt, Received, Stop, Verdict, Weight};
use vrrp_wire::AdverInterval;

use crate::fixture::{advert, advertise, at, config, heard, ms, says, tracking};
use crate::group_moves::{host, inserted, names, run, serving, settle, three};

#[test]
fn a_member_that_is_removed_takes_nobody_elses_pull_with_it() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[2], advert(200, 3));
    let _ = node.remove(ids[0]);
    settle(&mut node, at(4_100));
    assert_eq!(names(&node, &ids[1..]), [Name::Backup; 2]);
}

#[test]
fn whoever_leaves_a_group_leaves_the_priority_of_its_worst_member_behind() {
    let (mut node, ids) = host([tracking(&[(1, Weight::of(-20))]), config(), config()]);
    let _ = node.handle(at(100), ids[0], says(1, Verdict::Down));
    settle(&mut node, at(100));
    let priority = |node: &Node, place: usize| node.router(ids[place]).unwrap().priority().get();
    assert_eq!([0, 1, 2].map(|place| priority(&node, place)), [80; 3]);
    node.group([ids[..2].to_vec()]);
    settle(&mut node, at(200));
    assert_eq!([0, 1, 2].map(|place| priority(&node, place)), [80, 80, 100]);
    let _ = node.remove(ids[0]);
    settle(&mut node, at(300));
    assert_eq!([1, 2].map(|place| priority(&node, place)), [100; 2]);
}

/// Between the claim of one member and the turn of the others.
#[test]
fn a_claim_of_one_that_is_stopped_or_taken_out_before_their_turn_pulls_nobody() {
    for stopped in [true, false] {
        let (mut node, ids) = three();
        let due = node.exact_timeout().unwrap();
        let (first, _) = node.expire(due).unwrap();
        let others: Vec<_> = ids.iter().copied().filter(|id| *id != first).collect();
        for id in &others {
            let _ = node.handle(due, *id, advert(200, 3));
        }
        if stopped {
            let _ = node.handle(due, first, Input::Shutdown(Stop::Now));
        } else {
            node.group([others.clone()]);
        }
        settle(&mut node, due);
        assert_eq!(names(&node, &others), [Name::Backup; 2], "stopped: {stopped}");
    }
}

#[test]
fn one_that_is_taken_out_before_its_turn_does_not_hand_over_with_the_others() {
    let (mut node, ids) = serving();
    let _ = node.handle(at(4_100), ids[0], Input::Drain(Drain::IfRelieved));
    node.group([ids[..2].to_vec()]);
    let ordered = settle(&mut node, at(4_100));
    assert_eq!(ordered, [(ids[1], advertise(0))]);
}

#[test]
fn two_groups_that_move_in_the_same_moment_do_not_disturb_each_other() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [config(), config(), config(), config()]);
    node.group([ids[..2].to_vec(), ids[2..].to_vec()]);
    for id in &ids {
        let _ = node.handle(at(0), *id, Input::Resume);
    }
    settle(&mut node, at(0));
    for id in [ids[0], ids[2]] {
        let _ = node.handle(at(100), id, advert(200, 3));
    }
    settle(&mut node, at(100));
    assert_eq!(names(&node, &ids), [Name::Backup; 4]);
}

#[test]
fn one_that_joins_serves_with_whoever_serves_and_not_with_one_that_is_stopped() {
    let (mut node, ids) = serving();
    for id in [ids[0], ids[2]] {
        let _ = node.handle(at(4_100), id, Input::Shutdown(Stop::Now));
    }
    settle(&mut node, at(4_100));
    let _ = node.handle(at(4_200), ids[2], Input::Startup);
    settle(&mut node, at(4_200));
    assert_eq!(names(&node, &ids), [Name::Initialize, Name::Active, Name::Active]);
}

/// It served although the check of another had no result yet. It would take over again alone.
#[test]
fn a_member_that_yields_waits_for_the_check_of_another_from_then_on() {
    let mut node = Node::new();
    let ids = inserted(&mut node, [config(), tracking(&[(1, Weight::NONE)])]);
    node.group([ids.clone()]);
    let _ = node.handle(at(1), ids[0], Input::Resume);
    let _ = node.handle(at(1), ids[1], Input::Startup);
    settle(&mut node, at(1));
    assert_eq!(names(&node, &ids), [Name::Active, Name::Initialize]);
    let _ = node.handle(at(500), ids[0], advert(200, 3));
    settle(&mut node, at(500));
    assert_eq!(names(&node, &ids), [Name::Initialize; 2]);
    let _ = node.handle(at(600), ids[1], says(1, Verdict::Up));
    settle(&mut node, at(600));
    assert_eq!(names(&node, &ids), [Name::Backup; 2]);
}

/// The quicker one has given up waiting for a successor, and serves on; the other still waits.
#[test]
fn one_that_nobody_relieved_is_not_asked_again_because_the_priority_of_another_moves() {
    let quick = Config { interval: AdverInterval::from_centis(10).unwrap(), ..config() };
    let (mut node, ids) = host([tracking(&[(1, Weight::of(-20))]), quick]);
    run(&mut node, at(4_000));
    assert_eq!(names(&node, &ids), [Name::Active; 2]);
    let _ = node.handle(at(4_000), ids[0], Input::Drain(Drain::IfRelieved));
    let mut ordered = run(&mut node, at(4_300));
    let _ = node.handle(at(4_300), ids[0], says(1, Verdict::Down));
    ordered.extend(run(&mut node, at(4_900)));
    let resigns = |(_, id, order): &&(_, _, Output)| *id == ids[1] && *order == advertise(0);
    assert_eq!(ordered.iter().filter(resigns).count(), 2, "once, and once more in case it was lost");
}

/// The first member resigns while its check fails; the second would preempt after two seconds, and hears four times as often.
#[test]
fn a_group_preempts_nobody_while_one_of_its_members_defers() {
    let sick = Config { on_degraded: OnDegraded::Resign, ..tracking(&[(1, Weight::of(-20))]) };
    let (mut node, ids) = host([sick, Config { preempt: Preempt::After(ms(2_000)), ..config() }]);
    let _ = node.handle(at(100), ids[0], says(1, Verdict::Down));
    let seldom = Input::Advertisement(Received { interval: AdverInterval::from_secs(4).unwrap(), ..heard(50, 3) });
    for second in 1..30 {
        let _ = node.handle(at(second * 1_000), ids[1], advert(50, 3));
        if second % 4 == 2 {
            let _ = node.handle(at(second * 1_000), ids[0], seldom);
        }
        run(&mut node, at(second * 1_000 + 999));
        assert_eq!(names(&node, &ids), [Name::Backup; 2], "after {second} s");
    }
    let _ = node.handle(at(30_000), ids[0], says(1, Verdict::Up));
    for second in 30..45 {
        let _ = node.handle(at(second * 1_000), ids[1], advert(50, 3));
        if second % 4 == 2 {
            let _ = node.handle(at(second * 1_000), ids[0], seldom);
        }
        run(&mut node, at(second * 1_000 + 999));
    }
    assert_eq!(names(&node, &ids), [Name::Active; 2], "well again, it preempts");
}
