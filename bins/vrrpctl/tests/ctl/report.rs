//! The archive of `vrrpctl report`.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::daemon::{self, Daemon};
use serde_json::{Value, json};

fn report(daemon: &Daemon, to: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vrrpctl"));
    command.arg("--control").arg(daemon.socket()).args(["report", "--output"]).arg(to).output().unwrap()
}

fn files(archive: impl Read) -> BTreeMap<String, String> {
    let mut archive = tar::Archive::new(archive);
    let file = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let (mut content, name) = (Vec::new(), entry.path().unwrap().display().to_string());
        entry.read_to_end(&mut content).unwrap();
        (name, String::from_utf8_lossy(&content).into_owned())
    };
    archive.entries().unwrap().map(file).collect()
}

fn answering() -> Daemon {
    let events = json!({ "first": 1, "last": 1, "lost": 0, "events": [{ "seq": 1, "at": 1.5, "event": "swept", "words": "x" }] });
    Daemon::answering(&[
        ("GET /v1/status", 200, daemon::status()),
        ("GET /v1/events?since=0", 200, events),
        ("GET /v1/config", 200, json!({ "auth_pass": "***" })),
        ("GET /v1/capture", 200, json!("pcap")),
    ])
}

#[test]
fn a_report_holds_what_the_daemon_said_and_names_what_it_did_not() {
    let daemon = answering();
    let to = daemon.directory().join("report.tar.gz");
    let output = report(&daemon, &to);
    assert!(output.status.success(), "{output:?}");
    let files = files(flate2::read::GzDecoder::new(std::fs::File::open(&to).unwrap()));
    let file = |name: &str| {
        files.get(&format!("vrrp-report/{name}")).unwrap_or_else(|| panic!("no {name}: {:?}", files.keys()))
    };
    assert!(file("status.txt").contains("Backup (BACKUP)"));
    assert_eq!(serde_json::from_str::<Value>(file("status.json")).unwrap()["routers"][0]["name"], "web");
    assert_eq!(serde_json::from_str::<Value>(file("events.jsonl")).unwrap()["seq"], 1);
    assert!(file("config.json").contains("***"));
    assert!(file("explain.txt.missing").contains("/v1/explain"));
    assert_eq!(file("advertisements.pcap").trim_end(), "\"pcap\"");
    assert!(file("README.txt").contains("advertisements.pcap"));
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_report_is_not_compressed_where_the_name_says_so_and_replaces_nothing() {
    let daemon = answering();
    let to = daemon.directory().join("report.tar");
    assert!(report(&daemon, &to).status.success());
    assert!(files(std::fs::File::open(&to).unwrap()).contains_key("vrrp-report/status.json"));
    let again = report(&daemon, &to);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
}
