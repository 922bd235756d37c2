//! The model of what the kernel holds.

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::key::Key;

pub(crate) const TENTATIVE: u32 = 0x40;
pub(crate) const DADFAILED: u32 = 0x08;
pub(crate) const SECONDARY: u32 = 0x01;
pub(crate) const OPTIMISTIC: u32 = 0x04;

/// An address that is in the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The length of its prefix in bits, also where the key leaves it out.
    pub(crate) prefix: u8,
    /// `IFA_F_*`.
    pub(crate) flags: u32,
    /// Whether it carries our mark.
    pub(crate) ours: bool,
    /// The sequence number of the request by which we added it, 0 if we did not.
    pub(crate) sequence: u32,
    /// The place in the order of arrival.
    pub(crate) order: u32,
}

impl Found {
    pub(crate) const fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// All addresses in the kernel.
#[derive(Debug, Default, Clone)]
pub(crate) struct Present {
    addresses: BTreeMap<Key, Found>,
    arrivals: u32,
}

impl Present {
    pub(crate) fn find(&self, key: &Key) -> Option<&Found> {
        self.addresses.get(key)
    }

    /// Puts an address in; one that was there keeps its place unless it was a secondary.
    pub(crate) fn insert(&mut self, key: Key, mut found: Found) {
        self.arrivals = self.arrivals.wrapping_add(1);
        found.order = self.arrivals;
        if let Some(old) = self.addresses.get(&key) {
            if old.has(SECONDARY) == found.has(SECONDARY) {
                found.order = old.order;
            }
            if found.sequence == 0 && found.ours {
                found.sequence = old.sequence;
            }
        }
        self.addresses.insert(key, found);
    }

    pub(crate) fn remove(&mut self, key: &Key) -> Option<Found> {
        self.addresses.remove(key)
    }

    /// Takes out all addresses of a link.
    pub(crate) fn forget_link(&mut self, index: u32) {
        self.addresses.retain(|key, _| key.index != index);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Found)> {
        self.addresses.iter()
    }

    /// Lists where an address is, on whatever link.
    pub(crate) fn of(&self, address: IpAddr) -> impl Iterator<Item = (&Key, &Found)> {
        self.addresses.range(Key::first(address)..=Key::last(address))
    }
}

#[cfg(test)]
mod tests;
