//! Who is better than whom.

use core::time::Duration;

use vrrp_config::model::StateWish;
use vrrp_core::skew_time;
use vrrp_wire::Priority;

use super::{About, Finding, FindingKind as Kind};
use crate::remark::list;

pub(super) fn find(about: &About<'_>) -> Vec<Finding> {
    let mut ranked: Vec<(Priority, u8)> =
        about.router.parts().map(|(node, part)| (part.protocol.priority, node)).collect();
    ranked.sort_unstable();
    let mut findings = equal(about, &ranked);
    findings.extend(ranked.windows(2).filter_map(|pair| match pair {
        [low, high] if high.0.get() == low.0.get() + 1 => Some(adjacent(about, *low, *high)),
        _ => None,
    }));
    findings.extend(masters(about));
    findings
}

fn equal(about: &About<'_>, ranked: &[(Priority, u8)]) -> Vec<Finding> {
    let groups = ranked.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1);
    let found = groups.map(|group| {
        let nodes: Vec<u8> = group.iter().map(|(_, node)| *node).collect();
        let names: Vec<String> = nodes.iter().map(|node| about.node(*node).to_owned()).collect();
        let priority = group.first().map_or(Priority::DEFAULT, |(priority, _)| *priority);
        let words = format!(
            "{} have the priority {priority}: they claim at one moment, and the greater address of their own decides",
            list(&names)
        );
        let help = "give every node a priority of its own";
        about.finding(Kind::EqualPriorities, &nodes, &["priority", "state"], words, help)
    });
    found.collect()
}

fn adjacent(about: &About<'_>, low: (Priority, u8), high: (Priority, u8)) -> Finding {
    let skew = |(priority, node): (Priority, u8)| {
        let part = about.router.part(node);
        part.map_or(Duration::ZERO, |part| skew_time(part.protocol.version, priority, part.protocol.interval))
    };
    let apart = skew(low).saturating_sub(skew(high));
    let words = format!(
        "{} with {} and {} with {} are apart by 1: their Skew_Time differs by {apart:.1?}, so that both may claim at one moment",
        about.node(high.1),
        high.0,
        about.node(low.1),
        low.0
    );
    let help = "leave a gap of 10 or more, and make weights greater than the gap";
    about.finding(Kind::AdjacentPriorities, &[high.1, low.1], &["priority"], words, help)
}

/// `state MASTER` where somebody else says so too.
fn masters(about: &About<'_>) -> Option<Finding> {
    let wishes = |node: &u8| {
        let part = about.router.part(*node)?;
        let model = &about.nodes.get(usize::from(*node))?.loaded.model;
        Some(model.routers.iter().find(|router| *router.name == *part.name)?.state)
    };
    let masters: Vec<u8> = about.on().into_iter().filter(|node| wishes(node) == Some(StateWish::Master)).collect();
    if masters.len() < 2 {
        return None;
    }
    let asks = |node: &u8| {
        let name = about.router.part(*node).map(|part| part.name.clone());
        let node = about.nodes.get(usize::from(*node));
        name.zip(node).is_some_and(|(name, node)| node.loaded.place(&name, "nopreempt").is_some())
    };
    let names: Vec<String> = masters.iter().map(|node| about.node(*node).to_owned()).collect();
    let more = if masters.iter().any(asks) { ", and `nopreempt` counts for nothing beside it" } else { "" };
    let words = format!("`state MASTER` on {}: only the priority decides{more}", list(&names));
    let help = "write `state BACKUP` on every node";
    Some(about.finding(Kind::MastersDiffer, &masters, &["state"], words, help))
}
