//! The links of this host, and what of them was reported.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::decode::LinkNotice;
use crate::event::{LinkState, SourceAddress};
use crate::key::Key;
use crate::present::{DADFAILED, Found, OPTIMISTIC, Present, SECONDARY, TENTATIVE};

const IFF_UP: u32 = 0x1;
const IFF_LOOPBACK: u32 = 0x8;
const IFF_RUNNING: u32 = 0x40;
const IFF_MULTICAST: u32 = 0x1000;

#[derive(Debug)]
struct Link {
    name: Arc<str>,
    flags: u32,
    mtu: u32,
    mac: Option<[u8; 6]>,
    /// Addresses that others put there.
    foreign: BTreeSet<Key>,
    reported: Option<LinkState>,
}

/// All links, by index and by name.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_index: BTreeMap<u32, Link>,
    by_name: HashMap<Arc<str>, u32>,
    /// Links whose state may differ from what was reported.
    stale: BTreeSet<u32>,
}

/// What a notice about a link changed for the addresses wanted on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Affected {
    /// Names under which a link came, went, or was switched on.
    pub(crate) names: Vec<Arc<str>>,
}

impl Links {
    pub(crate) fn index_of(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn name_of(&self, index: u32) -> Option<&Arc<str>> {
        self.by_index.get(&index).map(|link| &link.name)
    }

    pub(crate) fn is_up(&self, index: u32) -> bool {
        self.by_index.get(&index).is_some_and(|link| link.flags & IFF_UP != 0)
    }

    pub(crate) fn indexes(&self) -> Vec<u32> {
        self.by_index.keys().copied().collect()
    }

    /// Takes in what the kernel says of a link.
    pub(crate) fn update(&mut self, notice: &LinkNotice) -> Affected {
        let mut affected = Affected::default();
        self.stale.insert(notice.index);
        let old = self.by_index.get(&notice.index).map(|link| (Arc::clone(&link.name), link.flags));
        let name = match old {
            Some((name, flags)) if *name == *notice.name => {
                if flags & IFF_UP != notice.flags & IFF_UP {
                    affected.names.push(Arc::clone(&name));
                }
                name
            }
            Some((former, _)) => {
                self.forget_name(&former, notice.index);
                affected.names.push(former);
                self.learn_name(notice, &mut affected)
            }
            None => self.learn_name(notice, &mut affected),
        };
        let link = self.by_index.entry(notice.index).or_insert_with(|| Link {
            name: Arc::clone(&name),
            flags: 0,
            mtu: 0,
            mac: None,
            foreign: BTreeSet::new(),
            reported: None,
        });
        link.name = name;
        link.flags = notice.flags;
        link.mtu = notice.mtu;
        link.mac = notice.mac;
        affected
    }

    fn learn_name(&mut self, notice: &LinkNotice, affected: &mut Affected) -> Arc<str> {
        let name: Arc<str> = notice.name.as_str().into();
        self.by_name.insert(Arc::clone(&name), notice.index);
        affected.names.push(Arc::clone(&name));
        name
    }

    /// A name may already belong to another link when its former holder is heard of.
    fn forget_name(&mut self, name: &str, index: u32) {
        if self.by_name.get(name) == Some(&index) {
            self.by_name.remove(name);
        }
    }

    /// Takes out a link; tells its name and whether the caller has ever heard of it.
    pub(crate) fn remove(&mut self, index: u32) -> Option<(Arc<str>, bool)> {
        let link = self.by_index.remove(&index)?;
        self.forget_name(&link.name, index);
        self.stale.remove(&index);
        Some((link.name, link.reported.is_some()))
    }

    /// Notes an address that others put on a link, or that they took away.
    pub(crate) fn note_address(&mut self, key: Key, present_and_foreign: bool) {
        if let Some(link) = self.by_index.get_mut(&key.index) {
            let known = link.foreign.contains(&key);
            if present_and_foreign {
                link.foreign.insert(key);
            } else {
                link.foreign.remove(&key);
            }
            if known || present_and_foreign {
                self.stale.insert(key.index);
            }
        }
    }

    /// Marks a link whose report may depend on something that changed elsewhere.
    pub(crate) fn touch(&mut self, index: u32) {
        if self.by_index.contains_key(&index) {
            self.stale.insert(index);
        }
    }

    /// Lists the links whose state differs from what was reported last.
    pub(crate) fn changes(&mut self, present: &Present, declared: impl Fn(IpAddr) -> bool) -> Vec<LinkState> {
        let mut changes = Vec::new();
        for index in core::mem::take(&mut self.stale) {
            let Some(link) = self.by_index.get_mut(&index) else {
                continue;
            };
            let state = state(index, link, present, &declared);
            if link.reported.as_ref() != Some(&state) {
                link.reported = Some(state.clone());
                changes.push(state);
            }
        }
        changes
    }
}

fn state(index: u32, link: &Link, present: &Present, declared: &impl Fn(IpAddr) -> bool) -> LinkState {
    let mut sources: Vec<((bool, bool, u32), SourceAddress)> = link
        .foreign
        .iter()
        .filter_map(|key| present.find(key).map(|found| (key, found)))
        .filter(|(key, found)| usable(key.address, found))
        .map(|(key, found)| {
            let source = SourceAddress { address: key.address, prefix: found.prefix, declared: declared(key.address) };
            ((key.address.is_ipv6(), found.has(SECONDARY), found.order), source)
        })
        .collect();
    sources.sort_by_key(|(order, _)| *order);
    LinkState {
        name: Arc::clone(&link.name),
        index,
        mac: link.mac,
        mtu: link.mtu,
        up: link.flags & IFF_UP != 0,
        running: link.flags & IFF_RUNNING != 0,
        multicast: link.flags & IFF_MULTICAST != 0,
        loopback: link.flags & IFF_LOOPBACK != 0,
        sources: sources.into_iter().map(|(_, source)| source).collect(),
    }
}

/// Whether an address can be the source of what we send: any IPv4, a settled IPv6 link-local.
fn usable(address: IpAddr, found: &Found) -> bool {
    match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => {
            let tentative = found.has(TENTATIVE) && !found.has(OPTIMISTIC);
            address.is_unicast_link_local() && !tentative && !found.has(DADFAILED)
        }
    }
}

#[cfg(test)]
mod tests;
