//! What weights and `nopreempt` do to who serves.

use vrrp_rehearsal::{FindingKind as Kind, Remark, Report};

use super::fixture::{check, file, kinds, rehearse, served};

/// A pair with 100 and 90 that tracks a check with a weight; node-a has these lines more.
fn weighted(weight: i16, lines: &str) -> Report {
    let api = check("api", &format!("weight {weight}"));
    let block =
        |priority: u8, lines: &str| file(&api, &format!("priority {priority}\n track_script {{\n api\n }}\n{lines}"));
    rehearse(&[&block(100, lines), &block(90, "")])
}

#[test]
fn a_weight_that_is_too_small_moves_nothing() {
    let report = weighted(-5, "");
    assert_eq!(kinds(&report), [Kind::WeightNeverMoves]);
    let sick = Remark::SickServes { node: "node-a".into(), check: "api".into(), well: vec!["node-b".into()] };
    assert_eq!(served(&report, "api fails on node-a").remarks, [sick]);
}

#[test]
fn a_weight_of_just_the_difference_moves_nothing() {
    let report = weighted(-10, "");
    assert_eq!(kinds(&report), [Kind::WeightTies]);
    assert_eq!(served(&report, "api fails on node-a").during, ["node-a"]);
}

#[test]
fn a_weight_of_more_than_the_difference_moves_the_address_and_gives_it_back() {
    let report = weighted(-20, "");
    assert_eq!(kinds(&report), []);
    let fails = served(&report, "api fails on node-a");
    assert_eq!((&fails.during[..], &fails.after[..]), (&["node-b".to_owned()][..], &["node-a".to_owned()][..]));
    assert!(!report.is_suspicious(), "{report}");
}

#[test]
fn nopreempt_strands_the_address_on_a_sick_node() {
    let report = weighted(-20, "nopreempt");
    assert_eq!(kinds(&report), [Kind::NopreemptStrands]);
    let stranded = served(&report, "node-a fails and returns, then api fails on node-b");
    let sick = Remark::SickServes { node: "node-b".into(), check: "api".into(), well: vec!["node-a".into()] };
    assert_eq!(stranded.remarks, [sick]);
    let stays = served(&report, "node-a fails");
    assert_eq!(stays.remarks, [Remark::Stays { is: "node-b".into() }], "which is what nopreempt is for");
}

#[test]
fn failback_manual_does_not_strand_it() {
    let report = weighted(-20, "failback manual");
    assert_eq!(kinds(&report), []);
    let relieved = served(&report, "node-a fails and returns, then api fails on node-b");
    assert_eq!(relieved.during, ["node-a"]);
    assert!(!report.is_suspicious(), "{report}");
}

#[test]
fn a_file_with_a_weight_of_its_own_fails_by_its_worst_number() {
    let tracked = "track_file load {\n file /run/load\n weight 1\n}\n";
    let block = |priority: u8| file(tracked, &format!("priority {priority}\n track_file {{\n load\n }}"));
    let report = rehearse(&[&block(150), &block(100)]);
    assert_eq!(served(&report, "nothing fails").during, ["node-a"]);
    assert_eq!(served(&report, "load fails on node-a").during, ["node-b"]);
}

#[test]
fn a_tracked_link_fails_with_the_link_and_without() {
    let block = |priority: u8| file("", &format!("priority {priority}\n track_interface {{\n eth1\n }}"));
    let report = rehearse(&[&block(150), &block(100)]);
    assert_eq!(served(&report, "interface eth1 fails on node-a").during, ["node-b"]);
}
