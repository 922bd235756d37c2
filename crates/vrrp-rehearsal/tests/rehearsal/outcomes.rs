//! Who serves, and for how long nobody does.

use core::time::Duration;

use vrrp_rehearsal::{Make, Rehearsal, Remark, SiteError};

use super::fixture::{check, file, kinds, nodes, outcome, pair, rehearse, served};

const SOUND: [&str; 2] = ["priority 150", "priority 100"];

fn seconds(least: f64, most: f64) -> impl Fn(Duration) -> bool {
    move |found| (least..most).contains(&found.as_secs_f64())
}

#[test]
fn nothing_is_suspicious_about_a_sound_pair() {
    let report = pair(SOUND[0], SOUND[1]);
    assert!(!report.is_suspicious(), "{report}");
    assert_eq!(served(&report, "nothing fails").during, ["node-a"]);
}

#[test]
fn a_death_costs_three_intervals_and_the_skew_and_the_address_comes_back() {
    let report = pair(SOUND[0], SOUND[1]);
    let death = served(&report, "node-a fails");
    assert_eq!(
        (&death.before[..], &death.during[..], &death.after[..]),
        (&["node-a".into()][..], &["node-b".into()][..], &["node-a".into()][..])
    );
    assert!(seconds(2.6, 3.7)(death.nobody), "{death:?}");
    assert!(seconds(0.0, 0.1)(death.recovery_nobody), "a living node hands over: {death:?}");
    assert_eq!(death.moves, 2);
}

#[test]
fn a_stop_in_good_order_and_a_drain_leave_no_gap() {
    let report = pair(SOUND[0], SOUND[1]);
    for name in ["node-a is stopped", "node-a is drained"] {
        let stop = served(&report, name);
        assert_eq!(stop.during, ["node-b"], "{name}");
        assert!(seconds(0.0, 0.1)(stop.nobody), "{name}: {stop:?}");
    }
}

#[test]
fn who_is_isolated_serves_where_nobody_sees_it() {
    let report = pair(SOUND[0], SOUND[1]);
    let isolated = served(&report, "node-a is isolated");
    assert_eq!((&isolated.during[..], &isolated.unseen[..]), (&["node-b".to_owned()][..], &["node-a".to_owned()][..]));
    assert_eq!(isolated.remarks, [Remark::CutOff { node: "node-a".into() }]);
}

#[test]
fn nodes_that_do_not_hear_each_other_both_serve_and_that_is_nothing_bad_of_the_files() {
    let report = pair(SOUND[0], SOUND[1]);
    let split = outcome(&report, "eth0 is split: node-a | node-b");
    assert_eq!(split.services[0].during, ["node-a", "node-b"]);
    assert!(!split.is_bad() && split.services[0].two > Duration::from_secs(1), "{split:?}");
    // The better one is heard, and so the other stays where it is.
    assert_eq!(served(&report, "node-a does not hear node-b on eth0").during, ["node-a"]);
    assert_eq!(served(&report, "node-b does not hear node-a on eth0").during, ["node-a", "node-b"]);
}

#[test]
fn nodes_that_discard_each_other_both_serve_and_that_is_bad() {
    let pass = |pass: &str| format!("version 2\n authentication {{\n auth_type PASS\n auth_pass {pass}\n }}");
    let report = pair(&format!("priority 150\n{}", pass("one")), &format!("priority 100\n{}", pass("two")));
    let base = served(&report, "nothing fails");
    assert_eq!(base.remarks, [Remark::TwoServe { nodes: vec!["node-a".into(), "node-b".into()] }]);
}

#[test]
fn a_check_without_a_weight_moves_the_address_after_its_failures_in_a_row() {
    let block = |priority: u8| file(&check("api", ""), &format!("priority {priority}\n track_script {{\n api\n }}"));
    let report = rehearse(&[&block(150), &block(100)]);
    let fails = served(&report, "api fails on node-a");
    assert_eq!(fails.during, ["node-b"]);
    assert!(fails.took.is_some_and(seconds(2.0, 6.0)), "{fails:?}");
    assert_eq!(served(&report, "api fails everywhere").remarks, [Remark::NobodyLeft], "which is what was asked for");
    assert!(!report.is_suspicious(), "{report}");
}

#[test]
fn a_requirement_keeps_an_isolated_node_from_serving() {
    let gateway = check("gateway", "");
    let block = |priority: u8| file(&gateway, &format!("priority {priority}\n claim_requires gateway"));
    let report = rehearse(&[&block(150), &block(100)]);
    let isolated = served(&report, "node-b is isolated");
    assert_eq!((&isolated.during[..], isolated.unseen.len()), (&["node-a".to_owned()][..], 0));
    let without = pair("priority 150", "priority 100");
    assert_eq!(served(&without, "node-b is isolated").unseen, ["node-b"]);
}

#[test]
fn a_sync_group_goes_together_though_one_link_is_down() {
    let block = |name: &str, interface: &str, vrid: u8, priority: u8| {
        format!(
            "vrrp_instance {name} {{\n interface {interface}\n virtual_router_id {vrid}\n priority {priority}\n \
             virtual_ipaddress {{\n 10.0.{vrid}.100/24\n }}\n}}\n"
        )
    };
    let group = "vrrp_sync_group G {\n group {\n outside\n inside\n }\n}\n";
    let file = |priority, group: &str| {
        format!("{group}{}{}", block("outside", "eth0", 51, priority), block("inside", "eth1", 52, priority))
    };
    let together = rehearse(&[&file(150, group), &file(100, group)]);
    let down = outcome(&together, "link eth0 of node-a is down");
    assert!(down.services.iter().all(|served| served.during == ["node-b"]), "{down:?}");
    let apart = rehearse(&[&file(150, ""), &file(100, "")]);
    let down = outcome(&apart, "link eth0 of node-a is down");
    assert_eq!(
        (&down.services[0].during[..], &down.services[1].during[..]),
        (&["node-b".to_owned()][..], &["node-a".to_owned()][..])
    );
    assert!(kinds(&together).is_empty() && kinds(&apart).is_empty());
}

#[test]
fn with_keepalived_a_stop_releases_before_anybody_else_serves() {
    let files = SOUND.map(|lines| file("", lines));
    let nodes = nodes(&[&files[0], &files[1]]);
    let theirs = Rehearsal { software: Make::Keepalived24, ..Rehearsal::default() }.run(&nodes).unwrap();
    let ours = Rehearsal::default().run(&nodes).unwrap();
    let gap = |report| served(report, "node-a is stopped").nobody;
    assert!(gap(&theirs) > Duration::from_millis(300), "Skew_Time without anybody: {:?}", gap(&theirs));
    assert!(gap(&ours) < Duration::from_millis(100), "{:?}", gap(&ours));
    assert!(theirs.outcomes.iter().all(|outcome| !outcome.name.contains("drained")), "it knows no drain");
}

#[test]
fn of_two_failures_the_second_comes_while_the_first_lasts() {
    let files = SOUND.map(|lines| file("", lines));
    let rehearsal = Rehearsal { pairs: true, only: Some("node-a fails".into()), ..Rehearsal::default() };
    let report = rehearsal.run(&nodes(&[&files[0], &files[1]])).unwrap();
    let both = served(&report, "node-a fails, then node-b fails");
    assert_eq!((&both.during[..], &both.remarks[..]), (&[][..], &[Remark::NobodyLeft][..]));
    assert_eq!(both.after, ["node-a"]);
    assert!(report.pairs.iter().all(|pair| pair.name.contains("node-a fails")), "the others were not asked for");
}

#[test]
fn three_nodes_take_over_by_their_rank() {
    let files = [150, 120, 90].map(|priority| file("", &format!("priority {priority}")));
    let rehearsal = Rehearsal { pairs: true, ..Rehearsal::default() };
    let report = rehearsal.run(&nodes(&[&files[0], &files[1], &files[2]])).unwrap();
    assert_eq!(served(&report, "node-a fails").during, ["node-b"]);
    assert_eq!(served(&report, "node-a fails, then node-b fails").during, ["node-c"]);
    assert!(!report.is_suspicious(), "{report}");
}

#[test]
fn a_failure_that_nothing_is_called_like_is_an_error() {
    let rehearsal = Rehearsal { only: Some("node-z".into()), ..Rehearsal::default() };
    let found = rehearsal.run(&nodes(&[&file("", SOUND[0]), &file("", SOUND[1])]));
    assert_eq!(found.err(), Some(SiteError::UnknownFailure("node-z".into())));
}
