use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Config, Ineligible, InterfaceId, OnClaim, Requirement, RouterId, Track, Weight};
use vrrp_netlink::{Address, OwnerId};

use super::health::Checks;
use crate::router::Router;
use crate::sole::Sole;

/// What the engine knows of each virtual router beside what the core knows.
#[derive(Debug, Default)]
pub(super) struct Routers(Vec<Option<Runtime>>);

/// One virtual router at work.
#[derive(Debug)]
pub(super) struct Runtime {
    pub(super) spec: Spec,
    pub(super) interface: InterfaceId,
    /// Wanted addresses that the kernel does not hold.
    pub(super) missing: Box<[IpAddr]>,
    /// Addresses that are on this host although the router is not Active.
    pub(super) leftovers: Vec<IpAddr>,
    /// Whether addresses have been claimed and not yet reported gone.
    pub(super) holds: bool,
    pub(super) send_failing: bool,
    /// What the core found to stand against it when it was told last.
    pub(super) causes: Vec<Ineligible>,
    /// How often the kernel refused a claim for so long that the router resigned.
    pub(super) refusals: u32,
    /// Held so that no second daemon runs this virtual router.
    pub(super) _sole: Option<Sole>,
}

/// A [`Router`] less what the core holds of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) name: Arc<str>,
    pub(super) addresses: Arc<[Address]>,
    pub(super) source: Option<IpAddr>,
    pub(super) track_source: bool,
    pub(super) track_interface: bool,
    pub(super) announce_gap: (Duration, Duration),
    pub(super) receive_buffer: Option<usize>,
    pub(super) resume: bool,
    pub(super) group: Option<Arc<str>>,
    pub(super) pre_active: Option<Duration>,
    pub(super) quarantined: bool,
}

/// Divides what is asked between the core and the rest of the engine.
pub(super) fn split(router: Router, checks: &mut Checks) -> (Config, Spec) {
    let Router { name, interface: _, mut protocol, addresses, .. } = router;
    let track = |(check, weight): &(Arc<str>, Weight)| Track { check: checks.id(check), weight: *weight };
    protocol.tracks = router.tracks.iter().map(track).collect();
    let require =
        |(check, otherwise): &(Arc<str>, OnClaim)| Requirement { check: checks.id(check), otherwise: *otherwise };
    protocol.claim_requires = router.claim_requires.iter().map(require).collect();
    let spec = Spec {
        name,
        addresses: addresses.into(),
        source: router.source,
        track_source: router.track_source,
        track_interface: router.track_interface,
        announce_gap: router.announce_gap,
        receive_buffer: router.receive_buffer,
        resume: router.resume,
        group: router.group,
        pre_active: router.pre_active,
        quarantined: router.quarantined,
    };
    (protocol, spec)
}

impl Routers {
    pub(super) fn insert(&mut self, id: RouterId, runtime: Runtime) {
        if self.0.len() <= id.index() {
            self.0.resize_with(id.index() + 1, || None);
        }
        if let Some(slot) = self.0.get_mut(id.index()) {
            *slot = Some(runtime);
        }
    }

    pub(super) fn remove(&mut self, id: RouterId) -> Option<Runtime> {
        self.0.get_mut(id.index()).and_then(Option::take)
    }

    pub(super) fn get(&self, id: RouterId) -> Option<&Runtime> {
        self.0.get(id.index()).and_then(Option::as_ref)
    }

    pub(super) fn get_mut(&mut self, id: RouterId) -> Option<&mut Runtime> {
        self.0.get_mut(id.index()).and_then(Option::as_mut)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (RouterId, &Runtime)> + '_ {
        self.0.iter().zip(0..).filter_map(|(slot, index)| Some((RouterId::from_index(index), slot.as_ref()?)))
    }
}

/// What the keeper knows a virtual router by.
pub(super) fn owner(id: RouterId) -> OwnerId {
    OwnerId(u32::try_from(id.index()).unwrap_or(u32::MAX))
}

impl Runtime {
    pub(super) fn name(&self) -> Arc<str> {
        Arc::clone(&self.spec.name)
    }
}
