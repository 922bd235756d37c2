//! `vrrpd simulate` as a user runs it: exit statuses, JSON, pictures and replays.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A directory with a pair of files, whose blocks have these lines.
struct Pair(TempDir);

impl Pair {
    fn new(a: &str, b: &str) -> Self {
        let directory = TempDir::new().expect("a directory");
        for (name, lines) in [("node-a", a), ("node-b", b)] {
            let text = format!(
                "vrrp_instance VI_1 {{\n interface eth0\n virtual_router_id 51\n{lines}\n \
                 virtual_ipaddress {{\n 10.0.0.100/24\n }}\n}}\n"
            );
            std::fs::write(directory.path().join(format!("{name}.conf")), text).expect("it is written");
        }
        Self(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn simulate(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vrrpd"));
        command.current_dir(self.0.path()).args(["simulate", "node-a.conf", "node-b.conf"]).args(arguments);
        command.output().expect("it starts")
    }
}

fn sound() -> Pair {
    Pair::new("priority 150", "priority 100")
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn the_exit_status_says_whether_anything_is_suspicious() {
    assert_eq!(sound().simulate(&[]).status.code(), Some(0));
    let twins = Pair::new("priority 100", "priority 100").simulate(&[]);
    assert_eq!(twins.status.code(), Some(1), "{}", text(&twins));
    assert!(
        text(&twins).contains("node-a.conf:4:10, node-b.conf:4:10: VI_1: node-a and node-b have the priority 100"),
        "{}",
        text(&twins)
    );
    for impossible in [&["--name", "one"][..], &["--only", "nothing"], &["--name", "x", "--name", "x"]] {
        let output = sound().simulate(impossible);
        assert_eq!(output.status.code(), Some(2), "{impossible:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("vrrpd simulate: "), "{impossible:?}");
    }
}

#[test]
fn names_given_are_names_used_and_json_is_json() {
    let output = sound().simulate(&["--name", "left", "--name", "right", "--json", "--only", "left fails"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["outcomes"][1]["name"], "left fails");
    assert_eq!(report["outcomes"][1]["services"][0]["during"][0], "right");
    assert_eq!(report["outcomes"].as_array().map(Vec::len), Some(2));
}

#[test]
fn one_file_with_lines_for_each_node_is_the_file_of_all() {
    let pair = Pair::new("@left priority 150\n@right priority 100", "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vrrpd"));
    command.current_dir(pair.0.path()).args([
        "simulate",
        "node-a.conf",
        "node-a.conf",
        "--name",
        "left",
        "--name",
        "right",
    ]);
    let output = command.output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("left 150, right 100"), "{}", text(&output));
}

#[test]
fn pictures_go_into_one_file_or_one_for_each_failure() {
    let pair = sound();
    pair.simulate(&["--svg", "all.svg"]);
    let all = std::fs::read_to_string(pair.path("all.svg")).expect("a picture");
    assert!(all.starts_with("<svg") && all.contains("node-b is drained"));
    pair.simulate(&["--svg", "pictures"]);
    let one = std::fs::read_to_string(pair.path("pictures/node-a-fails.svg")).expect("a picture");
    assert!(one.contains("node-a fails") && !one.contains("node-b is drained"));
}

#[test]
fn two_logs_are_replayed_and_what_is_no_log_is_said() {
    let moved = |from: &str, to: &str, cause: &str, at: f64| {
        format!(
            "{{\"seq\":1,\"at\":{at},\"router\":\"VI_1\",\"event\":\"moved\",\"words\":\"\",\"from\":\"{from}\",\"to\":\"{to}\",\"cause\":\"{cause}\"}}\n"
        )
    };
    let pair = sound();
    let start = moved("initialize", "backup", "started", 100.0);
    let active = moved("backup", "active", "active_down", 103.4);
    std::fs::write(pair.path("a.events"), format!("{start}{active}")).expect("it is written");
    std::fs::write(pair.path("b.events"), &start).expect("it is written");
    let same = pair.simulate(&["--replay", "a.events", "b.events"]);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same));
    std::fs::write(pair.path("b.events"), format!("{start}{active}")).expect("it is written");
    let other = pair.simulate(&["--replay", "a.events", "b.events"]);
    assert_eq!(other.status.code(), Some(1), "{}", text(&other));
    assert!(text(&other).contains("not simulated"), "{}", text(&other));
    std::fs::write(pair.path("b.events"), "nothing").expect("it is written");
    assert_eq!(pair.simulate(&["--replay", "a.events", "b.events"]).status.code(), Some(2));
}
