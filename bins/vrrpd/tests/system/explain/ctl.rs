//! `vrrpctl explain`, the program itself, asks the daemon itself.

use std::path::PathBuf;

use vrrp_lab::isolated;

use super::is_explained;
use crate::fixture::{Lan, RUNTIME, binary, instance};

/// Beside the daemon: tests of the whole workspace build it, too.
fn vrrpctl() -> PathBuf {
    let path = binary().with_file_name("vrrpctl");
    assert!(path.exists(), "{} is not there: cargo build -p vrrpctl", path.display());
    path
}

#[test]
fn vrrpctl_prints_the_decisive_reason_first_and_once() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        let _b = lan.b.vrrpd(&instance(51, 100, "0.2", ""));
        is_explained(&lan.b, "V51", "A better one serves");
        let line = format!("{} --control {RUNTIME}/vrrpd.sock explain V51", vrrpctl().display());
        let text = lan.b.run(&line);
        let first = text.lines().next().unwrap();
        assert!(first.starts_with("V51 has been Backup (BACKUP) for "), "{text}");
        assert!(first.contains(": 10.0.0.1 is Active with priority 150 (last heard "), "{text}");
        assert!(first.ends_with(", and ours is 100"), "{text}");
        assert_eq!(text.matches("10.0.0.1 is Active").count(), 1, "{text}");
        for heading in ["What would change it", "The last transition"] {
            assert!(text.contains(heading), "{text}");
        }
        assert!(text.contains("  - the silence of 10.0.0.1 for "), "{text}");
        assert!(text.contains("Initialize (FAULT) -> Backup (BACKUP), started"), "{text}");
    });
}
