//! Files written by hand, and what is asked of reports.

use vrrp_config::Options;
use vrrp_rehearsal::{FindingKind, Node, Outcome, Rehearsal, Report, Served};

/// A file with one virtual router and these lines in its block, and these before it.
pub(crate) fn file(before: &str, lines: &str) -> String {
    format!(
        "{before}\nvrrp_instance VI_1 {{\n interface eth0\n virtual_router_id 51\n{lines}\n \
         virtual_ipaddress {{\n 10.0.0.100/24\n }}\n}}\n"
    )
}

/// A check by a script, once a second, with these lines beside.
pub(crate) fn check(name: &str, lines: &str) -> String {
    format!(
        "vrrp_script {name} {{\n script \"/usr/bin/test -e /run/{name}\"\n interval 1\n fall 2\n rise 2\n{lines}\n}}\n"
    )
}

/// Nodes called node-a, node-b and so on.
pub(crate) fn nodes(files: &[&str]) -> Vec<Node> {
    let node = |(name, text): (char, &&str)| Node::parse(&format!("node-{name}"), text, &Options::default());
    ('a'..).zip(files).map(node).collect()
}

pub(crate) fn rehearse(files: &[&str]) -> Report {
    Rehearsal::default().run(&nodes(files)).unwrap()
}

/// A pair of files whose blocks have these lines.
pub(crate) fn pair(a: &str, b: &str) -> Report {
    rehearse(&[&file("", a), &file("", b)])
}

/// The kinds of finding that hold the files against each other.
pub(crate) fn kinds(report: &Report) -> Vec<FindingKind> {
    let mut kinds: Vec<FindingKind> = report.findings.iter().map(|finding| finding.kind).collect();
    kinds.retain(|kind| *kind != FindingKind::File);
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

pub(crate) fn outcome<'a>(report: &'a Report, name: &str) -> &'a Outcome {
    let all = || report.outcomes.iter().chain(&report.pairs);
    let names = || all().map(|outcome| outcome.name.as_str()).collect::<Vec<_>>();
    all().find(|outcome| outcome.name == name).unwrap_or_else(|| panic!("no `{name}` among {:?}", names()))
}

/// What the first service saw of a failure.
pub(crate) fn served<'a>(report: &'a Report, name: &str) -> &'a Served {
    &outcome(report, name).services[0]
}
