//! What the files say that is suspicious: each by itself, and held against each other.

mod addresses;
mod checks;
mod groups;
mod priorities;
mod weights;
mod wire;

use core::fmt;

use serde::Serialize;
use vrrp_config::{Code, Diagnostic};

use crate::{Node, Site, SiteRouter};

/// Something in the files that is suspicious.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// What `vrrpd check` calls it, where it says so of one file.
    pub code: Option<Code>,
    /// The virtual router that it is about; none where it is about no one in particular.
    pub router: Option<String>,
    /// The nodes that it is about.
    pub nodes: Vec<String>,
    /// What is wrong.
    pub words: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where it stands, as far as that is known.
    pub places: Vec<Place>,
}

/// The kinds of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// What `vrrpd check` says of one file.
    File,
    /// A weight after which the node still has the highest priority.
    WeightNeverMoves,
    /// A weight after which two nodes have one priority.
    WeightTies,
    /// A node that never preempts leaves the addresses on one whose check fails.
    NopreemptStrands,
    /// Nodes with one priority.
    EqualPriorities,
    /// Nodes whose priorities are apart by one.
    AdjacentPriorities,
    /// `state MASTER` on several nodes.
    MastersDiffer,
    /// Passwords that differ.
    PassDiffers,
    /// Versions that differ.
    VersionDiffers,
    /// Intervals that differ.
    IntervalDiffers,
    /// Address lists that differ.
    AddressesDiffer,
    /// One VRID for addresses that have nothing in common.
    VridClash,
    /// One address under several VRIDs.
    VridDiffers,
    /// A virtual router that one node has alone.
    Alone,
    /// Multicast here and unicast there, or another group.
    DeliveryDiffers,
    /// A node that another does not name as its peer.
    PeerMissing,
    /// A check that not all nodes have.
    CheckMissing,
    /// `claim_requires` that not all nodes have.
    ClaimRequiresMissing,
    /// Sync groups that differ in their members.
    GroupsDiffer,
}

/// A place in a node's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// A finding that is being put together.
pub(crate) struct About<'a> {
    site: &'a Site,
    nodes: &'a [Node],
    router: &'a SiteRouter,
}

/// Everything: the findings of each file first.
pub(crate) fn find(site: &Site, nodes: &[Node]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = nodes.iter().flat_map(of_file).collect();
    for router in &site.routers {
        let about = About { site, nodes, router };
        findings.extend(wire::find(&about));
        findings.extend(addresses::find(&about));
        findings.extend(priorities::find(&about));
        findings.extend(weights::find(&about));
        findings.extend(checks::find(&about));
    }
    findings.extend(addresses::under_several(site, nodes));
    findings.extend(groups::find(site, nodes));
    findings
}

fn of_file(node: &Node) -> impl Iterator<Item = Finding> + '_ {
    // Facts of the host on which this runs are not those of the node.
    let said = node.loaded.diagnostics.iter().filter(|diagnostic| diagnostic.code != Code::Host);
    said.map(|diagnostic| diagnosed(node, diagnostic))
}

fn diagnosed(node: &Node, diagnostic: &Diagnostic) -> Finding {
    Finding {
        kind: FindingKind::File,
        code: Some(diagnostic.code),
        router: diagnostic.instance.clone(),
        nodes: vec![node.name.clone()],
        words: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        places: diagnostic.labels.iter().take(1).filter_map(|label| Place::of(&label.location)).collect(),
    }
}

impl Place {
    fn of(location: &vrrp_config::Location) -> Option<Self> {
        let known = location.line > 0;
        known.then(|| Self { file: location.file.clone(), line: location.line, column: location.column })
    }
}

impl About<'_> {
    /// Something about these nodes, at the first of these keywords that each has.
    fn finding(&self, kind: FindingKind, nodes: &[u8], keywords: &[&str], words: String, help: &str) -> Finding {
        let place = |node: &u8| {
            let name = &self.router.part(*node)?.name;
            Place::of(&self.nodes.get(usize::from(*node))?.place(name, keywords))
        };
        Finding {
            kind,
            code: None,
            router: Some(self.router.name.clone()),
            nodes: nodes.iter().map(|node| self.site.node(*node).to_owned()).collect(),
            words,
            help: Some(help.to_owned()),
            places: nodes.iter().filter_map(place).collect(),
        }
    }

    /// The nodes that have the virtual router.
    fn on(&self) -> Vec<u8> {
        self.router.parts().map(|(node, _)| node).collect()
    }

    fn node(&self, node: u8) -> &str {
        self.site.node(node)
    }

    /// The first two nodes that differ in something, with what it is on each.
    fn differ<T: PartialEq>(&self, what: impl Fn(&vrrp::Router) -> T) -> Option<((u8, T), (u8, T))> {
        let mut parts = self.router.parts().map(|(node, part)| (node, what(part)));
        let first = parts.next()?;
        let other = parts.find(|(_, other)| *other != first.1)?;
        Some((first, other))
    }
}

impl fmt::Display for Finding {
    /// One line: `FILE:LINE:COLUMN: ROUTER: WORDS (HELP)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, place) in self.places.iter().enumerate() {
            write!(f, "{}{}:{}:{}", if nth == 0 { "" } else { ", " }, place.file, place.line, place.column)?;
        }
        if self.places.is_empty() {
            f.write_str(&self.nodes.join(", "))?;
        }
        f.write_str(": ")?;
        if let Some(router) = &self.router {
            write!(f, "{router}: ")?;
        }
        f.write_str(&self.words)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}
