//! Checks that some nodes have and others have not.

use std::collections::BTreeSet;

use super::{About, Finding, FindingKind as Kind};
use crate::remark::list;

pub(super) fn find(about: &About<'_>) -> Vec<Finding> {
    if about.on().len() < 2 {
        return Vec::new();
    }
    let tracked: Vec<(u8, BTreeSet<String>)> =
        about.router.parts().map(|(node, part)| (node, names(part.tracks.iter().map(|(name, _)| name)))).collect();
    let required: Vec<(u8, BTreeSet<String>)> = about
        .router
        .parts()
        .map(|(node, part)| (node, names(part.claim_requires.iter().map(|(name, _)| name))))
        .collect();
    let mut findings = missing(about, Kind::CheckMissing, &tracked);
    findings.extend(missing(about, Kind::ClaimRequiresMissing, &required));
    findings
}

fn names<'a>(names: impl Iterator<Item = &'a std::sync::Arc<str>>) -> BTreeSet<String> {
    names.map(|name| name.to_string()).collect()
}

fn missing(about: &About<'_>, kind: Kind, on: &[(u8, BTreeSet<String>)]) -> Vec<Finding> {
    let all: BTreeSet<&String> = on.iter().flat_map(|(_, names)| names).collect();
    let mut findings = Vec::new();
    for name in all {
        let with: Vec<u8> = on.iter().filter(|(_, names)| names.contains(name)).map(|(node, _)| *node).collect();
        let without: Vec<String> = on
            .iter()
            .filter(|(_, names)| !names.contains(name))
            .map(|(node, _)| about.node(*node).to_owned())
            .collect();
        if without.is_empty() {
            continue;
        }
        let (words, help) = if kind == Kind::CheckMissing {
            let words = format!("{} does not track `{name}`: it serves whether that is well or not", list(&without));
            (words, "track it on every node")
        } else {
            let words = format!("`claim_requires {name}` is not on {}: cut off, it serves", list(&without));
            (words, "write it on every node")
        };
        findings.push(about.finding(kind, &with, &[&format!("track {name}")], words, help));
    }
    findings
}
