//! `vrrpd check`: exit status and machine-readable diagnostics.

use std::process::{Command, Output};

use serde_json::Value;

use crate::fixture::{VIP, binary, instance};

fn check(config: &str, arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("vrrp.conf");
    std::fs::write(&file, config).unwrap();
    Command::new(binary()).arg("check").arg(&file).args(arguments).output().unwrap()
}

/// The diagnostics of `--json`.
fn diagnostics(config: &str) -> Vec<Value> {
    let output = check(config, &["--json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Its interface exists nowhere, which is a warning.
fn sound() -> String {
    instance(51, 150, "0.1", "").replace("eth0", "nosuch0")
}

#[test]
fn the_exit_status_says_whether_it_would_run() {
    assert_eq!(check(&sound(), &[]).status.code(), Some(0));
    assert_eq!(check(&sound().replace("priority 150", "priority 300"), &[]).status.code(), Some(1));
    assert_eq!(check("", &[]).status.code(), Some(1), "there is nothing to run");
    let output = Command::new(binary()).args(["check", "/nonexistent/vrrp.conf"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn strict_makes_errors_of_warnings() {
    let long = "version 2\n  advert_int 1\n  authentication {\n    auth_type PASS\n    auth_pass much-too-long\n  }";
    let config = sound().replace("version 3", "").replace("advert_int 0.1", long);
    assert_eq!(check(&config, &[]).status.code(), Some(0));
    assert_eq!(check(&config, &["--strict"]).status.code(), Some(1));
}

#[test]
fn json_gives_every_problem_of_the_file_with_its_place() {
    let config = sound().replace("priority 150", "prioritty 150").replace(VIP, "10.0.0.999");
    let found = diagnostics(&config);
    let errors: Vec<_> = found.iter().filter(|diagnostic| diagnostic["severity"] == "error").collect();
    assert_eq!(errors.len(), 2, "{found:#?}");
    let place = |diagnostic: &Value| {
        let label = &diagnostic["labels"][0];
        (label["line"].as_u64().unwrap(), label["column"].as_u64().unwrap())
    };
    assert_eq!(errors[0]["code"], "unknown-keyword");
    assert_eq!(place(errors[0]), (5, 3));
    assert_eq!(place(errors[1]), (9, 5));
    assert!(errors.iter().all(|error| error["instance"] == "V51"));
}

#[test]
fn an_interface_that_this_host_lacks_is_a_warning() {
    let found = diagnostics(&sound());
    let severities: Vec<_> = found.iter().map(|diagnostic| diagnostic["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["warning"], "{found:#?}");
    assert_eq!(found[0]["labels"][0]["line"], 3);
}

#[test]
fn the_examples_of_the_documentation_are_sound() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples");
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let found = diagnostics(&std::fs::read_to_string(&file).unwrap());
        // What this host lacks is nothing that is wrong with the example.
        let wrong: Vec<_> = found.iter().filter(|diagnostic| diagnostic["code"] != "host").collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", file.display());
    }
}
