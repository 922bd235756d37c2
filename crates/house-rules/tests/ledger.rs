//! The RFC ledger says what the code does: every function and test that it names is there, every row that binds is
//! proved, and every test that claims a row claims one that exists.
//!
//! `cargo run -p house-rules --example ledger` writes the column of tests anew.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeSet;
use std::path::Path;

use house_rules::ledger::{self, Exception, Marker, PATH, Row, Way};
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
fn every_row_that_binds_names_a_function() {
    let bare = |row: &Row| {
        (!row.is_owed() && row.functions.is_empty())
            .then(|| format!("{PATH}:{}: {} ({}) names no function", row.line, row.id, row.level))
    };
    none(&rows().iter().filter_map(bare).collect::<Vec<_>>());
}

/// Rows that bind and are not shown done, or whose contrary is not shown refused, though no reason stands beside them;
/// reasons for what is shown, and for what there is no row.
fn unproved(rows: &[Row], exceptions: &[Exception]) -> Vec<String> {
    let excused = |row: &Row, way| exceptions.iter().any(|reason| reason.id == row.id && reason.lacks == way);
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| !row.is_owed()) {
        for way in [Way::Done, Way::Refused] {
            let place = format!("{PATH}:{}: {} ({})", row.line, row.id, row.level);
            match (row.shown(way).is_empty(), excused(row, way)) {
                (true, false) => wrong.push(format!("{place}: no test shows it {way:?}")),
                (false, true) => wrong.push(format!("{place}: a reason for not showing it {way:?}, which tests do")),
                (true, true) | (false, false) => {}
            }
        }
    }
    let bound = |reason: &&Exception| rows.iter().any(|row| row.id == reason.id && !row.is_owed());
    let idle = exceptions.iter().filter(|reason| !bound(reason));
    wrong.extend(idle.map(|reason| format!("{PATH}:{}: {} does not bind", reason.line, reason.id)));
    wrong
}

#[test]
fn every_row_that_binds_is_shown_done_and_its_contrary_refused() {
    let text = read(Path::new(PATH)).unwrap();
    none(&unproved(&ledger::rows(&text), &ledger::exceptions(&text)));
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
        let unknown = marker.claims.iter().filter(|(id, _)| !rows.iter().any(|row| row.id == *id));
        let mut wrong: Vec<String> = unknown.map(|(id, _)| format!("{place}: the ledger has no row {id}")).collect();
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
    let table = "| `rx-ttl` | MUST | 255 | `a::b::c` | `a_test_that_is_gone` | `another` |";
    let bare = "| `rx-ttl` | MUST | 255 | `a::b::c` | – | – |\n";
    assert_eq!(ledger::refreshed(table, &[]), bare);
    let function = functions("#[test] fn hop_limits() {}").unwrap().pop();
    let mut marker = Marker { claims: vec![("rx-ttl".into(), Way::Done)], path: "x.rs".into(), line: 1, function };
    let half = "| `rx-ttl` | MUST | 255 | `a::b::c` | `hop_limits` | – |\n";
    assert_eq!(ledger::refreshed(table, core::slice::from_ref(&marker)), half);
    marker.claims.push(("rx-ttl".into(), Way::Refused));
    let both = "| `rx-ttl` | MUST | 255 | `a::b::c` | `hop_limits` | `hop_limits` |\n";
    assert_eq!(ledger::refreshed(table, &[marker]), both);

    let unproved = |table: &str| unproved(&ledger::rows(table), &ledger::exceptions(table)).len();
    assert_eq!([bare, half, both].map(unproved), [2, 1, 0]);
    let reason = "| `rx-ttl` | refused | nobody can |\n";
    assert_eq!([half, both, ""].map(|table| unproved(&format!("{table}{reason}"))), [0, 1, 1]);
}

#[test]
fn rows_that_bind_are_counted() {
    let text = "Rows that bind: none\n| `a` | MUST | x | `f` | `t` | `t` |\n| `b` | MUST | x | `f` | `t` | – |\n\
                | `c` | SHOULD, owed | x | – | – | – |\n| `b` | refused | nobody can |\n";
    let function = functions("#[test] fn t() {}").unwrap().pop();
    let claims = [("a", Way::Done), ("a", Way::Refused), ("b", Way::Done)].map(|(id, way)| (id.to_owned(), way));
    let marker = Marker { claims: claims.into(), path: "x.rs".into(), line: 1, function };
    let counted = ledger::refreshed(text, &[marker]);
    let expected = "Rows that bind: MUST 2, shown both ways 1, one way with a reason 1; \
                    SHOULD 0, shown both ways 0, one way with a reason 0. Owed: 1.";
    assert_eq!(counted.lines().next(), Some(expected));
}
