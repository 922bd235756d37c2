//! The pair of files that the project was made for. They are not part of this repository; they lie beside the corpus.
#![expect(clippy::print_stdout, reason = "a skip is told on standard output")]

use std::path::PathBuf;

use vrrp_config::Options;
use vrrp_rehearsal::{FindingKind, Node, Rehearsal, Remark};

use super::corpus::beside;
use super::fixture::{kinds, served};

fn files() -> Option<[PathBuf; 2]> {
    let directory = beside("mission");
    let files = ["node-a.conf", "node-b.conf"].map(|name| directory.join(name));
    if files.iter().all(|file| file.is_file()) {
        return Some(files);
    }
    if std::env::var_os("VRRP_CORPUS").is_none_or(|corpus| corpus != "none") {
        println!("skipped: no mission files rehearsed: {} has none; set VRRP_CORPUS", directory.display());
    }
    None
}

#[test]
fn the_pair_moves_as_its_text_says_and_strands_where_its_text_does_not() {
    let Some(files) = files() else { return };
    let nodes = files.map(|file| Node::load(&file, &Options::default()));
    let report = Rehearsal { pairs: true, ..Rehearsal::default() }.run(&nodes).unwrap();
    assert_eq!(served(&report, "node-a fails").during, ["node-b"]);
    assert_eq!(served(&report, "chk_api fails on node-a").during, ["node-b"], "100 - 20 is less than 90");
    assert_eq!(served(&report, "node-b is isolated").unseen, ["node-b"], "a weight never stops a claim");
    assert_eq!(kinds(&report), [FindingKind::NopreemptStrands]);
    let stranded = served(&report, "node-a fails and returns, then chk_api fails on node-b");
    assert!(matches!(stranded.remarks[..], [Remark::SickServes { .. }]), "{stranded:?}");
    assert!(report.pairs.len() > 200, "{}", report.pairs.len());
}
