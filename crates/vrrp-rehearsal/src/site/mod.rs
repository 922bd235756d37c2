//! What the files of all nodes come to together: segments, virtual routers, addresses and checks.

mod checks;
mod priority;
mod segments;
mod services;
mod setup;
mod sources;

use core::time::Duration;
use std::collections::BTreeSet;

use vrrp_core::{Preempt, active_down_interval};
use vrrp_sim::{Make, Setup};
use vrrp_wire::{AdverInterval, Family, Priority, Vrid};

pub use checks::{NodeCheck, SiteCheck};
pub use segments::{Join, Segment};
pub use services::Service;
pub(crate) use sources::peers;

use crate::{Node, SiteError};

/// Stations that a simulated segment has, the hosts among them.
const STATIONS: usize = 16;

/// What several configurations come to together.
#[derive(Debug)]
pub struct Site {
    /// The names of the nodes, in the order of the files.
    pub nodes: Vec<String>,
    /// The segments.
    pub segments: Vec<Segment>,
    /// The virtual routers.
    pub routers: Vec<SiteRouter>,
    /// The checks that some virtual router tracks or requires, by their names.
    pub checks: Vec<SiteCheck>,
    /// The addresses, those together that the same nodes move alike.
    pub services: Vec<Service>,
    /// The world that is simulated.
    pub(crate) setup: Setup,
}

/// One virtual router of the site: what is the same on the wire.
#[derive(Debug)]
pub struct SiteRouter {
    /// The name that the first node with it has for it.
    pub name: String,
    /// Index of its segment.
    pub segment: u8,
    /// Its family.
    pub family: Family,
    /// Its VRID.
    pub vrid: Vrid,
    /// What each node has for it, in the order of the nodes.
    pub on: Vec<Option<vrrp::Router>>,
}

impl SiteRouter {
    /// The nodes that have it, with what they have.
    pub fn parts(&self) -> impl Iterator<Item = (u8, &vrrp::Router)> {
        (0..).zip(&self.on).filter_map(|(node, router)| Some((node, router.as_ref()?)))
    }

    /// What a node has for it.
    pub fn part(&self, node: u8) -> Option<&vrrp::Router> {
        self.on.get(usize::from(node))?.as_ref()
    }
}

impl Site {
    /// Puts the nodes together; each runs `make`, and `joins` says which interfaces share a segment though nothing else
    /// tells.
    ///
    /// # Errors
    /// What of it cannot be.
    pub fn new(nodes: &[Node], make: Make, joins: &[Join]) -> Result<Self, SiteError> {
        within("nodes", nodes.len(), STATIONS - 1)?;
        let mut names = BTreeSet::new();
        if let Some(twice) = nodes.iter().find(|node| !names.insert(node.name.as_str())) {
            return Err(SiteError::SameName(twice.name.clone()));
        }
        let parts: Vec<Vec<vrrp::Router>> = nodes.iter().map(running).collect();
        if parts.iter().all(Vec::is_empty) {
            return Err(SiteError::Nothing);
        }
        let segments = segments::infer(nodes, &parts, joins)?;
        let mut routers = routers(&parts, &segments);
        within("virtual routers", routers.len(), 200)?;
        sources::infer(&mut routers);
        let checks = checks::collect(nodes, &routers);
        within("checks", checks.len(), 200)?;
        let services = services::collect(&routers);
        let setup = setup::setup(nodes, &routers, &checks, make);
        let nodes = nodes.iter().map(|node| node.name.clone()).collect();
        Ok(Self { nodes, segments, routers, checks, services, setup })
    }

    /// The name of a node.
    pub fn node(&self, node: u8) -> &str {
        self.nodes.get(usize::from(node)).map_or("", String::as_str)
    }

    /// The number of nodes.
    pub(crate) fn count(&self) -> u8 {
        u8::try_from(self.nodes.len()).unwrap_or(u8::MAX)
    }

    /// How long nothing may have happened before all has come to rest: startup delays, three times the longest
    /// `Active_Down_Interval`, the longest `preempt_delay`, the slowest check, a hold-off of preemption, and 5 s.
    pub(crate) fn patience(&self) -> Duration {
        let configs = || self.routers.iter().flat_map(SiteRouter::parts).map(|(_, router)| &router.protocol);
        let interval = configs().map(|config| config.interval).max().unwrap_or(AdverInterval::DEFAULT);
        let down = configs()
            .map(|config| active_down_interval(config.version, Priority::new(1), interval, config.down_timer_adverts));
        let delay = configs().map(|config| match config.preempt {
            Preempt::After(delay) => delay,
            Preempt::Immediately | Preempt::Never => Duration::ZERO,
        });
        let slowest =
            self.checks.iter().flat_map(SiteCheck::parts).map(|(_, check)| check.fails_in.max(check.heals_in));
        let damped = configs().any(|config| config.habits.damp_preemption);
        let startup = self.setup.startup_delays.iter().copied();
        let longest = |durations: &mut dyn Iterator<Item = Duration>| durations.max().unwrap_or_default();
        longest(&mut startup.into_iter())
            + longest(&mut down.into_iter()) * 3
            + longest(&mut delay.into_iter())
            + longest(&mut slowest.into_iter())
            + Duration::from_secs(if damped { 15 } else { 5 })
    }
}

/// What would run on a node: one that names no interface would not.
fn running(node: &Node) -> Vec<vrrp::Router> {
    let routers = vrrp::Node::routers_of(&node.loaded.model).into_iter();
    routers.filter(|router| !router.quarantined).collect()
}

const fn within(what: &'static str, found: usize, room: usize) -> Result<(), SiteError> {
    if found > room { Err(SiteError::TooMany { what, found, room }) } else { Ok(()) }
}

/// What of all nodes is one virtual router: segment, family and VRID are the same.
fn routers(parts: &[Vec<vrrp::Router>], segments: &[Segment]) -> Vec<SiteRouter> {
    let mut routers: Vec<SiteRouter> = Vec::new();
    for (node, own) in parts.iter().enumerate() {
        for part in own {
            let on = |segment: &Segment| {
                segment.interfaces.get(node).is_some_and(|one| one.as_deref() == Some(&*part.interface))
            };
            let Some(segment) = segments.iter().position(on).and_then(|place| u8::try_from(place).ok()) else {
                continue;
            };
            let (family, vrid) = (part.family(), part.protocol.vrid);
            let same = |router: &SiteRouter| (router.segment, router.family, router.vrid) == (segment, family, vrid);
            let place = routers.iter().position(same).unwrap_or_else(|| {
                let on = parts.iter().map(|_| None).collect();
                routers.push(SiteRouter { name: part.name.to_string(), segment, family, vrid, on });
                routers.len() - 1
            });
            if let Some(slot) = routers.get_mut(place).and_then(|router| router.on.get_mut(node)) {
                *slot = Some(part.clone());
            }
        }
    }
    routers
}
