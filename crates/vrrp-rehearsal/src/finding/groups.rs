//! Sync groups.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, FindingKind};
use crate::{Node, Site};

/// Groups whose members are together on one node and not on another.
pub(super) fn find(site: &Site, nodes: &[Node]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of: Vec<BTreeMap<String, BTreeSet<u8>>> = (0..site.count()).map(|node| groups(site, node)).collect();
    let mut seen = BTreeSet::new();
    for (node, groups) in of.iter().enumerate() {
        for (name, members) in groups {
            let odd =
                of.iter().enumerate().find(|(other, others)| *other != node && differs(site, *other, others, members));
            let Some((other, _)) = odd.filter(|_| seen.insert(members.clone())) else { continue };
            let names = |place: usize| nodes.get(place).map(|node| node.name.clone()).unwrap_or_default();
            let routers: Vec<&str> = members
                .iter()
                .filter_map(|place| site.routers.get(usize::from(*place)))
                .map(|router| router.name.as_str())
                .collect();
            findings.push(Finding {
                kind: FindingKind::GroupsDiffer,
                code: None,
                router: None,
                nodes: vec![names(node), names(other)],
                words: format!(
                    "vrrp_sync_group {name} of {} holds {} together, and nothing on {} does just that",
                    names(node),
                    routers.join(", "),
                    names(other)
                ),
                help: Some("write the same groups on every node".to_owned()),
                places: Vec::new(),
            });
        }
    }
    findings
}

fn groups(site: &Site, node: u8) -> BTreeMap<String, BTreeSet<u8>> {
    let mut groups: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for (place, router) in (0..).zip(&site.routers) {
        if let Some(group) = router.part(node).and_then(|part| part.group.as_ref()) {
            groups.entry(group.to_string()).or_default().insert(place);
        }
    }
    groups
}

/// Whether a node has at least two of the members, or one that matters, and holds them together in another way.
fn differs(site: &Site, node: usize, others: &BTreeMap<String, BTreeSet<u8>>, members: &BTreeSet<u8>) -> bool {
    let node = u8::try_from(node).unwrap_or(u8::MAX);
    let has = |place: &&u8| site.routers.get(usize::from(**place)).is_some_and(|router| router.part(node).is_some());
    let own: BTreeSet<u8> = members.iter().filter(has).copied().collect();
    own.len() > 1 && !others.values().any(|group| *group == own)
}
