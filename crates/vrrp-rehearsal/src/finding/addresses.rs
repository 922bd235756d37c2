//! What is moved, and under which VRID.

use core::net::IpAddr;
use std::collections::BTreeSet;

use super::{About, Finding, FindingKind as Kind};
use crate::{Node, Site};

pub(super) fn find(about: &About<'_>) -> Option<Finding> {
    let on = about.on();
    if let ([alone], true) = (on.as_slice(), about.nodes.len() > 1) {
        let words = format!("only {} has it: nobody takes over", about.node(*alone));
        let help = "give the other nodes the same `virtual_router_id` on the same segment";
        return Some(about.finding(Kind::Alone, &on, &["virtual_router_id"], words, help));
    }
    let ((one, mine), (other, theirs)) = about.differ(addresses)?;
    let (first, second) = (about.node(one), about.node(other));
    let keywords = ["virtual_ipaddress", "virtual_ipaddress_excluded"];
    if mine.is_disjoint(&theirs) && !mine.is_empty() && !theirs.is_empty() {
        let words = format!(
            "VRID {} is {} on {first} and {} on {second}: one of the two is nowhere",
            about.router.vrid,
            list(&mine),
            list(&theirs)
        );
        let help = "give what is different different VRIDs, on every node alike";
        return Some(about.finding(Kind::VridClash, &[one, other], &["virtual_router_id"], words, help));
    }
    let only = |node, own: &BTreeSet<IpAddr>, others: &BTreeSet<IpAddr>| {
        let only: BTreeSet<IpAddr> = own.difference(others).copied().collect();
        (!only.is_empty()).then(|| format!("{} only on {}", list(&only), about.node(node)))
    };
    let said: Vec<String> = [only(one, &mine, &theirs), only(other, &theirs, &mine)].into_iter().flatten().collect();
    let words = format!("the addresses differ: {}", said.join(", "));
    let help = "list the same addresses in the same order on every node";
    Some(about.finding(Kind::AddressesDiffer, &[one, other], &keywords, words, help))
}

fn addresses(part: &vrrp::Router) -> BTreeSet<IpAddr> {
    part.addresses.iter().map(|address| address.address).collect()
}

fn list(addresses: &BTreeSet<IpAddr>) -> String {
    let mut words: Vec<String> = addresses.iter().take(3).map(ToString::to_string).collect();
    if let Some(more) = addresses.len().checked_sub(3).filter(|more| *more > 0) {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// Addresses that nodes have under several VRIDs, or twice.
pub(super) fn under_several(site: &Site, nodes: &[Node]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in site.services.iter().filter(|service| service.routers().len() > 1) {
        let Some(address) = service.addresses.first() else { continue };
        let routers = service.routers();
        let all: Vec<_> = routers.iter().filter_map(|place| site.routers.get(usize::from(*place))).collect();
        let Some(router) = all.first() else { continue };
        let about = About { site, nodes, router };
        let ids: Vec<String> =
            all.iter().map(|router| format!("VRID {} on {}", router.vrid, on(site, router))).collect();
        let words = format!("{address} is moved by {}: they know nothing of each other", ids.join(" and by "));
        let help = "give the address one `virtual_router_id`, the same on every node";
        let of_first: Vec<u8> = about.on();
        let mut finding = about.finding(Kind::VridDiffers, &of_first, &["virtual_router_id"], words, help);
        for router in all.iter().skip(1) {
            let about = About { site, nodes, router };
            let more = about.finding(Kind::VridDiffers, &about.on(), &["virtual_router_id"], String::new(), "");
            finding.nodes.extend(more.nodes);
            finding.places.extend(more.places);
        }
        findings.push(finding);
    }
    findings
}

fn on(site: &Site, router: &crate::SiteRouter) -> String {
    let nodes: Vec<&str> = router.parts().map(|(node, _)| site.node(node)).collect();
    nodes.join(", ")
}
