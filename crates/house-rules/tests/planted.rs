//! The bugs that are planted in the core to see that the simulator finds them: each patch fits the sources as they are.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::path::PathBuf;
use std::process::Command;

use house_rules::root;

fn patches() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("crates/vrrp-sim/planted")).unwrap();
    let mut patches: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    patches.sort();
    patches
}

#[test]
fn every_planted_bug_still_applies() {
    let patches = patches();
    assert!(patches.len() >= 10, "{} patches", patches.len());
    for patch in patches {
        let check = Command::new("git").args(["apply", "--check"]).arg(&patch).current_dir(root()).output().unwrap();
        assert!(check.status.success(), "{}: {}", patch.display(), String::from_utf8_lossy(&check.stderr));
    }
}

#[test]
fn every_planted_bug_says_what_it_breaks_and_touches_the_core_alone() {
    for patch in patches() {
        let text = std::fs::read_to_string(&patch).unwrap();
        let sentence = text.lines().next().unwrap();
        assert!(sentence.ends_with('.'), "{}: {sentence:?}", patch.display());
        let mut files = text.lines().filter_map(|line| line.strip_prefix("+++ b/"));
        assert!(files.all(|file| file.starts_with("crates/vrrp-core/src/")), "{}", patch.display());
    }
}
