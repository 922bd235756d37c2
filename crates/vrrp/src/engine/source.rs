//! What the state of its interface means to a virtual router: whether it may serve, by which socket, and from
//! which address.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Delivery, Ineligible, Input, Instant, InterfaceId, RouterId};
use vrrp_netlink::LinkState;
use vrrp_wire::Family;

use super::routers::Runtime;
use super::{Engine, Passed};
use crate::clock;
use crate::socket::{Channel, ChannelOptions, Hears, OpenError, VridSet};

/// Enough for a handful of advertisements between two looks; a flood is the kernel's to drop.
const TAP_BUFFER: usize = 8192;
/// Until a socket that could not be opened is tried again.
const REOPEN: Duration = Duration::from_secs(1);

impl Engine {
    /// A link of this name came, went or changed.
    pub(super) fn link_changed(&mut self, name: &Arc<str>) {
        let using: Vec<InterfaceId> =
            self.interfaces.ids().filter(|id| self.interfaces.name(*id).as_ref() == Some(name)).collect();
        for interface in using {
            self.refresh_interface(interface);
        }
    }

    /// Brings sockets and routers of one interface in line with its link.
    pub(super) fn refresh_interface(&mut self, interface: InterfaceId) {
        let routers = self.routers_on(interface);
        for family in [Family::V4, Family::V6] {
            if let Err(error) = self.refresh_channel(interface, family, &routers) {
                self.note_unopened(interface, family, &routers, &error);
            }
        }
        for id in routers {
            self.refresh_router(id);
        }
    }

    /// A socket is missing: it is told of once and tried again until it is there. Meanwhile the routers that need it are
    /// ineligible, for one that hears nobody would serve beside another.
    fn note_unopened(&mut self, interface: InterfaceId, family: Family, on: &[RouterId], error: &OpenError) {
        self.reopen_at = Some(clock::now() + REOPEN);
        let cause = Ineligible::NoSocket(interface.0);
        let mut needing = on.iter().filter(|id| self.node.key(**id).is_some_and(|key| key.family == family));
        if needing.any(|id| self.is_held_by(*id, cause)) {
            return;
        }
        let name = self.interfaces.name(interface).unwrap_or_default();
        let why = core::error::Error::source(error).map(|why| format!(": {why}")).unwrap_or_default();
        self.trouble(format!("{name} {family}: {error}{why}"));
    }

    /// Tries again to open what could not be opened.
    pub(super) fn reopen(&mut self, now: Instant) {
        if self.reopen_at.is_some_and(|at| at <= now) {
            self.reopen_at = None;
            self.refresh_all();
        }
    }

    pub(super) fn routers_on(&self, interface: InterfaceId) -> Vec<RouterId> {
        let on = self.node.routers().filter(|(id, _)| self.node.key(*id).is_some_and(|key| key.interface == interface));
        on.map(|(id, _)| id).collect()
    }

    /// Opens, re-opens or closes the socket of an interface, and tells it which groups and VRIDs are wanted.
    ///
    /// Groups that nobody wants any more are left when the socket is opened anew: they cost nothing meanwhile.
    fn refresh_channel(&mut self, interface: InterfaceId, family: Family, on: &[RouterId]) -> Result<(), OpenError> {
        let wanted = on.iter().filter_map(|id| self.node.router(*id)).filter(|r| r.config().family() == family);
        let (mut vrids, mut groups) = (VridSet::EMPTY, Vec::new());
        for router in wanted {
            vrids.insert(router.config().vrid);
            if let Delivery::Multicast { group } = router.config().delivery {
                groups.push(group);
            }
        }
        groups.dedup();
        let buffers = on.iter().filter_map(|id| self.routers.get(*id));
        let receive_buffer = buffers.filter_map(|runtime| runtime.spec.receive_buffer).max();
        let index = self.interfaces.link(interface).map(|link| link.index);
        let Some(place) = self.interfaces.channel_mut(interface, family) else {
            return Ok(());
        };
        let Some(index) = index.filter(|_| !vrids.is_empty()) else {
            *place = None;
            if let Some(tap) = self.interfaces.tap_mut(interface, family) {
                *tap = None;
            }
            return Ok(());
        };
        let hears = Hears::Only(vrids);
        let kept = place.take().filter(|channel| channel.index() == index && channel.hear(hears).is_ok());
        let channel = match kept {
            Some(channel) => channel,
            None => self.open_channel(interface, &ChannelOptions { index, family, hears, receive_buffer })?,
        };
        groups.iter().try_for_each(|group| channel.join(*group))?;
        self.refresh_tap(
            interface,
            &ChannelOptions { index, family, hears: Hears::Except(vrids), receive_buffer: None },
            &groups,
        );
        if let Some(place) = self.interfaces.channel_mut(interface, family) {
            *place = Some(channel);
        }
        Ok(())
    }

    /// A socket that the embedder passed in, once; else a new one.
    fn open_channel(&mut self, interface: InterfaceId, options: &ChannelOptions) -> Result<Channel, OpenError> {
        let name = self.interfaces.name(interface);
        let is_it = |(at, family, _): &Passed| Some(at) == name.as_ref() && *family == options.family;
        match self.passed.iter().position(is_it) {
            Some(index) => Channel::from_fd(self.passed.swap_remove(index).2, options),
            None => Channel::open(options),
        }
    }

    /// The tap beside a channel. One that cannot be had is done without.
    fn refresh_tap(&mut self, interface: InterfaceId, options: &ChannelOptions, groups: &[IpAddr]) {
        let Some(place) = self.interfaces.tap_mut(interface, options.family) else { return };
        let kept = place.take().filter(|tap| tap.index() == options.index && tap.hear(options.hears).is_ok());
        let small = ChannelOptions { receive_buffer: Some(TAP_BUFFER), ..*options };
        *place = kept.or_else(|| Channel::open(&small).ok());
        if let Some(tap) = place {
            let _ = groups.iter().try_for_each(|group| tap.join(*group));
        }
    }

    /// Raises and clears what the interface means to one router.
    fn refresh_router(&mut self, id: RouterId) {
        let Some(runtime) = self.routers.get(id) else {
            return;
        };
        let Some(family) = self.node.key(id).map(|key| key.family) else {
            return;
        };
        let number = runtime.interface.0;
        let is_owner = self.node.router(id).is_some_and(|router| router.config().is_owner());
        let link = self.interfaces.link(runtime.interface);
        let up = link.is_some_and(|link| link.up && link.running);
        let deaf = self.interfaces.channel(runtime.interface, family).is_none();
        let source = link.and_then(|link| source_on(link, runtime, family, is_owner));
        let holds = [
            (Ineligible::InterfaceAbsent(number), link.is_none()),
            (Ineligible::InterfaceDown(number), link.is_some() && !up && runtime.spec.track_interface),
            (Ineligible::NoSourceAddress(number), up && source.is_none()),
            (Ineligible::NoSocket(number), link.is_some() && deaf),
        ];
        if let Some(source) = source {
            self.handle(id, Input::Source(source));
        }
        let was_down = self.is_held_by(id, Ineligible::InterfaceDown(number))
            || self.is_held_by(id, Ineligible::InterfaceAbsent(number));
        if was_down && up {
            self.prick_ears(InterfaceId(number));
        }
        self.settle(id, &holds);
    }
}

/// The address that advertisements come from: the configured one, or the link's first that is not a virtual address,
/// or, for an address owner, one that is (RFC 9568 §7.2).
fn source_on(link: &LinkState, runtime: &Runtime, family: Family, is_owner: bool) -> Option<IpAddr> {
    let here = || link.sources.iter().filter(|source| Family::of(source.address) == family);
    if let Some(wanted) = runtime.spec.source {
        let present = here().any(|source| source.address == wanted);
        return (present || !runtime.spec.track_source).then_some(wanted);
    }
    let own = here().find(|source| !source.declared);
    let owned = || here().find(|_| is_owner);
    own.or_else(owned).map(|source| source.address)
}
