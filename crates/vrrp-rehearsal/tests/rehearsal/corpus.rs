//! Real files, each turned into a pair: the second node is the first with what must differ changed. The files are not part
//! of this repository; `VRRP_CORPUS` names their directory, which has an `INDEX.tsv` of (file, kind).
#![expect(
    clippy::print_stdout,
    reason = "what is found in other people's files, and a skip, are told on standard output"
)]

use std::fs;
use std::path::{Path, PathBuf};

use vrrp_config::model::{Model, Router, StateWish, UnicastPeer};
use vrrp_config::{Options, load, parse_str, to_keepalived};
use vrrp_rehearsal::{Node, Rehearsal, Report};
use vrrp_wire::Priority;

/// How many pairs are made.
const PAIRS: usize = 10;

/// A directory that lies beside the corpus.
pub(crate) fn beside(name: &str) -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("VRRP_CORPUS").map_or(default, PathBuf::from);
    corpus.parent().map(|parent| parent.join(name)).unwrap_or_default()
}

/// The plain files of the corpus, or none and a word on why nothing is tested.
fn plain() -> Vec<PathBuf> {
    let directory = match std::env::var_os("VRRP_CORPUS") {
        Some(named) => PathBuf::from(named),
        None => beside("corpus"),
    };
    let Ok(index) = fs::read_to_string(directory.join("INDEX.tsv")) else {
        // `none` says that there is none on purpose; everywhere else the line below fails the project's CI.
        if directory != Path::new("none") {
            println!("skipped: no real files rehearsed: {} has no INDEX.tsv; set VRRP_CORPUS", directory.display());
        }
        return Vec::new();
    };
    let rows = index.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let plain = rows.filter(|row| row.get(1) == Some(&"plain"));
    plain.filter_map(|row| Some(directory.join(row.first()?))).collect()
}

fn options() -> Options {
    Options {
        allow_not_built: true,
        load_balancing_by_others: true,
        config_id: Some("node".to_owned()),
        ..Options::default()
    }
}

/// The other node of a pair: a Master's is a Backup with a lower priority, a Backup's a Master with a higher one, and unicast
/// goes the other way.
fn other(router: &mut Router) {
    let priority = router.priority.get();
    let master = router.state == StateWish::Master || priority > 100;
    let swapped = if master { priority.saturating_sub(50).max(1) } else { priority.saturating_add(50).min(254) };
    router.priority = Priority::new(swapped);
    router.state = if master { StateWish::Backup } else { StateWish::Master };
    if router.state == StateWish::Master {
        router.nopreempt = false;
        router.preempt_delay = core::time::Duration::ZERO;
    }
    if let ([peer], Some(source)) = (&router.unicast_peer[..], router.src_ip) {
        let theirs = peer.address;
        router.unicast_peer = vec![UnicastPeer::new(source)];
        router.src_ip = Some(theirs);
    } else if router.unicast_peer.is_empty() {
        // Where multicast comes from is each node's own.
        router.src_ip = None;
    }
}

/// A pair out of a file, if it is sound and has something to run.
fn pair(path: &Path) -> Option<[Node; 2]> {
    let loaded = load(path, &options());
    if !loaded.is_sound() || loaded.model.routers.is_empty() {
        return None;
    }
    let mut model: Model = loaded.model.clone();
    model.routers.iter_mut().for_each(other);
    let first = Node { name: "first".into(), loaded };
    let second = Node { name: "second".into(), loaded: parse_str("second.conf", &to_keepalived(&model), &options()) };
    Some([first, second])
}

fn tell(path: &Path, report: &Report) {
    println!("== {}", path.display());
    for router in &report.routers {
        println!("{} VRID {} {:?}", router.name, router.vrid, router.priorities);
    }
    report
        .findings
        .iter()
        .for_each(|finding| println!("{:?} {}: {}", finding.kind, finding.nodes.join(" "), finding.words));
    for outcome in report.outcomes.iter().chain(&report.pairs).filter(|outcome| outcome.is_bad()) {
        for remark in outcome.remarks().filter(|remark| remark.is_bad()) {
            println!("!! {}: {remark}", outcome.name);
        }
    }
}

#[test]
fn real_files_as_pairs_are_rehearsed_and_somebody_serves_while_nothing_fails() {
    let files = plain();
    let pairs: Vec<_> = files.iter().filter_map(|path| Some((path, pair(path)?))).take(PAIRS).collect();
    assert!(files.is_empty() || pairs.len() == PAIRS, "{} pairs of {} files", pairs.len(), files.len());
    for (path, nodes) in &pairs {
        let rehearsal = Rehearsal { pairs: nodes[0].loaded.model.routers.len() == 1, ..Rehearsal::default() };
        let report = rehearsal.run(nodes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        tell(path, &report);
        let base = &report.outcomes[0];
        assert!(base.services.iter().all(|served| served.during.len() == 1), "{}\n{report}", path.display());
        assert_eq!(report.svg(&report.outcomes).matches("<svg").count(), 1);
    }
}
