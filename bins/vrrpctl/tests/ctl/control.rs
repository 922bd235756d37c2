use std::process::{Command, Output};

use crate::daemon::{self, Daemon};
use serde_json::{Value, json};

fn vrrpctl(daemon: &Daemon, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vrrpctl")).arg("--control").arg(daemon.socket()).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn outcome(outcome: &str, words: &str) -> Value {
    json!({ "outcomes": [{ "router": "web", "outcome": outcome, "by": null, "until": null, "words": words }] })
}

#[test]
fn status_is_a_table_in_a_pipe_and_json_where_asked_for() {
    let daemon = Daemon::answering(&[("GET /v1/status", 200, daemon::status())]);
    let plain = vrrpctl(&daemon, &["status"]);
    assert!(plain.status.success(), "{plain:?}");
    assert!(stdout(&plain).contains("Backup (BACKUP)"), "{plain:?}");
    assert!(!stdout(&plain).contains('\x1b'), "{plain:?}");
    assert!(stdout(&vrrpctl(&daemon, &["status", "--color", "always"])).contains('\x1b'));
    let json: Value = serde_json::from_slice(&vrrpctl(&daemon, &["status", "--json"]).stdout).unwrap();
    assert_eq!(json["routers"][0]["state"], "backup");
}

#[test]
fn status_of_one_router_leaves_out_the_others_and_knows_their_names() {
    let daemon = Daemon::answering(&[("GET /v1/status", 200, daemon::status())]);
    assert!(stdout(&vrrpctl(&daemon, &["status", "web"])).contains("web"));
    let unknown = vrrpctl(&daemon, &["status", "wbe"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("no virtual router \"wbe\"; there is web"), "{unknown:?}");
}

#[test]
fn nobody_at_the_socket_is_exit_status_3_with_the_path() {
    let gone = Daemon::gone();
    for command in ["status", "explain", "events", "checks", "counters", "config", "report"] {
        let output = vrrpctl(&gone, &[command]);
        assert_eq!(output.status.code(), Some(3), "{command}: {output:?}");
        assert!(stderr(&output).contains(gone.socket().to_str().unwrap()), "{command}: {output:?}");
        assert!(stderr(&output).contains("is vrrpd running?"), "{command}: {output:?}");
    }
}

#[test]
fn a_drain_tells_its_outcome_by_its_exit_status() {
    for (word, code) in [("relieved", 0), ("idle", 0), ("released", 0), ("unrelieved", 5), ("undone", 1)] {
        let daemon = Daemon::answering(&[("POST /v1/drain", 200, outcome(word, "so it was"))]);
        let output = vrrpctl(&daemon, &["drain", "web", "--ttl", "1h"]);
        assert_eq!(output.status.code(), Some(code), "{word}: {output:?}");
        assert_eq!(stdout(&output), "web: so it was\n", "{word}");
        assert_eq!(daemon.asked(), [json!({ "router": "web", "ttl": 3600.0, "force": false })]);
    }
}

#[test]
fn all_means_every_router_and_force_is_passed_on() {
    let daemon = Daemon::answering(&[("POST /v1/drain", 200, json!({ "outcomes": [] }))]);
    assert!(vrrpctl(&daemon, &["drain", "--all", "--force"]).status.success());
    assert_eq!(daemon.asked(), [json!({ "router": null, "ttl": null, "force": true })]);
}

#[test]
fn a_takeover_that_is_refused_is_exit_status_6() {
    for (word, code) in [("raised", 0), ("already_active", 0), ("refused", 6), ("ineligible", 6)] {
        let mut reply = outcome(word, "so it was");
        reply["outcomes"][0]["priority"] = json!(151);
        let daemon = Daemon::answering(&[("POST /v1/takeover", 200, reply)]);
        assert_eq!(vrrpctl(&daemon, &["takeover", "web"]).status.code(), Some(code), "{word}");
    }
}

#[test]
fn who_may_not_is_told_who_may() {
    let refusal = json!({ "error": "forbidden", "words": "uid 1000 may not change anything" });
    let daemon = Daemon::answering(&[("POST /v1/drain", 403, refusal)]);
    let output = vrrpctl(&daemon, &["drain", "--all"]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(stderr(&output).contains("uid 1000 may not"), "{output:?}");
    assert!(stderr(&output).contains("only root and the group"), "{output:?}");
}

#[test]
fn a_daemon_of_another_version_is_named_where_it_is_not_understood() {
    let answers = [
        ("GET /v1/status", 200, json!({ "version": "9.0.0" })),
        ("GET /v1/checks", 200, json!({ "checks": "otherwise" })),
    ];
    let output = vrrpctl(&Daemon::answering(&answers), &["checks"]);
    assert_eq!(output.status.code(), Some(8), "{output:?}");
    assert!(stderr(&output).contains("the daemon is version 9.0.0, this is vrrpctl"), "{output:?}");
    let output = vrrpctl(&Daemon::answering(&answers), &["status"]);
    assert!(output.status.success() && stderr(&output).contains("9.0.0"), "{output:?}");
}

#[test]
fn a_reload_that_is_not_taken_is_exit_status_7() {
    let reload = |reason: Value| json!({ "applied": false, "reason": reason, "changes": [], "diagnostics": [] });
    let daemon = Daemon::answering(&[
        ("POST /v1/reload", 200, reload(json!("1 error"))),
        ("POST /v1/reload?dry_run", 200, reload(Value::Null)),
    ]);
    let output = vrrpctl(&daemon, &["reload"]);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert!(stdout(&output).contains("not taken, the former one is in force: 1 error"), "{output:?}");
    assert!(vrrpctl(&daemon, &["reload", "--dry-run"]).status.success());
}

#[test]
fn events_are_lines_and_following_goes_on_from_the_last_until_the_daemon_ends_it() {
    let event =
        |seq: u64| json!({ "seq": seq, "at": 1.5, "router": "web", "event": "moved", "words": format!("nr {seq}") });
    let page = json!({ "first": 3, "last": 4, "lost": 2, "events": [event(3), event(4)] });
    let daemon = Daemon::answering(&[
        ("GET /v1/events?since=0", 200, page.clone()),
        ("GET /v1/events?since=1", 200, page),
        ("GET /v1/events?follow&since=4", 200, event(5)),
    ]);
    let output = vrrpctl(&daemon, &["events", "--follow", "--json"]);
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, [event(3), event(4), event(5)].map(|event| with_warning(&event)), "{output:?}");
    assert_eq!(output.status.code(), Some(3), "the stream was ended: {output:?}");
    let since = stdout(&vrrpctl(&daemon, &["events", "--since", "1"]));
    assert!(since.starts_with("2 events are no longer kept\n"), "{since}");
    assert_eq!(stdout(&vrrpctl(&daemon, &["events", "--router", "db"])), "");
    let both = stdout(&vrrpctl(&daemon, &["events", "--follow", "--since", "1"]));
    assert!(
        both.starts_with("2 events are no longer kept\n") && both.contains("nr 3") && both.contains("nr 5"),
        "{both}"
    );
}

/// An event as it is printed: what the daemon may leave out is there.
fn with_warning(event: &Value) -> Value {
    let mut event = event.clone();
    event["warning"] = json!(false);
    event
}

#[test]
fn the_log_level_is_shown_and_changed() {
    let daemon = Daemon::answering(&[
        ("GET /v1/log-level", 200, json!({ "level": "info" })),
        ("PUT /v1/log-level", 200, json!({ "level": "debug" })),
    ]);
    assert_eq!(stdout(&vrrpctl(&daemon, &["log-level"])), "info\n");
    assert_eq!(stdout(&vrrpctl(&daemon, &["log-level", "debug"])), "debug\n");
}

#[test]
fn watching_without_a_terminal_says_what_to_use_instead() {
    let daemon = Daemon::answering(&[("GET /v1/status", 200, daemon::status())]);
    let output = vrrpctl(&daemon, &["watch"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stderr(&output).contains("needs a terminal"), "{output:?}");
}

#[test]
fn completions_and_man_pages_need_no_daemon() {
    let gone = Daemon::gone();
    assert!(stdout(&vrrpctl(&gone, &["completions", "bash"])).contains("_vrrpctl"));
    let directory = tempfile::tempdir().unwrap();
    assert!(vrrpctl(&gone, &["man", directory.path().to_str().unwrap()]).status.success());
    assert!(directory.path().join("vrrpctl-status.1").exists());
}
