//! What failing checks can move.

use vrrp_core::{OnDegraded, Preempt};
use vrrp_wire::Priority;

use super::{About, Finding, FindingKind as Kind};
use crate::remark::either;

pub(super) fn find(about: &About<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (node, part) in about.router.parts() {
        for (check, _) in part.tracks.iter().filter(|(_, weight)| weight.amount != 0) {
            findings.extend(moves(about, node, part, check));
        }
        findings.extend(strands(about, node, part));
    }
    findings
}

/// A weight that is too small, or just as great as the difference.
fn moves(about: &About<'_>, node: u8, part: &vrrp::Router, check: &str) -> Option<Finding> {
    let site = about.site;
    let full = site.priority(part, node, &[]);
    let lowered = site.priority(part, node, &[check]);
    let others = about.router.parts().filter(|(other, _)| *other != node);
    let ranked = others.map(|(other, part)| (site.priority(part, other, &[]), other));
    // Who has more already has the addresses, or will not get them by this weight.
    let (next, other) = ranked.filter(|(theirs, _)| *theirs <= full).max()?;
    let (own, second) = (about.node(node), about.node(other));
    let (kind, words) = if lowered > next {
        let words = format!(
            "`{check}` can never move the addresses: while it fails {own} has {lowered}, and {second} has {next}"
        );
        (Kind::WeightNeverMoves, words)
    } else if lowered == next && full != next {
        let words = format!(
            "the weight of `{check}` is the difference: while it fails {own} and {second} both have {next}, which moves nothing"
        );
        (Kind::WeightTies, words)
    } else {
        return None;
    };
    let help = "make the weight greater than the difference between the priorities, or leave it out";
    Some(about.finding(kind, &[node], &[&format!("track {check}"), "priority"], words, help))
}

/// A node that never preempts, beside one whose checks only lower its priority.
fn strands(about: &About<'_>, node: u8, part: &vrrp::Router) -> Option<Finding> {
    let habits = &part.protocol.habits;
    let never = part.protocol.preempt == Preempt::Never && part.protocol.priority != Priority::OWNER;
    if !never || habits.preempt_degraded {
        return None;
    }
    let site = about.site;
    let own = site.priority(part, node, &[]);
    let stranded = |(other, theirs): (u8, &vrrp::Router)| {
        let stays = other != node && theirs.protocol.on_degraded == OnDegraded::Stay;
        let lowered = |name: &str| stays && site.priority(theirs, other, &[name]) < own;
        let weighted = theirs.tracks.iter().filter(|(_, weight)| weight.amount != 0);
        let names: Vec<String> =
            weighted.filter(|(name, _)| lowered(name)).map(|(name, _)| format!("`{name}`")).collect();
        (!names.is_empty()).then_some((other, names))
    };
    let (other, checks) = about.router.parts().find_map(stranded)?;
    let (first, second) = (about.node(node), about.node(other));
    let words = format!(
        "`nopreempt` on {first} leaves the addresses on {second} while {} fails there: they stay until {second} dies",
        either(&checks)
    );
    let help =
        "write `failback manual` in its place, which spares a healthy node only, or `on_degraded resign` on every node";
    Some(about.finding(Kind::NopreemptStrands, &[node], &["nopreempt", "failback"], words, help))
}
