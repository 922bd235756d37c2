//! Every file of the corpora goes through its target, on stable and without libFuzzer.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::fs;
use std::path::Path;

fn replay(target: &str, body: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut replayed = 0;
    for entry in fs::read_dir(&corpus).unwrap() {
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        body(&fs::read(&path).unwrap());
        replayed += 1;
    }
    assert!(replayed > 0, "{} is empty", corpus.display());
}

#[test]
fn the_corpus_of_decode_holds() {
    replay("decode", vrrp_fuzz::decode);
}

#[test]
fn the_corpus_of_roundtrip_holds() {
    replay("roundtrip", vrrp_fuzz::roundtrip);
}

#[test]
fn the_corpus_of_node_holds() {
    replay("node", vrrp_fuzz::node);
}

#[test]
fn the_corpus_of_control_holds() {
    replay("control", vrrp_fuzz::control);
}

#[test]
fn the_corpus_of_config_holds() {
    replay("config", vrrp_fuzz::config);
}
