//! Logs of a real pair, recorded in two network namespaces: a check failed and recovered, a link went down and came back,
//! the daemon was stopped in good order and started again.

use vrrp_config::Options;
use vrrp_rehearsal::{Difference, Log, Node, Rehearsal, Replay, ReplayError};

use super::fixture::{file, nodes};

const FILES: [&str; 2] = [include_str!("recorded/node-a.conf"), include_str!("recorded/node-b.conf")];
const LOGS: [&str; 2] = [include_str!("recorded/node-a.events"), include_str!("recorded/node-b.events")];

fn pair() -> [Node; 2] {
    [("node-a", FILES[0]), ("node-b", FILES[1])].map(|(name, text)| Node::parse(name, text, &Options::default()))
}

fn logs() -> [Log; 2] {
    LOGS.map(|text| Log::parse(text).unwrap())
}

#[test]
fn what_a_real_pair_recorded_is_what_is_simulated() {
    let replay = Replay::run(&pair(), &logs(), &Rehearsal::default()).unwrap();
    assert!(replay.is_faithful(), "{replay}");
    let words: Vec<&str> = replay.done.iter().map(|done| done.what.as_str()).collect();
    for wanted in
        ["chk_api on node-a: down", "link eth0 of node-a is down", "link eth0 of node-a is up", "node-a is stopped"]
    {
        assert!(words.contains(&wanted), "{wanted}: {words:?}");
    }
    assert!(replay.moves.len() >= 14, "{replay}");
    assert!(replay.svg().contains("node-a is stopped"));
}

#[test]
fn another_configuration_than_the_recorded_one_shows_in_the_differences() {
    let [a, b] = [FILES[0].replace("priority 100", "priority 100\n nopreempt"), FILES[1].to_owned()];
    let nodes = [("node-a", a), ("node-b", b)].map(|(name, text)| Node::parse(name, &text, &Options::default()));
    let replay = Replay::run(&nodes, &logs(), &Rehearsal::default()).unwrap();
    assert!(!replay.is_faithful(), "{replay}");
    let lost = replay.moves.iter().find(|one| one.difference == Difference::NotSimulated).unwrap();
    assert_eq!(
        (lost.node.as_str(), lost.to.as_str(), lost.recorded_cause.as_deref()),
        ("node-a", "active", Some("preempting"))
    );
}

/// The lines of a log by hand: when, from, to, cause, priority.
fn log(moves: &[(f64, &str, &str, &str, u8)]) -> Log {
    let line = |(seq, (at, from, to, cause, priority)): (usize, &(f64, &str, &str, &str, u8))| {
        format!(
            "{{\"seq\":{},\"at\":{at},\"router\":\"VI_1\",\"event\":\"moved\",\"words\":\"\",\"from\":\"{from}\",\
             \"to\":\"{to}\",\"cause\":\"{cause}\",\"priority\":{priority}}}\n",
            seq + 1
        )
    };
    Log::parse(&moves.iter().enumerate().map(line).collect::<String>()).unwrap()
}

fn by_hand(a: &[(f64, &str, &str, &str, u8)], b: &[(f64, &str, &str, &str, u8)]) -> Replay {
    let files = ["priority 150", "priority 100"].map(|lines| file("", &format!("version 3\n{lines}")));
    Replay::run(&nodes(&[&files[0], &files[1]]), &[log(a), log(b)], &Rehearsal::default()).unwrap()
}

#[test]
fn a_node_that_says_nothing_more_has_failed_when_the_other_began_to_wait() {
    let a = [(100.0, "initialize", "backup", "started", 150), (103.4, "backup", "active", "active_down", 150)];
    let b = [(100.0, "initialize", "backup", "started", 100), (120.0, "backup", "active", "active_down", 100)];
    let replay = by_hand(&a, &b);
    assert!(replay.is_faithful(), "{replay}");
    assert!(replay.done.iter().any(|done| done.what == "node-a fails" && done.assumed), "{:?}", replay.done);
}

#[test]
fn two_that_both_serve_and_live_did_not_hear_each_other() {
    let a = [(100.0, "initialize", "backup", "started", 150), (103.4, "backup", "active", "active_down", 150)];
    let b = [
        (100.0, "initialize", "backup", "started", 100),
        (120.0, "backup", "active", "active_down", 100),
        (130.0, "active", "backup", "higher", 100),
    ];
    let replay = by_hand(&a, &b);
    let words: Vec<&str> = replay.done.iter().map(|done| done.what.as_str()).collect();
    assert!(
        words.contains(&"node-b does not hear node-a") && words.contains(&"node-b hears node-a again"),
        "{words:?}"
    );
    assert!(replay.is_faithful() && replay.moves.len() == 5, "{replay}");
}

#[test]
fn what_is_no_log_is_an_error() {
    assert!(matches!(Log::parse("no log"), Err(ReplayError::Log(_))));
    assert!(matches!(Log::parse(""), Err(ReplayError::Empty)));
    assert!(Log::parse("{\"first\":1,\"last\":1,\"lost\":0,\"events\":[{\"seq\":1,\"at\":1.5,\"event\":\"resynced\",\"words\":\"\"}]}").is_ok());
    let found = Replay::run(&pair(), &logs()[..1], &Rehearsal::default());
    assert!(matches!(found, Err(ReplayError::Count { logs: 1, nodes: 2 })));
}
