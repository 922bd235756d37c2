//! What must be the same on all nodes for them to hear each other.

use vrrp_core::Delivery;
use vrrp_wire::{Authentication, Version};

use super::{About, Finding, FindingKind as Kind};
use crate::site::peers;

pub(super) fn find(about: &About<'_>) -> Vec<Finding> {
    let found = [pass(about), version(about), interval(about), delivery(about)];
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    findings.extend(missing_peers(about));
    findings
}

fn pass(about: &About<'_>) -> Option<Finding> {
    let secret = |part: &vrrp::Router| match part.protocol.authentication {
        Authentication::Simple(octets) => Some(octets),
        Authentication::None | Authentication::Other(_) => None,
    };
    let ((one, mine), (other, theirs)) = about.differ(secret)?;
    let words = match (mine, theirs) {
        (Some(_), Some(_)) => "the passwords differ".to_owned(),
        (Some(_), None) => format!("{} has a password and {} has none", about.node(one), about.node(other)),
        _ => format!("{} has a password and {} has none", about.node(other), about.node(one)),
    };
    let words = format!("{words}: they discard each other's advertisements and both serve");
    let help = "write the same `auth_pass` on every node; VRRPv2 carries its first 8 characters";
    Some(about.finding(Kind::PassDiffers, &[one, other], &["auth_pass"], words, help))
}

fn version(about: &About<'_>) -> Option<Finding> {
    let ((one, mine), (other, theirs)) = about.differ(|part| part.protocol.version)?;
    let (first, second) = (about.node(one), about.node(other));
    let words = format!("VRRPv{mine} on {first} and VRRPv{theirs} on {second}: they do not understand each other");
    Some(about.finding(
        Kind::VersionDiffers,
        &[one, other],
        &["version"],
        words,
        "write the same `version` on every node",
    ))
}

fn interval(about: &About<'_>) -> Option<Finding> {
    let ((one, mine), (other, theirs)) = about.differ(|part| part.protocol.interval)?;
    let v2 = about.router.parts().any(|(_, part)| part.protocol.version == Version::V2);
    let what = if v2 {
        "keepalived discards VRRPv2 with another interval than its own, and both serve"
    } else {
        "a Backup waits by the interval that it hears, so that how long a takeover takes depends on who fails"
    };
    let (first, second) = (about.node(one), about.node(other));
    let words =
        format!("advert_int is {:?} on {first} and {:?} on {second}: {what}", mine.duration(), theirs.duration());
    let help = "write the same `advert_int` on every node";
    Some(about.finding(Kind::IntervalDiffers, &[one, other], &["advert_int"], words, help))
}

fn delivery(about: &About<'_>) -> Option<Finding> {
    let group = |part: &vrrp::Router| match &part.protocol.delivery {
        Delivery::Multicast { group } => Some(*group),
        Delivery::Unicast { .. } => None,
    };
    let ((one, mine), (other, theirs)) = about.differ(group)?;
    let how = |group: Option<core::net::IpAddr>| group.map_or_else(|| "unicast".to_owned(), |group| group.to_string());
    let (first, second) = (about.node(one), about.node(other));
    let words = format!("{} on {first} and {} on {second}: they do not hear each other", how(mine), how(theirs));
    let help = "name every other node in `unicast_peer` on every node, or on none";
    let keywords = ["mcast_dst_ip", "unicast_peer"];
    Some(about.finding(Kind::DeliveryDiffers, &[one, other], &keywords, words, help))
}

/// Nodes that another sends nothing to.
fn missing_peers(about: &About<'_>) -> Vec<Finding> {
    let unicast: Vec<_> = about.router.parts().filter(|(_, part)| !peers(part).is_empty()).collect();
    let mut findings = Vec::new();
    for (node, part) in &unicast {
        for (other, theirs) in unicast.iter().filter(|(other, _)| other != node) {
            let Some(source) = theirs.source.filter(|source| !peers(part).contains(source)) else { continue };
            let words = format!(
                "{} does not name {} ({source}) as its peer: it sends it nothing",
                about.node(*node),
                about.node(*other)
            );
            let help = "list every other node in `unicast_peer`, by the address it has in `unicast_src_ip`";
            findings.push(about.finding(Kind::PeerMissing, &[*node, *other], &["unicast_peer"], words, help));
        }
    }
    findings
}
