use core::time::Duration;

use vrrp_config::model::{Check, CheckProbe};
use vrrp_core::Verdict;

use super::SiteRouter;
use crate::Node;

/// A check by its name, on the nodes where something hangs on it.
#[derive(Debug)]
pub struct SiteCheck {
    /// Its name.
    pub name: String,
    /// What it is on each node, in the order of the nodes.
    pub on: Vec<Option<NodeCheck>>,
}

/// A check on one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeCheck {
    /// What it says while all is well.
    pub(crate) well: Verdict,
    /// What it says when it has failed: a file, the worst that it can.
    pub(crate) failed: Verdict,
    /// The longest from the failure to the verdict: `fall` intervals; what is watched says so at once.
    pub fails_in: Duration,
    /// The longest from the recovery to the verdict: `rise` intervals.
    pub heals_in: Duration,
    /// Whether it looks at something that a node cut off from its segments does not reach.
    pub looks_outward: bool,
    /// Whether some claim requires it: then only a success that began after the silence counts.
    pub required: bool,
    /// The interface whose link it is.
    pub(crate) link: Option<String>,
}

/// What the least and the greatest number in a file are taken for.
const WORST: i64 = 254;

impl SiteCheck {
    /// The nodes on which something hangs on it.
    pub fn parts(&self) -> impl Iterator<Item = (u8, &NodeCheck)> {
        (0..).zip(&self.on).filter_map(|(node, check)| Some((node, check.as_ref()?)))
    }

    /// What it is on a node.
    pub fn part(&self, node: u8) -> Option<&NodeCheck> {
        self.on.get(usize::from(node))?.as_ref()
    }
}

/// Every check that some virtual router tracks or requires.
pub(super) fn collect(nodes: &[Node], routers: &[SiteRouter]) -> Vec<SiteCheck> {
    let mut checks: Vec<SiteCheck> = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let own: Vec<&vrrp::Router> = routers.iter().filter_map(|router| router.on.get(place)?.as_ref()).collect();
        for check in &node.loaded.model.checks {
            let Some(found) = on_node(check, &own) else { continue };
            let known = checks.iter().position(|known| known.name == check.name).unwrap_or_else(|| {
                checks.push(SiteCheck { name: check.name.clone(), on: nodes.iter().map(|_| None).collect() });
                checks.len() - 1
            });
            if let Some(slot) = checks.get_mut(known).and_then(|check| check.on.get_mut(place)) {
                *slot = Some(found);
            }
        }
    }
    checks
}

fn on_node(check: &Check, routers: &[&vrrp::Router]) -> Option<NodeCheck> {
    let weights = || {
        let tracks = routers.iter().flat_map(|router| &router.tracks);
        tracks.filter(|(name, _)| **name == *check.name).map(|(_, weight)| *weight)
    };
    let required = routers.iter().flat_map(|router| &router.claim_requires).any(|(name, _)| **name == *check.name);
    let weight = weights().next();
    if weight.is_none() && !required {
        return None;
    }
    let weight = weight.unwrap_or_default();
    let (well, failed) = if matches!(check.probe, CheckProbe::File(_)) {
        let lowers = (weight.amount > 0) == weight.reverse;
        (Verdict::Value(0), Verdict::Value(if lowers { WORST } else { -WORST }))
    } else if weight.reverse {
        (Verdict::Down, Verdict::Up)
    } else {
        (Verdict::Up, Verdict::Down)
    };
    let watched = check.probe.is_watched();
    let after = |runs: u32| if watched { Duration::ZERO } else { check.interval * runs };
    let link = if let CheckProbe::Interface(link) = &check.probe { Some(link.name.clone()) } else { None };
    Some(NodeCheck {
        well,
        failed,
        fails_in: after(check.fall),
        heals_in: after(check.rise),
        looks_outward: looks_outward(check),
        required,
        link,
    })
}

/// Whether what it looks at is beyond the segments, as far as a file tells.
fn looks_outward(check: &Check) -> bool {
    let distant = |host: &str| {
        let local = |ip: core::net::IpAddr| ip.is_loopback() || ip.is_unspecified();
        host != "localhost" && !host.parse().is_ok_and(local)
    };
    match &check.probe {
        CheckProbe::Tcp(tcp) => distant(&tcp.host),
        CheckProbe::Http(http) => distant(host_of(&http.url)),
        CheckProbe::Dns(_) => true,
        CheckProbe::Script(_)
        | CheckProbe::File(_)
        | CheckProbe::Process(_)
        | CheckProbe::Gateway(_)
        | CheckProbe::Unit(_)
        | CheckProbe::Interface(_) => check.looks_at_gateway(),
    }
}

/// The host of a URL.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}
