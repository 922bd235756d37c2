//! Every file of the corpora goes through its target, on stable and without libFuzzer.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::fs;
use std::path::Path;

use vrrp_fuzz::TARGETS;

/// What a file of a corpus may have, and all of them together: they are kept for ever.
const FILE: u64 = 32 * 1024;
const ALL: u64 = 1024 * 1024;

fn corpora() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn replay(target: &str) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let corpus = corpora().join(target);
    let mut replayed = 0;
    for entry in fs::read_dir(&corpus).unwrap() {
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        body(&fs::read(&path).unwrap());
        replayed += 1;
    }
    assert!(replayed > 0, "{} is empty", corpus.display());
}

macro_rules! replayed {
    ($($test:ident: $target:literal,)*) => {
        $(#[test]
        fn $test() {
            replay($target);
        })*

        #[test]
        fn every_target_has_a_binary_a_corpus_and_its_replay() {
            let names = |directory: &str| {
                let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)).unwrap();
                let stem = |path: std::path::PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
                let mut names: Vec<String> = entries.map(|entry| stem(entry.unwrap().path())).collect();
                names.sort();
                names
            };
            let targets = TARGETS.map(|(name, _)| name);
            assert_eq!(targets, [$($target),*]);
            assert_eq!(names("fuzz_targets"), targets);
            assert_eq!(names("corpus"), targets);
        }
    };
}

replayed! {
    the_corpus_of_authenticated_holds: "authenticated",
    the_corpus_of_config_holds: "config",
    the_corpus_of_control_holds: "control",
    the_corpus_of_decode_holds: "decode",
    the_corpus_of_differential_holds: "differential",
    the_corpus_of_frames_holds: "frames",
    the_corpus_of_lan_holds: "lan",
    the_corpus_of_netlink_holds: "netlink",
    the_corpus_of_node_holds: "node",
    the_corpus_of_roundtrip_holds: "roundtrip",
    the_corpus_of_toml_holds: "toml",
}

#[test]
fn the_corpora_are_small() {
    let mut all = 0;
    for corpus in fs::read_dir(corpora()).unwrap() {
        for entry in fs::read_dir(corpus.unwrap().path()).unwrap() {
            let entry = entry.unwrap();
            let size = entry.metadata().unwrap().len();
            assert!(size <= FILE, "{} has {size} octets", entry.path().display());
            all += size;
        }
    }
    assert!(all <= ALL, "{all} octets in all");
}

/// `fuzz/run` writes them.
#[test]
fn the_totals_are_of_targets_and_none_is_empty() {
    let totals = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("totals.toml")).unwrap();
    let of = |key: &str| -> Vec<&str> { totals.lines().filter_map(|line| line.strip_prefix(key)).collect() };
    let names: Vec<&str> = of("[").iter().map(|name| name.trim_end_matches(']')).collect();
    assert!(names.iter().all(|name| TARGETS.iter().any(|(target, _)| target == name)), "{names:?}");
    for key in ["executions = ", "corpus_files = ", "features = "] {
        let figures = of(key);
        assert_eq!(figures.len(), names.len(), "{key}");
        assert!(figures.iter().all(|figure| figure.parse::<u64>().is_ok_and(|figure| figure > 0)), "{figures:?}");
    }
}
