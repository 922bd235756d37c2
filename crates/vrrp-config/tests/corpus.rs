//! Real files: each loads, or fails with errors that its author would call right. The files are not part
//! of this repository; `VRRP_CORPUS` names their directory, which has an `INDEX.tsv` of (file, kind).
#![expect(clippy::panic, clippy::print_stdout, reason = "a test that fails, fails; a skip is told on standard output")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use vrrp_config::{Code, Loaded, Options, load, parse_str, render, to_keepalived, to_toml};

/// The directory of real files, or a word on why nothing is tested.
fn directory() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let directory = std::env::var_os("VRRP_CORPUS").map_or(default, PathBuf::from);
    if directory.join("INDEX.tsv").is_file() {
        return Some(directory);
    }
    // `none` says that there is none on purpose; everywhere else the line below fails the project's CI.
    if directory != Path::new("none") {
        println!("skipped: no real files tested: {} has no INDEX.tsv; set VRRP_CORPUS", directory.display());
    }
    None
}

/// The files of a kind.
fn files(directory: &Path, kind: &str) -> Vec<PathBuf> {
    let index = directory.join("INDEX.tsv");
    let text = fs::read_to_string(&index).unwrap_or_else(|error| panic!("{}: {error}", index.display()));
    let rows = text.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let of_kind = rows.filter(|row| row.get(1) == Some(&kind));
    of_kind.filter_map(|row| Some(directory.join(row.first()?))).collect()
}

fn loaded(path: &Path, allow_not_built: bool) -> Loaded {
    let options = Options { allow_not_built, config_id: Some("node".to_owned()), ..Options::default() };
    load(path, &options)
}

/// How many files there are of each outcome.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    clean: usize,
    with_warnings: usize,
    /// Files with an error of each kind; a file counts once for each kind it has.
    failing: BTreeMap<Code, usize>,
    failed: usize,
}

fn count(files: &[PathBuf], allow_not_built: bool) -> Counts {
    let mut counts = Counts::default();
    for path in files {
        let loaded = loaded(path, allow_not_built);
        let mut codes: Vec<Code> = loaded.errors().map(|error| error.code).collect();
        codes.sort_unstable();
        codes.dedup();
        if !codes.is_empty() {
            counts.failed += 1;
        } else if loaded.diagnostics.is_empty() {
            counts.clean += 1;
        } else {
            counts.with_warnings += 1;
        }
        for code in codes {
            *counts.failing.entry(code).or_default() += 1;
        }
        assert!(!loaded.is_sound() || !loaded.model.routers.is_empty(), "{}", path.display());
    }
    counts
}

#[test]
fn every_plain_file_loads_or_fails_for_a_reason_its_author_would_call_right() {
    let Some(directory) = directory() else { return };
    let files = files(&directory, "plain");
    assert_eq!(files.len(), 55);
    let failing = [
        (Code::UnknownKeyword, 4),
        (Code::LoadBalancing, 7),
        (Code::Missing, 1),
        (Code::Surplus, 2),
        (Code::InvalidValue, 9),
        (Code::OutOfRange, 2),
        (Code::UnknownName, 2),
    ];
    let expected = Counts { clean: 11, with_warnings: 25, failing: failing.into(), failed: 19 };
    assert_eq!(count(&files, true), expected, "what is not built yet left out");
    let now = count(&files, false);
    assert_eq!((now.clean, now.with_warnings, now.failed), (11, 23, 21), "as it is: {now:?}");
}

#[test]
fn every_real_file_that_loads_converts_both_ways() {
    let Some(directory) = directory() else { return };
    let options = Options { load_balancing_by_others: true, ..Options::default() };
    for path in files(&directory, "plain").iter().chain(&files(&directory, "template")) {
        let loaded = loaded(path, true);
        let conf = parse_str("converted.conf", &to_keepalived(&loaded.model), &options);
        assert_eq!(conf.model, loaded.model, "{}\n{}", path.display(), render(&conf, false));
        let toml = parse_str("converted.toml", &to_toml(&loaded.model), &options);
        assert_eq!(toml.model, loaded.model, "{}\n{}", path.display(), render(&toml, false));
        assert!(conf.is_sound() && toml.is_sound(), "{}", path.display());
    }
}
