//! A new configuration against the running one: what is the same is not touched.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vrrp_core::{Input, InterfaceId, Key, RouterId, Stop};
use vrrp_netlink::{Address, Command};

use super::Engine;
use super::routers::{owner, split};
use crate::error::StartError;
use crate::event::What;
use crate::router::Router;
use crate::sys;

impl Engine {
    /// Brings the node to the new set of virtual routers, or leaves everything as it is.
    ///
    /// A router is the same one when interface, family and VRID are; the name is a label.
    pub(super) fn reload(&mut self, routers: Vec<Router>) -> Result<(), StartError> {
        if self.stopping.is_some() {
            // What is started now would be left behind with its addresses.
            return Err(StartError::Engine);
        }
        sys::allow_descriptors(routers.len());
        let key = |engine: &mut Self, router: &Router| Key {
            interface: engine.interfaces.id(&router.interface),
            family: router.family(),
            vrid: router.protocol.vrid,
        };
        let mut keys = BTreeSet::new();
        let mut wanted: Vec<(Key, Router)> = Vec::new();
        for router in routers {
            let key = key(self, &router);
            if !keys.insert(key) {
                let (interface, vrid) = (Arc::clone(&router.interface), key.vrid);
                return Err(StartError::Twice { router: router.name, interface, vrid });
            }
            wanted.push((key, router));
        }
        let (known, new): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(key, _)| self.node.find(key).is_some());
        let stays = |id: &RouterId| self.node.key(*id).is_some_and(|key| keys.contains(&key));
        let gone: Vec<RouterId> = self.node.routers().map(|(id, _)| id).filter(|id| !stays(id)).collect();
        let new: Vec<Router> = new.into_iter().map(|(_, router)| router).collect();
        let ids = self.enlist(new)?;

        let removed = count(gone.len());
        gone.into_iter().for_each(|id| self.retire(id));
        let changed = known.into_iter().filter_map(|(key, router)| self.change(key, router).then_some(())).count();
        if !ids.is_empty() || removed > 0 {
            self.open_run_file();
        }
        let added = count(ids.len());
        self.form_groups();
        self.forget_checks();
        self.refresh_all();
        for id in ids {
            self.launch(id, Input::Startup, Duration::ZERO);
        }
        self.configured = crate::clock::now();
        self.tell_all(What::Reloaded { added, removed, changed: count(changed) });
        Ok(())
    }

    /// Takes a virtual router out: priority 0 and release, if it was Active.
    fn retire(&mut self, id: RouterId) {
        self.handle(id, Input::Shutdown(Stop::Now));
        self.commands.push(Command::Forget(owner(id)));
        self.flush();
        self.announcements.cancel(id);
        self.held.retain(|(_, held, _)| *held != id);
        self.node.remove(id);
        self.routers.remove(id);
        self.records.end(id);
        self.forget_takeover(id);
        self.forget_drain(id);
    }

    /// Gives a virtual router its new configuration; says whether anything differed.
    fn change(&mut self, key: Key, router: Router) -> bool {
        let Some(id) = self.node.find(&key) else {
            return false;
        };
        let Some(runtime) = self.routers.get_mut(id) else {
            return false;
        };
        let (protocol, spec) = split(router, &mut self.checks);
        let protocol_differs = self.node.router(id).is_some_and(|router| *router.config() != protocol);
        if runtime.spec == spec && !protocol_differs {
            return false;
        }
        let addresses_differ = runtime.spec.addresses != spec.addresses;
        let former = core::mem::replace(&mut runtime.spec, spec);
        if addresses_differ {
            // What is new is announced only once the kernel has it.
            let in_place =
                |address: &&Address| former.addresses.contains(*address) && !runtime.missing.contains(&address.address);
            let missing = runtime.spec.addresses.iter().filter(|address| !in_place(address));
            runtime.missing = missing.map(|address| address.address).collect();
            self.commands.push(Command::Declare(owner(id), runtime.spec.addresses.to_vec()));
        }
        let outputs = self.node.reconfigure(crate::clock::now(), id, protocol);
        self.perform(id, outputs);
        self.apply_checks_to(id);
        self.judge_configuration(id);
        true
    }

    /// Gives the core the sync groups that the routers name, each with its members in the order of their VRIDs.
    pub(super) fn form_groups(&mut self) {
        let mut groups: BTreeMap<Arc<str>, Vec<RouterId>> = BTreeMap::new();
        for (id, runtime) in self.routers.iter() {
            if let Some(group) = &runtime.spec.group {
                groups.entry(Arc::clone(group)).or_default().push(id);
            }
        }
        // The first decides ties, and has to be the same one on every host, whatever the order of its file.
        let rank = |id: &RouterId| self.node.key(*id).map(|key| (key.vrid.get(), key.family, *id));
        groups.values_mut().for_each(|members| members.sort_by_key(rank));
        self.node.group(groups.into_values());
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
