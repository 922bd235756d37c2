//! The RFC ledger says what the code does: every function and test that it names is there, every row that binds is
//! proved, and every test that claims a row claims one that exists.
//!
//! `cargo run -p house-rules --example ledger` writes the column of tests anew.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeSet;
use std::path::Path;

use house_rules::ledger::{self, Marker, PATH, Row};
use house_rules::{functions, read};

fn rows() -> Vec<Row> {
    ledger::rows(&read(Path::new(PATH)).unwrap())
}

fn none(offenders: &[String]) {
    assert!(offenders.is_empty(), "\n{}", offenders.join("\n"));
}

#[test]
fn the_ledger_has_rows_and_no_row_twice() {
    let rows = rows();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert!(rows.len() >= 53, "only {} rows were read", rows.len());
    assert_eq!(ids.len(), rows.len());
    for row in rows {
        assert!(matches!(row.level.as_str(), "MUST" | "SHOULD" | "MUST, owed" | "SHOULD, owed"), "{row:?}");
    }
}

#[test]
fn every_function_that_the_ledger_names_is_in_the_sources() {
    let gone = |row: &Row| -> Vec<String> {
        let gone = row.functions.iter().filter(|place| !ledger::exists(place).unwrap());
        gone.map(|place| format!("{PATH}:{}: {}: no {place}", row.line, row.id)).collect()
    };
    none(&rows().iter().flat_map(gone).collect::<Vec<_>>());
}

#[test]
fn every_row_that_binds_names_a_function_and_every_must_a_test() {
    let bare = |row: &Row| {
        let proved = !row.tests.is_empty() || row.level == "SHOULD";
        (!row.is_owed() && (row.functions.is_empty() || !proved))
            .then(|| format!("{PATH}:{}: {} ({}) names no function or no test", row.line, row.id, row.level))
    };
    none(&rows().iter().filter_map(bare).collect::<Vec<_>>());
}

#[test]
fn the_tests_that_the_ledger_names_are_those_that_carry_its_ids() {
    let text = read(Path::new(PATH)).unwrap();
    let refreshed = ledger::refreshed(&text, &ledger::markers().unwrap());
    let stale = text.lines().zip(refreshed.lines()).filter(|(is, should)| is != should);
    let stale: Vec<String> = stale.map(|(is, should)| format!("is     {is}\nshould {should}")).collect();
    assert!(stale.is_empty(), "`cargo run -p house-rules --example ledger` brings it up to date\n{}", stale.join("\n"));
}

#[test]
fn every_marker_in_the_sources_belongs_to_a_test_and_names_rows_of_the_ledger() {
    let rows = rows();
    let wrong = |marker: &Marker| -> Vec<String> {
        let place = format!("{}:{}", marker.path.display(), marker.line);
        let unknown = marker.ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id));
        let mut wrong: Vec<String> = unknown.map(|id| format!("{place}: the ledger has no row {id}")).collect();
        if !marker.function.as_ref().is_some_and(|function| function.is_test) {
            wrong.push(format!("{place}: the marker belongs to no test"));
        }
        wrong
    };
    none(&ledger::markers().unwrap().iter().flat_map(wrong).collect::<Vec<_>>());
}

#[test]
fn a_function_that_is_gone_and_a_test_without_its_marker_are_noticed() {
    assert!(!ledger::exists("vrrp-core::backup::no_such_function").unwrap());
    assert!(ledger::exists("vrrp-wire::decode::decode").unwrap());
    let table = "| `rx-ttl` | MUST | 255 | `a::b::c` | `a_test_that_is_gone` |";
    assert_eq!(ledger::refreshed(table, &[]), "| `rx-ttl` | MUST | 255 | `a::b::c` | – |\n");
    let function = functions("#[test] fn hop_limits() {}").unwrap().pop();
    let marker = Marker { ids: vec!["rx-ttl".into()], path: "x.rs".into(), line: 1, function };
    let fresh = "| `rx-ttl` | MUST | 255 | `a::b::c` | `hop_limits` |\n";
    assert_eq!(ledger::refreshed(table, &[marker]), fresh);
}
