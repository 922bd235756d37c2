//! What can fail, and how it is done to the simulated world.

use core::time::Duration;

use vrrp_core::{Drain, Instant, Verdict};
use vrrp_sim::{Fault, InterfaceFault, Make, RouterFault, SegmentFault, VirtualRouterFault};

use crate::Site;
use crate::site::NodeCheck;

/// One thing that fails, and recovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A node loses its power.
    Crash(u8),
    /// The daemon of a node is stopped in good order.
    Stop(u8),
    /// A node is cut off from everybody on all its segments.
    Isolated(u8),
    /// The link of a node on a segment goes down.
    Link {
        /// The node.
        node: u8,
        /// The segment.
        segment: u8,
    },
    /// A node no longer hears another on a segment; the way back and the hosts' ways stay open.
    Deaf {
        /// The segment.
        segment: u8,
        /// Who does not hear.
        node: u8,
        /// Whom.
        from: u8,
    },
    /// A node and the others no longer hear each other on a segment; hosts hear both sides.
    Split {
        /// The segment.
        segment: u8,
        /// The node.
        node: u8,
    },
    /// A check fails on one node.
    Check {
        /// Index of the check.
        check: u8,
        /// The node.
        node: u8,
    },
    /// A check fails on every node that has it.
    CheckEverywhere(u8),
    /// A node is drained.
    Drain(u8),
}

/// Everything that can fail in a site, one thing at a time.
pub(crate) fn all(site: &Site) -> Vec<Failure> {
    let nodes = || 0..site.count();
    let mut failures: Vec<Failure> = nodes().map(Failure::Crash).collect();
    failures.extend(nodes().map(Failure::Stop));
    if site.setup.make(0) == Make::Ours {
        failures.extend(nodes().map(Failure::Drain));
    }
    failures.extend(nodes().map(Failure::Isolated));
    for (segment, place) in site.segments.iter().zip(0..) {
        let on: Vec<u8> = nodes().filter(|node| is_on(segment, *node)).collect();
        failures.extend(on.iter().map(|&node| Failure::Link { node, segment: place }));
        for &node in &on {
            let from = on.iter().filter(|from| **from != node);
            failures.extend(from.map(|&from| Failure::Deaf { segment: place, node, from }));
        }
        // With two, the one apart from the other is the other apart from the one.
        let apart = if on.len() == 2 { 1 } else { on.len() };
        let apart = on.iter().take(if on.len() > 1 { apart } else { 0 });
        failures.extend(apart.map(|&node| Failure::Split { segment: place, node }));
    }
    for (check, place) in site.checks.iter().zip(0..) {
        failures.extend(check.parts().map(|(node, _)| Failure::Check { check: place, node }));
        if check.parts().count() > 1 {
            failures.push(Failure::CheckEverywhere(place));
        }
    }
    failures
}

fn is_on(segment: &crate::Segment, node: u8) -> bool {
    segment.interfaces.get(usize::from(node)).is_some_and(Option::is_some)
}

impl Failure {
    /// What it is called: by this name `only` asks for it.
    pub(crate) fn name(&self, site: &Site) -> String {
        let segment = |place: u8| site.segments.get(usize::from(place)).map_or("", |segment| segment.name.as_str());
        let check = |place: u8| site.checks.get(usize::from(place)).map_or("", |check| check.name.as_str());
        match *self {
            Self::Crash(node) => format!("{} fails", site.node(node)),
            Self::Stop(node) => format!("{} is stopped", site.node(node)),
            Self::Isolated(node) => format!("{} is isolated", site.node(node)),
            Self::Link { node, segment: place } => {
                let own = site.segments.get(usize::from(place)).and_then(|one| one.interfaces.get(usize::from(node)));
                format!("link {} of {} is down", own.and_then(Option::as_deref).unwrap_or_default(), site.node(node))
            }
            Self::Deaf { segment: place, node, from } => {
                format!("{} does not hear {} on {}", site.node(node), site.node(from), segment(place))
            }
            Self::Split { segment: place, node } => {
                let others: Vec<&str> =
                    site.nodes.iter().map(String::as_str).filter(|name| *name != site.node(node)).collect();
                format!("{} is split: {} | {}", segment(place), site.node(node), others.join(", "))
            }
            Self::Check { check: place, node } => format!("{} fails on {}", check(place), site.node(node)),
            Self::CheckEverywhere(place) => format!("{} fails everywhere", check(place)),
            Self::Drain(node) => format!("{} is drained", site.node(node)),
        }
    }

    /// The one node that it is about, if it is about one.
    pub(crate) const fn node(&self) -> Option<u8> {
        match *self {
            Self::Crash(node)
            | Self::Stop(node)
            | Self::Isolated(node)
            | Self::Link { node, .. }
            | Self::Check { node, .. }
            | Self::Drain(node) => Some(node),
            Self::Deaf { .. } | Self::Split { .. } | Self::CheckEverywhere(_) => None,
        }
    }

    /// Whether another failure means something while this one lasts.
    pub(crate) fn allows(&self, other: &Self) -> bool {
        match (self, other) {
            (one, other) if one == other => false,
            (Self::Crash(node) | Self::Stop(node), other) => other.node() != Some(*node),
            (Self::CheckEverywhere(one), Self::Check { check, .. }) => one != check,
            _ => true,
        }
    }

    /// Whether a check of a node fails by it.
    pub(crate) fn fails(&self, site: &Site, place: u8, node: u8) -> bool {
        let part = site.checks.get(usize::from(place)).and_then(|check| check.part(node));
        match *self {
            Self::Check { check, node: on } => (check, on) == (place, node),
            Self::CheckEverywhere(check) => check == place && part.is_some(),
            Self::Isolated(on) => on == node && part.is_some_and(|check| check.looks_outward),
            Self::Link { node: on, segment } => {
                on == node && part.is_some_and(|check| is_link(site, check, node, segment))
            }
            Self::Crash(_) | Self::Stop(_) | Self::Deaf { .. } | Self::Split { .. } | Self::Drain(_) => false,
        }
    }

    /// What happens when it begins.
    pub(crate) fn begins(&self, site: &Site, at: Instant) -> Vec<(Instant, Fault)> {
        self.strike(site, at, true)
    }

    /// What happens when it ends.
    pub(crate) fn ends(&self, site: &Site, at: Instant) -> Vec<(Instant, Fault)> {
        self.strike(site, at, false)
    }

    fn strike(&self, site: &Site, at: Instant, begins: bool) -> Vec<(Instant, Fault)> {
        let router = |node, what| vec![(at, Fault::Router(node, what))];
        let heal = |segment| (at, Fault::Segment(segment, SegmentFault::Heal));
        let cut = |segment, from, to| (at, Fault::Segment(segment, SegmentFault::Cut(from, to)));
        let mut faults = match *self {
            Self::Crash(node) if begins => router(node, RouterFault::PowerOff),
            Self::Stop(node) if begins => router(node, RouterFault::Stop),
            Self::Crash(node) | Self::Stop(node) => router(node, RouterFault::Start),
            Self::Isolated(_) if !begins => segments(site).map(heal).collect(),
            Self::Isolated(node) => {
                let part = |segment| (at, Fault::Segment(segment, SegmentFault::Partition(1 << node)));
                segments(site).map(part).collect()
            }
            Self::Link { node, segment } => {
                vec![(at, Fault::Interface(node, segment, InterfaceFault::Link(!begins)))]
            }
            Self::Deaf { segment, .. } | Self::Split { segment, .. } if !begins => vec![heal(segment)],
            Self::Deaf { segment, node, from } => vec![cut(segment, from, node)],
            Self::Split { segment, node } => {
                let others = (0..site.count()).filter(|other| *other != node);
                others.flat_map(|other| [cut(segment, node, other), cut(segment, other, node)]).collect()
            }
            Self::Check { .. } | Self::CheckEverywhere(_) => Vec::new(),
            Self::Drain(node) => drains(site, node, begins).map(|fault| (at, fault)).collect(),
        };
        faults.extend(self.verdicts(site, at, begins));
        faults
    }

    /// What the checks say of it, each as late as it may.
    fn verdicts(&self, site: &Site, at: Instant, begins: bool) -> Vec<(Instant, Fault)> {
        let mut faults = Vec::new();
        for (check, place) in site.checks.iter().zip(0..) {
            for (node, part) in check.parts().filter(|(node, _)| self.fails(site, place, *node)) {
                let after = if begins { part.fails_in } else { part.heals_in };
                // A claim waits for a success that began after the silence: as if the failure were known at once.
                let after = if begins && part.required { Duration::ZERO } else { after };
                faults.push((at + after, said(node, place, if begins { part.failed } else { part.well })));
            }
        }
        faults
    }
}

/// A check of a node says something.
pub(crate) const fn said(node: u8, check: u8, verdict: Verdict) -> Fault {
    Fault::Router(node, RouterFault::Check(check, verdict))
}

fn segments(site: &Site) -> impl Iterator<Item = u8> {
    0..u8::try_from(site.segments.len()).unwrap_or(u8::MAX)
}

/// Drains each virtual router of a node, or takes that back.
fn drains(site: &Site, node: u8, begins: bool) -> impl Iterator<Item = Fault> {
    let own = (0..).zip(&site.routers).filter(move |(_, router)| router.part(node).is_some());
    let what = if begins { VirtualRouterFault::Drain(Drain::IfRelieved) } else { VirtualRouterFault::Undrain };
    own.map(move |(place, _)| Fault::VirtualRouter(node, place, what))
}

/// Whether a check is that of the link of a node on a segment.
fn is_link(site: &Site, check: &NodeCheck, node: u8, segment: u8) -> bool {
    let segment = site.segments.get(usize::from(segment));
    let own = segment.and_then(|segment| segment.interfaces.get(usize::from(node))).and_then(Option::as_ref);
    check.link.is_some() && check.link.as_ref() == own
}
