//! The model means what keepalived makes of the same file: its dump on SIGUSR1 against ours, field by field.
#![expect(clippy::panic, reason = "a test that fails, fails")]

mod dump;
mod expected;
mod namespace;

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use vrrp_config::{Loaded, Options, load, render};

/// Loads a file and leaves out what is not built yet, which the dump shows in other fields.
fn loaded(path: &Path) -> Loaded {
    let options = Options {
        allow_not_built: true,
        load_balancing_by_others: true,
        config_id: Some("node".to_owned()),
        ..Options::default()
    };
    load(path, &options)
}

/// Runs keepalived on the file and returns the differences, one a line.
fn differences(path: &Path, loaded: &Loaded) -> String {
    let source = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // keepalived does not find a script that comes after its use, and runs without it; here the order does not matter.
    let late = source.find("vrrp_script") > source.find("track_script");
    let named = loaded.interfaces.iter().map(|named| named.interface.as_str());
    // Routes and trackers name interfaces too, and keepalived exits without them.
    let words: Vec<&str> = source.split_whitespace().collect();
    let others = words.iter().enumerate().filter_map(|(at, word)| match *word {
        "dev" => words.get(at + 1).copied(),
        word => word.starts_with("eth").then_some(word),
    });
    let mut interfaces: Vec<&str> = named.chain(others).filter(|name| *name != "lo" && !name.contains(':')).collect();
    interfaces.sort_unstable();
    interfaces.dedup();
    let text = namespace::dump_of(path, &source, &interfaces);
    let dumped = dump::instances(&text);
    let mut out = String::new();
    for router in &loaded.model.routers {
        let Some(theirs) = dumped.iter().find(|instance| instance.name == router.name) else {
            let _ = writeln!(out, "{}: {}: keepalived has no such instance\n{text}", path.display(), router.name);
            continue;
        };
        for (field, ours) in expected::fields(router, &loaded.model) {
            let theirs = theirs.field(field);
            if theirs != ours && !(late && field == "Tracked scripts") {
                let _ = writeln!(out, "{}: {}: {field}: ours {ours:?}, theirs {theirs:?}", path.display(), router.name);
            }
        }
    }
    out
}

/// The files of a directory that end in `.conf`, sorted.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "conf"));
    files.sort();
    files
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_makes_the_same_of_every_case() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keepalived_dump/cases");
    let mut out = String::new();
    for path in files(&directory) {
        let loaded = loaded(&path);
        assert!(loaded.is_sound(), "{}", render(&loaded, false));
        out += &differences(&path, &loaded);
    }
    assert!(out.is_empty(), "\n{out}");
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_makes_the_same_of_every_real_file_that_loads() {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let directory = std::env::var_os("VRRP_CORPUS").map_or(default, PathBuf::from);
    if !directory.is_dir() {
        if directory != Path::new("none") {
            println!("skipped: no real files compared: {} is no directory; set VRRP_CORPUS", directory.display());
        }
        return;
    }
    let (mut out, mut compared, mut left_out) = (String::new(), 0, 0);
    for path in files(&directory) {
        let loaded = loaded(&path);
        if loaded.warnings().any(|warning| warning.message.contains("use_vmac")) {
            left_out += 1;
        } else if loaded.is_sound() && !loaded.model.routers.is_empty() {
            compared += 1;
            out += &differences(&path, &loaded);
        }
    }
    eprintln!("{compared} real files compared with keepalived, {left_out} left out for use_vmac");
    assert!(out.is_empty(), "\n{out}");
    assert!(compared > 0, "no file of {} loads", directory.display());
}
