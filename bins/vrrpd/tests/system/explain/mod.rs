//! Staged situations, each with what `explain` must say of it: the sentences are those of `docs/src/explain.md`.

mod ctl;
mod documented;
mod lan;
mod out;
mod serving;
mod watching;

use core::time::Duration;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use serde_json::Value;

use crate::ask::get;
use crate::fixture::{Node, RUNTIME, instance};
use documented::rows;

/// Beyond all that a busy machine takes.
const LONG: Duration = Duration::from_secs(30);

/// A script check; `text` is the line that says what runs.
fn check(name: &str, text: &str, more: &str) -> String {
    format!("vrrp_script {name} {{\n  script {text}\n  interval 0.2\n  {more}\n}}\n")
}

/// A router at five advertisements a second that tracks a check.
fn tracking(check_block: &str, name: &str, priority: u8, extra: &str) -> String {
    let tracks = format!("track_script {{\n    {name}\n  }}\n  {extra}");
    format!("{check_block}{}", instance(51, priority, "0.2", &tracks))
}

/// The explanation of a node's router.
fn explained(node: &Node, router: &str) -> Value {
    get(node, &format!("/v1/explain/{router}")).json()
}

fn said(explained: &Value, part: &str) -> Vec<(String, String)> {
    let word = |sentence: &Value, key: &str| sentence[key].as_str().unwrap().to_owned();
    let sentences = explained[part].as_array().unwrap();
    sentences.iter().map(|sentence| (word(sentence, "token"), word(sentence, "words"))).collect()
}

/// Whether a sentence is this one, with evidence in the place of each `…`.
fn fits(sentence: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| sentence.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (position, part) in parts.iter().enumerate() {
        let found = if position + 1 == parts.len() { rest.strip_suffix(part).map(str::len) } else { rest.find(part) };
        let Some(at) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || !parts.is_empty()
}

/// Waits until a router is explained as the documentation has the situation of this name: the first line, and what would
/// change it.
fn is_explained(node: &Node, router: &str, situation: &str) {
    let row = rows().into_iter().find(|row| row.situation == situation);
    let row = row.unwrap_or_else(|| panic!("no situation {situation:?} is documented"));
    wait(node, router, situation, |explained| {
        if row.changes.is_empty() {
            return said(explained, "odd").iter().any(|(token, words)| *token == row.word && fits(words, &row.says));
        }
        let because = said(explained, "because");
        let decisive = because.first().is_some_and(|(token, words)| *token == row.word && fits(words, &row.says));
        let headline = explained["headline"].as_str().unwrap();
        let headed = because.first().is_some_and(|(_, words)| headline.ends_with(words.as_str()));
        decisive && headed && said(explained, "would_change").iter().any(|(_, words)| fits(words, &row.changes))
    });
}

/// Asks until an explanation is as it should be.
fn wait(node: &Node, router: &str, what: &str, right: impl Fn(&Value) -> bool) {
    let end = Instant::now() + LONG;
    let path = format!("{RUNTIME}/vrrpd.sock");
    while !node.host.on(|| UnixStream::connect(&path).is_ok()).unwrap() {
        assert!(Instant::now() < end, "nobody listens at {path}");
        std::thread::sleep(Duration::from_millis(20));
    }
    loop {
        let explained = explained(node, router);
        if right(&explained) {
            return;
        }
        assert!(Instant::now() < end, "not explained: {what}: {explained:#}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
