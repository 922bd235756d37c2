//! Two minutes of chaos, and a few hundred reloads. The hour is run by hand: `docs/src/chaos.md`.

use core::fmt::Write as _;
use core::time::Duration;
use std::path::Path;

use vrrp_chaos::{Make, Plan, Programs, Reloads, around, words};
use vrrp_lab::Isolation;

use crate::fixture::binary;

/// How much of what was seen is shown around a violation.
const AROUND: Duration = Duration::from_secs(8);
/// A run takes as long as its schedule, a start, and what a busy machine adds.
const DEADLINE: Duration = Duration::from_secs(600);

/// Runs a schedule; gives its report, and what was found with what was seen around it.
fn chaos(seed: u64, nodes: [Make; 2], time: Duration) -> (String, String) {
    let programs = Programs { vrrpd: binary().to_owned(), keepalived: "/usr/sbin/keepalived".into() };
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chaos-{}", words(nodes)));
    vrrp_chaos::create(&out).unwrap();
    let mut found = String::new();
    let plan = Plan { seed, time, nodes, programs, out: Some(out) };
    let report = plan.run(|number, slot, findings, journal| {
        eprintln!("slot {number}: {:?}", slot.strikes);
        for finding in findings {
            writeln!(found, "{}\n{}", finding.what, around(journal, finding.at, AROUND)).unwrap();
        }
    });
    (report.unwrap().to_string(), found)
}

#[test]
#[ignore = "needs nft, and two minutes"]
fn two_minutes_of_chaos_violate_nothing() {
    Isolation::default().deadline(DEADLINE).run(|| {
        let (report, found) = chaos(7, [Make::Ours, Make::Ours], Duration::from_secs(120));
        eprintln!("{report}");
        assert_eq!(found, "", "{report}");
    });
}

#[test]
#[ignore = "needs a minute"]
fn memory_and_descriptors_do_not_grow_with_reloads() {
    Isolation::default().deadline(DEADLINE).run(|| {
        let reloads = Reloads { vrrpd: binary().to_owned(), first: 100, count: 300 };
        let looks = reloads.run().unwrap();
        eprintln!("{looks:?}");
        let (first, last) = (looks[0], looks[looks.len() - 1]);
        assert_eq!(last.descriptors, first.descriptors, "{looks:?}");
        // The journal of events fills up over the first thousands; 2 KiB a reload would be more than that.
        assert!(last.anonymous_kib < first.anonymous_kib + 600, "{looks:?}");
    });
}
