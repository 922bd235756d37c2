use serde::Serialize;
use vrrp_sim::Make;

use crate::{Finding, Outcome, Rehearsal, Site};

/// What came of a rehearsal. Its JSON form has the number 1 in `format`, and changes only by fields that are added.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The form of this report.
    pub format: u32,
    /// The seed it was made with.
    pub seed: u64,
    /// What ran on the nodes.
    pub software: &'static str,
    /// The nodes.
    pub nodes: Vec<NodeSummary>,
    /// The segments.
    pub segments: Vec<SegmentSummary>,
    /// The virtual routers.
    pub routers: Vec<RouterSummary>,
    /// What hosts ask for: the outcomes have one entry for each.
    pub services: Vec<ServiceSummary>,
    /// What the files say that is suspicious.
    pub findings: Vec<Finding>,
    /// What came of each failure, the first of nothing at all.
    pub outcomes: Vec<Outcome>,
    /// What came of two failures at a time.
    pub pairs: Vec<Outcome>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeSummary {
    /// Its name.
    pub name: String,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentSummary {
    /// Its name.
    pub name: String,
    /// The interface of each node, in the order of the nodes.
    pub interfaces: Vec<Option<String>>,
    /// Whether interfaces of different names were taken for one segment by their virtual routers.
    pub guessed: bool,
}

/// One virtual router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouterSummary {
    /// Its name on the first node that has it.
    pub name: String,
    /// Its segment.
    pub segment: String,
    /// `ipv4` or `ipv6`.
    pub family: String,
    /// Its VRID.
    pub vrid: u8,
    /// Its priority on each node, in the order of the nodes; null where it is not.
    pub priorities: Vec<Option<u8>>,
}

/// Addresses that the same nodes move alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceSummary {
    /// The virtual routers that move them.
    pub routers: Vec<String>,
    /// The addresses.
    pub addresses: Vec<String>,
    /// The nodes that have them.
    pub nodes: Vec<String>,
}

impl Report {
    pub(crate) fn new(
        rehearsal: &Rehearsal,
        site: &Site,
        findings: Vec<Finding>,
        outcomes: Vec<Outcome>,
        pairs: Vec<Outcome>,
    ) -> Self {
        Self {
            format: 1,
            seed: rehearsal.seed,
            software: software(rehearsal.software),
            nodes: site.nodes.iter().map(|name| NodeSummary { name: name.clone() }).collect(),
            segments: site.segments.iter().map(segment).collect(),
            routers: site.routers.iter().map(|router| summary(site, router)).collect(),
            services: site.services.iter().map(|one| service(site, one)).collect(),
            findings,
            outcomes,
            pairs,
        }
    }

    /// Whether anything is suspicious: in the files, or in what came of a failure.
    pub fn is_suspicious(&self) -> bool {
        !self.findings.is_empty() || self.outcomes.iter().chain(&self.pairs).any(Outcome::is_bad)
    }
}

fn segment(segment: &crate::Segment) -> SegmentSummary {
    SegmentSummary { name: segment.name.clone(), interfaces: segment.interfaces.clone(), guessed: segment.guessed }
}

fn summary(site: &Site, router: &crate::SiteRouter) -> RouterSummary {
    let priority = |part: &Option<vrrp::Router>| part.as_ref().map(|part| part.protocol.priority.get());
    RouterSummary {
        name: router.name.clone(),
        segment: site.segments.get(usize::from(router.segment)).map(|one| one.name.clone()).unwrap_or_default(),
        family: router.family.to_string(),
        vrid: router.vrid.get(),
        priorities: router.on.iter().map(priority).collect(),
    }
}

fn service(site: &Site, service: &crate::Service) -> ServiceSummary {
    let routers = service.routers().into_iter().filter_map(|place| site.routers.get(usize::from(place)));
    ServiceSummary {
        routers: routers.map(|router| router.name.clone()).collect(),
        addresses: service.addresses.iter().map(ToString::to_string).collect(),
        nodes: service.nodes().into_iter().map(|node| site.node(node).to_owned()).collect(),
    }
}

const fn software(make: Make) -> &'static str {
    match make {
        Make::Ours => "vrrpd",
        Make::Keepalived22 => "keepalived-2.2",
        Make::Keepalived24 => "keepalived-2.4",
        Make::Frr => "frr",
    }
}
