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

/// The other node of a pair, as people write it: a Master's is a Backup with 10 less, a Backup's a Master with 10 more, and
/// unicast goes the other way.
fn other(router: &mut Router) {
    let priority = router.priority.get();
    let master = router.state == StateWish::Master || priority > 244;
    router.priority = Priority::new(if master { priority.saturating_sub(10).max(1) } else { priority + 10 });
    router.state = if master { StateWish::Backup } else { StateWish::Master };
    match (router.unicast_peer.first_mut(), router.src_ip) {
        (Some(first), Some(source)) => {
            router.src_ip = Some(first.address);
            *first = UnicastPeer::new(source);
        }
        // What the first node sends from is not told.
        (Some(first), None) => *first = UnicastPeer::new([192, 0, 2, 1].into()),
        // Where multicast comes from is each node's own.
        (None, _) => router.src_ip = None,
    }
}

/// How much there is about a pair that can go wrong: checks, then policies and unicast.
fn weight(nodes: &[Node; 2]) -> usize {
    let routers = &nodes[0].loaded.model.routers;
    let tracks = routers.iter().any(|router| !router.track.is_empty());
    let told = |router: &Router| router.nopreempt || router.is_unicast() || !router.preempt_delay.is_zero();
    2 * usize::from(tracks) + usize::from(routers.iter().any(told))
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
    let mut pairs: Vec<_> = files.iter().filter_map(|path| Some((path, pair(path)?))).collect();
    pairs.sort_by_key(|(_, nodes)| core::cmp::Reverse(weight(nodes)));
    pairs.truncate(PAIRS);
    assert!(files.is_empty() || pairs.len() == PAIRS, "{} pairs of {} files", pairs.len(), files.len());
    for (path, nodes) in &pairs {
        let rehearsal = Rehearsal { pairs: nodes[0].loaded.model.routers.len() == 1, ..Rehearsal::default() };
        let report = rehearsal.run(nodes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        tell(path, &report);
        let base = &report.outcomes[0];
        for (served, service) in base.services.iter().zip(&report.services) {
            // An advertisement without an address is taken by nobody.
            let one = service.addresses.is_empty() || served.during.len() == 1;
            assert!(one, "{}: {:?} serve {:?}", path.display(), served.during, service.addresses);
        }
        assert_eq!(report.svg(&report.outcomes).matches("<svg").count(), 1);
    }
}
