//! Scripts: the kept seeds replay, and every episode can be written down and read again.

use std::path::{Path, PathBuf};

use vrrp_sim::{Episode, Mode, Script};

fn seeds() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut seeds: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "sim")).collect();
    seeds.sort();
    seeds
}

#[test]
fn every_kept_seed_replays_as_it_says() {
    let seeds = seeds();
    assert!(seeds.len() >= 20, "{} seeds", seeds.len());
    let mut wrong = Vec::new();
    for path in seeds {
        let text = std::fs::read_to_string(&path).unwrap();
        let script: Script = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!script.comment.is_empty(), "{} does not say what taught it", path.display());
        if let Err(failure) = script.replay() {
            wrong.push(format!("{}: {failure}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_episode_written_down_and_read_again_is_the_same() {
    for seed in 0..300 {
        for mode in [Mode::Safety, Mode::Liveness] {
            let script = Episode { seed, mode }.script();
            let text = script.to_string();
            let again: Script = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(again.to_string(), text);
            assert_eq!((again.seed, again.end, &again.steps), (script.seed, script.end, &script.steps));
            let configs = |script: &Script| {
                script.setup.virtual_routers.iter().flat_map(|one| one.configs.clone()).collect::<Vec<_>>()
            };
            assert_eq!(configs(&again), configs(&script));
        }
    }
}

#[test]
fn what_is_no_script_is_refused_with_its_line() {
    for (text, line, words) in [
        ("seed\n", 1, "a number is missing"),
        ("\nrouter r1 ours", 2, "the next router expected, found `r1`"),
        ("router r0 cisco", 1, "a make expected, found `cisco`"),
        ("at 10s r0 dance", 1, "a fault of a router expected, found `dance`"),
        ("at 10s r0 kill twice", 1, "`twice` follows the end"),
        ("at soon r0 kill", 1, "a time expected, found `soon`"),
        ("v0 r0 priority 100", 1, "a virtual router that is known expected, found `v0`"),
        ("breaks S99", 1, "an invariant expected, found `S99`"),
        ("at 1s expect r0 v0 asleep", 1, "a state expected, found `asleep`"),
    ] {
        let error = text.parse::<Script>().unwrap_err();
        assert_eq!((error.line, error.to_string()), (line, format!("line {line}: {words}")), "{text}");
    }
}
