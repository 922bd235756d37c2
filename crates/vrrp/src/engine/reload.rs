//! A new configuration against the running one: what is the same is not touched.

use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Ineligible, Input, InterfaceId, Key, RouterId, Stop};
use vrrp_netlink::Command;

use super::Engine;
use super::routers::{owner, split};
use crate::error::StartError;
use crate::event::What;
use crate::router::Router;

impl Engine {
    /// Brings the node to the new set of virtual routers, or leaves everything as it is.
    ///
    /// A router is the same one when interface, family and VRID are; the name is a label.
    pub(super) fn reload(&mut self, routers: Vec<Router>) -> Result<(), StartError> {
        let key = |engine: &mut Self, router: &Router| Key {
            interface: engine.interfaces.id(&router.interface),
            family: router.family(),
            vrid: router.protocol.vrid,
        };
        let mut wanted: Vec<(Key, Router)> = Vec::new();
        for router in routers {
            let key = key(self, &router);
            if wanted.iter().any(|(taken, _)| *taken == key) {
                let (interface, vrid) = (Arc::clone(&router.interface), key.vrid);
                return Err(StartError::Twice { router: router.name, interface, vrid });
            }
            wanted.push((key, router));
        }
        let (known, new): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(key, _)| self.node.find(key).is_some());
        let stays = |id: &RouterId| known.iter().any(|(key, _)| self.node.find(key) == Some(*id));
        let gone: Vec<RouterId> = self.node.routers().map(|(id, _)| id).filter(|id| !stays(id)).collect();
        let new: Vec<Router> = new.into_iter().map(|(_, router)| router).collect();
        let ids = self.enlist(new)?;

        let removed = count(gone.len());
        gone.into_iter().for_each(|id| self.retire(id));
        let changed = known.into_iter().filter(|(key, _)| self.node.find(key).is_some());
        let changed: Vec<_> = changed.collect();
        let changed = changed.into_iter().filter_map(|(key, router)| self.change(key, router).then_some(())).count();
        if !ids.is_empty() || removed > 0 {
            self.open_run_file();
        }
        let added = count(ids.len());
        self.refresh_all();
        for id in ids {
            self.launch(id, Input::Startup, Duration::ZERO);
        }
        self.tell_all(What::Reloaded { added, removed, changed: count(changed) });
        Ok(())
    }

    /// Takes a virtual router out: priority 0 and release, if it was Active.
    fn retire(&mut self, id: RouterId) {
        self.handle(id, Input::Shutdown(Stop::Now));
        self.flush();
        self.commands.push(Command::Forget(owner(id)));
        self.flush();
        self.announcements.cancel(id);
        self.held.retain(|(_, held, _)| *held != id);
        self.node.remove(id);
        self.routers.remove(id);
    }

    /// Gives a virtual router its new configuration; says whether anything differed.
    fn change(&mut self, key: Key, router: Router) -> bool {
        let Some(id) = self.node.find(&key) else {
            return false;
        };
        let Some(runtime) = self.routers.get_mut(id) else {
            return false;
        };
        let (protocol, spec) = split(router);
        let protocol_differs = self.node.router(id).is_some_and(|router| *router.config() != protocol);
        if runtime.spec == spec && !protocol_differs {
            return false;
        }
        let addresses_differ = runtime.spec.addresses != spec.addresses;
        let quarantine = (runtime.spec.quarantined, spec.quarantined);
        runtime.spec = spec;
        if addresses_differ {
            let addresses = runtime.spec.addresses.to_vec();
            self.commands.push(Command::Declare(owner(id), addresses));
        }
        let outputs = self.node.reconfigure(crate::clock::now(), id, protocol);
        self.perform(id, outputs);
        match quarantine {
            (false, true) => self.raise(id, Ineligible::Configuration),
            (true, false) => self.clear(id, Ineligible::Configuration),
            (true, true) | (false, false) => {}
        }
        true
    }

    /// Sockets, groups, filters and causes of every interface, after the set of routers changed.
    pub(super) fn refresh_all(&mut self) {
        let interfaces: Vec<InterfaceId> = self.interfaces.ids().collect();
        interfaces.into_iter().for_each(|interface| self.refresh_interface(interface));
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
