//! Files that include files.
#![expect(clippy::unwrap_used, reason = "a test that fails, fails")]

use std::fs;
use std::path::PathBuf;

use vrrp_config::{Code, Limits, Options, load, parse_str, render};

/// A directory of its own that goes away.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("vrrp-config-{}-{name}", std::process::id()));
        for (file, text) in files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn router(vrid: u8) -> String {
    format!(
        "vrrp_instance R{vrid} {{\ninterface eth0\nvirtual_router_id {vrid}\nvirtual_ipaddress {{\n10.0.0.{vrid}\n}}\n}}\n"
    )
}

#[test]
fn patterns_are_relative_to_the_file_and_match_in_order() {
    let files = [
        ("main.conf", "$IF=eth7\ninclude conf.d/{b,a}*.conf\ninclude conf.d/nothing-*.conf\ninclude sub/deep.conf\n"),
        ("conf.d/a1.conf", &router(1)),
        ("conf.d/a2.conf", &router(2)),
        ("conf.d/b.conf", &router(3)),
        ("conf.d/c.conf", &router(4)),
        ("sub/deep.conf", "include deeper.conf\n"),
        ("sub/deeper.conf", &router(5).replace("eth0", "$IF")),
    ];
    let directory = Directory::new("patterns", &files);
    let loaded = load(&directory.0.join("main.conf"), &Options::default());
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let vrids: Vec<_> = loaded.model.routers.iter().map(|router| router.virtual_router_id.get()).collect();
    assert_eq!(vrids, [3, 1, 2, 5]);
    assert_eq!(loaded.model.routers.last().unwrap().interface.as_deref(), Some("eth7"));
}

#[test]
fn what_an_include_insists_on_is_an_error_and_else_a_warning_or_nothing() {
    let text = "include none.conf\ninclude none-*.conf\nincludem none.conf\nincludew none-*.conf\nincludeb {none,main}.conf.d\n";
    let directory = Directory::new("insists", &[("main.conf", text)]);
    let loaded = load(&directory.0.join("main.conf"), &Options::default());
    let lines = |diagnostic: &vrrp_config::Diagnostic| diagnostic.labels.first().unwrap().location.line;
    assert_eq!(loaded.warnings().map(lines).collect::<Vec<_>>(), [1]);
    assert_eq!(loaded.errors().map(lines).collect::<Vec<_>>(), [3, 4, 5, 5]);
}

#[test]
fn a_problem_in_an_included_file_names_that_file() {
    let directory = Directory::new("names", &[("main.conf", "include other.conf\n"), ("other.conf", "\n\nnonsense\n")]);
    let loaded = load(&directory.0.join("main.conf"), &Options::default());
    let location = &loaded.diagnostics.first().unwrap().labels.first().unwrap().location;
    assert!(location.file.ends_with("other.conf"));
    assert_eq!(location.line, 3);
}

#[test]
fn a_file_that_includes_itself_ends_in_an_error() {
    let directory = Directory::new("itself", &[("main.conf", "include main.conf\ninclude *.conf\n")]);
    let options = Options { limits: Limits { files: 20, ..Limits::default() }, ..Options::default() };
    let loaded = load(&directory.0.join("main.conf"), &options);
    assert!(loaded.errors().any(|error| error.code == Code::Limit));
}

#[test]
fn a_missing_file_is_a_diagnostic() {
    let loaded = load("/nonexistent/vrrpd.conf".as_ref(), &Options::default());
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::File]);
}

#[test]
fn a_file_beyond_the_limit_is_a_diagnostic() {
    let directory = Directory::new("large", &[("main.conf", &"#\n".repeat(100))]);
    let options = Options { limits: Limits { file_bytes: 100, ..Limits::default() }, ..Options::default() };
    let loaded = load(&directory.0.join("main.conf"), &options);
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::File]);
}

#[test]
fn text_without_a_file_opens_none() {
    let loaded = parse_str("text.conf", "include /etc/passwd\n", &Options::default());
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::File]);
}

#[test]
fn a_comment_of_another_encoding_is_a_warning_and_in_toml_an_error() {
    let directory = Directory::new("encoding", &[]);
    fs::create_dir_all(&directory.0).unwrap();
    let text = ["# Schl\u{fc}ssel\n", &router(1)].concat();
    let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (name, errors, warnings) in [("main.conf", 0, 1), ("main.toml", 1, 0)] {
        let path = directory.0.join(name);
        fs::write(&path, &latin1).unwrap();
        let loaded = load(&path, &Options::default());
        assert_eq!((loaded.errors().count(), loaded.warnings().count()), (errors, warnings), "{name}");
    }
}
