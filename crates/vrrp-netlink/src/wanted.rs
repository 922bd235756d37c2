//! What the owners declare and claim.

use core::net::IpAddr;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::address::{Address, OwnerId};
use crate::key::Key;
use crate::links::Links;

/// Names one declared address of one owner.
pub(crate) type EntryId = u32;

/// A declared address.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) address: Address,
    pub(crate) owner: OwnerId,
    /// The index of the link on which the kernel holds it for us; 0 while it does not.
    pub(crate) placed: u32,
    pub(crate) wanted: bool,
    /// No longer declared; goes when the kernel has let go of it.
    pub(crate) retired: bool,
    /// Waits in the queue of work.
    pub(crate) queued: bool,
    /// Somebody removed it, and it is not tracked.
    pub(crate) deserted: bool,
    /// It was reported as present though unwanted.
    pub(crate) unwanted: bool,
}

/// An owner and how far what it asked for was carried out.
#[derive(Debug, Default)]
pub(crate) struct Owner {
    pub(crate) entries: Vec<EntryId>,
    pub(crate) claimed: bool,
    pub(crate) forgotten: bool,
    /// An answer ([`Event::Placed`](crate::Event::Placed) or `Released`) is due when all is done.
    pub(crate) owed: bool,
}

/// All declared addresses with the ways to find them.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    entries: Vec<Option<Entry>>,
    free: Vec<EntryId>,
    owners: HashMap<OwnerId, Owner>,
    by_address: BTreeSet<(IpAddr, EntryId)>,
    by_link: HashMap<Arc<str>, BTreeSet<EntryId>>,
}

impl Wanted {
    pub(crate) fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(usize::try_from(id).ok()?)?.as_ref()
    }

    pub(crate) fn entry_mut(&mut self, id: EntryId) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(id).ok()?)?.as_mut()
    }

    pub(crate) fn owner(&self, id: OwnerId) -> Option<&Owner> {
        self.owners.get(&id)
    }

    pub(crate) fn owner_mut(&mut self, id: OwnerId) -> Option<&mut Owner> {
        self.owners.get_mut(&id)
    }

    pub(crate) fn owner_or_new(&mut self, id: OwnerId) -> &mut Owner {
        self.owners.entry(id).or_default()
    }

    pub(crate) fn remove_owner(&mut self, id: OwnerId) {
        self.owners.remove(&id);
    }

    pub(crate) fn ids(&self) -> Vec<EntryId> {
        self.owners.values().flat_map(|owner| owner.entries.iter().copied()).collect()
    }

    /// Lists who declares an address.
    pub(crate) fn of_address(&self, address: IpAddr) -> impl Iterator<Item = EntryId> {
        self.by_address.range((address, 0)..=(address, EntryId::MAX)).map(|(_, id)| *id)
    }

    /// Lists what is declared for a link.
    pub(crate) fn of_link(&self, name: &str) -> impl Iterator<Item = EntryId> {
        self.by_link.get(name).into_iter().flatten().copied()
    }

    /// Whether an address is declared by anybody.
    pub(crate) fn declares(&self, address: IpAddr) -> bool {
        self.of_address(address).next().is_some()
    }

    /// Whether anybody claims exactly this address of the kernel.
    pub(crate) fn claims(&self, key: &Key, links: &Links) -> bool {
        self.of_address(key.address).filter_map(|id| self.entry(id)).any(|entry| {
            let index = links.index_of(&entry.address.link);
            entry.wanted && index == Some(key.index) && Key::of(key.index, &entry.address) == *key
        })
    }

    /// Adds a declared address to an owner; the link's name is shared with those already known.
    pub(crate) fn insert(&mut self, owner: OwnerId, mut address: Address, wanted: bool) -> EntryId {
        if let Some((name, _)) = self.by_link.get_key_value(&address.link) {
            address.link = Arc::clone(name);
        }
        let entry = Entry {
            address,
            owner,
            placed: 0,
            wanted,
            retired: false,
            queued: false,
            deserted: false,
            unwanted: false,
        };
        let (ip, link) = (entry.address.address, Arc::clone(&entry.address.link));
        let id = match self.free.pop() {
            Some(id) => id,
            None => {
                self.entries.push(None);
                EntryId::try_from(self.entries.len() - 1).unwrap_or(EntryId::MAX)
            }
        };
        if let Some(slot) = usize::try_from(id).ok().and_then(|place| self.entries.get_mut(place)) {
            *slot = Some(entry);
        }
        self.by_address.insert((ip, id));
        self.by_link.entry(link).or_default().insert(id);
        self.owner_or_new(owner).entries.push(id);
        id
    }

    /// Drops an entry.
    pub(crate) fn remove(&mut self, id: EntryId) -> Option<Entry> {
        let slot = usize::try_from(id).ok().and_then(|place| self.entries.get_mut(place))?;
        let entry = slot.take()?;
        self.free.push(id);
        self.by_address.remove(&(entry.address.address, id));
        if let Some(ids) = self.by_link.get_mut(&entry.address.link) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_link.remove(&entry.address.link);
            }
        }
        if let Some(owner) = self.owners.get_mut(&entry.owner) {
            owner.entries.retain(|other| *other != id);
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests;
