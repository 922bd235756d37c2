//! The simulated world of a site.

use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{CheckId, Config, Requirement, Track};
use vrrp_sim::{Latency, Make, RouterSetup, Setup, VirtualRouterSetup};

use super::{SiteCheck, SiteRouter};
use crate::Node;

/// The world: what runs on the nodes is what [`vrrp::Node::routers_of`] gives, and nothing else.
pub(super) fn setup(nodes: &[Node], routers: &[SiteRouter], checks: &[SiteCheck], make: Make) -> Setup {
    let startup = |node: &Node| node.loaded.model.global.vrrp_startup_delay;
    let startup_delays: Vec<Duration> = nodes.iter().map(startup).collect();
    Setup {
        routers: u8::try_from(nodes.len()).unwrap_or(u8::MAX),
        software: vec![make; nodes.len()],
        virtual_routers: routers.iter().map(|router| virtual_router(router, checks)).collect(),
        groups: Vec::new(),
        startup_delays,
        particular: (0..).zip(nodes).map(|(node, _)| particular(node, routers)).collect(),
        latency: Latency::default(),
    }
}

fn virtual_router(router: &SiteRouter, checks: &[SiteCheck]) -> VirtualRouterSetup {
    // A node without it needs something to have no part in.
    let first = router.parts().next().map(|(_, part)| part);
    let configs = router.on.iter().filter_map(|part| part.as_ref().or(first)).map(|part| config(part, checks));
    VirtualRouterSetup { segment: router.segment, configs: configs.collect() }
}

fn config(part: &vrrp::Router, checks: &[SiteCheck]) -> Config {
    let id = |name: &Arc<str>| {
        let place = checks.iter().position(|check| *check.name == **name)?;
        Some(CheckId(u32::try_from(place).ok()?))
    };
    let tracks = part.tracks.iter();
    let tracks = tracks.filter_map(|(name, weight)| Some(Track { check: id(name)?, weight: *weight }));
    let required = part.claim_requires.iter();
    let required =
        required.filter_map(|(name, otherwise)| Some(Requirement { check: id(name)?, otherwise: *otherwise }));
    Config { tracks: tracks.collect(), claim_requires: required.collect(), ..part.protocol.clone() }
}

fn particular(node: u8, routers: &[SiteRouter]) -> RouterSetup {
    let mut own = RouterSetup::default();
    let mut groups: Vec<(Arc<str>, Vec<u8>)> = Vec::new();
    for (place, router) in (0..).zip(routers) {
        let Some(part) = router.part(node) else {
            own.absent.push(place);
            continue;
        };
        own.sources.extend(part.source.map(|source| (place, source)));
        if !part.track_interface {
            own.ignores_link.push(place);
        }
        if let Some(group) = &part.group {
            match groups.iter_mut().find(|(name, _)| name == group) {
                Some((_, members)) => members.push(place),
                None => groups.push((Arc::clone(group), vec![place])),
            }
        }
    }
    own.groups = Some(groups.into_iter().map(|(_, members)| members).collect());
    own
}
