//! Carrying out the caller's commands: they change what is wanted; the queue does the rest.

use core::net::IpAddr;
use std::collections::HashMap;
use std::sync::mpsc::TryRecvError;

use crate::address::{Address, OwnerId};
use crate::command::Command;
use crate::event::{Event, Resync};
use crate::key::Key;
use crate::plan::{Action, Step};
use crate::present::SECONDARY;
use crate::wanted::EntryId;

use super::Worker;

impl Worker {
    /// Takes all commands there are; `false` once there will be no more.
    pub(super) fn obey(&mut self) -> bool {
        // An error says that nobody woke us.
        let _ = self.wake.read();
        loop {
            match self.commands.try_recv() {
                Ok(batch) => batch.into_iter().for_each(|command| self.command(command)),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Declare(owner, addresses) => self.declare(owner, addresses),
            Command::Claim(owner) => self.claim(owner, true),
            Command::Release(owner) => self.claim(owner, false),
            Command::Forget(owner) => self.forget(owner),
            Command::Sweep => self.sweep(),
            Command::RemoveLeftovers(owner) => self.remove_leftovers(owner),
            Command::Resync => drop(self.resync.insert(Resync::Asked)),
        }
    }

    fn declare(&mut self, id: OwnerId, addresses: Vec<Address>) {
        let owner = self.wanted.owner_or_new(id);
        owner.forgotten = false;
        owner.owed = owner.owed || owner.claimed;
        let claimed = owner.claimed;
        let mut former: HashMap<IpAddr, Vec<EntryId>> = HashMap::new();
        for entry in owner.entries.clone() {
            if let Some(known) = self.wanted.entry(entry).filter(|entry| !entry.retired) {
                former.entry(known.address.address).or_default().push(entry);
            }
        }
        let mut fresh = Vec::new();
        for address in addresses {
            let same = |entry: &EntryId| self.wanted.entry(*entry).is_some_and(|entry| entry.address == address);
            let kept = former
                .get_mut(&address.address)
                .and_then(|entries| entries.iter().position(same).map(|place| entries.swap_remove(place)));
            if kept.is_none() {
                fresh.push(address);
            }
        }
        for entry in former.into_values().flatten() {
            self.retire(entry);
        }
        for address in fresh {
            self.stir(address.address);
            let entry = self.wanted.insert(id, address, claimed);
            if claimed {
                self.make_room(entry);
                self.enqueue(entry);
            }
        }
        self.touched.insert(id);
    }

    fn claim(&mut self, id: OwnerId, claimed: bool) {
        let owner = self.wanted.owner_or_new(id);
        owner.claimed = claimed;
        owner.owed = true;
        for entry in owner.entries.clone() {
            let Some(known) = self.wanted.entry_mut(entry).filter(|entry| !entry.retired) else {
                continue;
            };
            known.wanted = claimed;
            known.deserted = false;
            let address = known.address.address;
            self.doubtful.insert(address);
            self.refused.remove(&entry);
            self.enqueue(entry);
        }
        self.touched.insert(id);
    }

    fn forget(&mut self, id: OwnerId) {
        let owner = self.wanted.owner_or_new(id);
        owner.claimed = false;
        owner.forgotten = true;
        owner.owed = true;
        for entry in owner.entries.clone() {
            self.retire(entry);
        }
        self.touched.insert(id);
    }

    /// Declares an entry no longer; it goes at once unless the kernel holds it for us.
    fn retire(&mut self, id: EntryId) {
        let Some(entry) = self.wanted.entry_mut(id) else {
            return;
        };
        entry.retired = true;
        entry.wanted = false;
        let (address, held) = (entry.address.address, entry.placed != 0);
        self.stir(address);
        if held {
            self.enqueue(id);
        } else {
            self.drop_entry(id);
        }
    }

    /// Notes that what is declared of an address changes.
    fn stir(&mut self, address: IpAddr) {
        self.doubtful.insert(address);
        for (key, _) in self.present.of(address) {
            self.links.touch(key.index);
        }
    }

    /// Removes a retired address that has the same key as its successor but looks different: the
    /// kernel would take the successor for the same address.
    fn make_room(&mut self, successor: EntryId) {
        let Some(entry) = self.wanted.entry(successor) else {
            return;
        };
        let Some(index) = self.links.index_of(&entry.address.link) else {
            return;
        };
        let key = Key::of(index, &entry.address);
        let owner = entry.owner;
        let ours = self.present.find(&key).is_some_and(|found| found.ours);
        let retired = self.wanted.of_address(key.address).filter_map(|id| self.wanted.entry(id)).any(|other| {
            other.retired && other.owner == owner && other.placed == index && Key::of(index, &other.address) == key
        });
        if ours && retired {
            self.remove_now(&[key]);
        }
    }

    fn sweep(&mut self) {
        let leftovers: Vec<Key> = self
            .present
            .iter()
            .filter(|(key, found)| found.ours && !self.wanted.claims(key, &self.links))
            .map(|(key, _)| *key)
            .collect();
        let (removed, failed) = self.remove_now(&leftovers);
        self.events.push(Event::Swept { removed, failed });
    }

    fn remove_leftovers(&mut self, id: OwnerId) {
        let entries = self.wanted.owner(id).map(|owner| owner.entries.clone()).unwrap_or_default();
        let mut leftovers = Vec::new();
        for entry in entries.into_iter().filter_map(|entry| self.wanted.entry(entry)) {
            let index = self.links.index_of(&entry.address.link);
            let there = self.present.of(entry.address.address).map(|(key, _)| *key);
            leftovers.extend(there.filter(|key| Some(key.index) == index && !self.wanted.claims(key, &self.links)));
        }
        let (removed, failed) = self.remove_now(&leftovers);
        self.events.push(Event::Swept { removed, failed });
    }

    /// Removes addresses that belong to no entry, secondaries first; tells how many went and how many did not.
    fn remove_now(&mut self, keys: &[Key]) -> (u32, u32) {
        let is_primary = |key: &&Key| self.present.find(key).is_none_or(|found| !found.has(SECONDARY));
        let (primaries, secondaries): (Vec<&Key>, Vec<&Key>) = keys.iter().partition(is_primary);
        let steps: Vec<Step> = secondaries
            .into_iter()
            .chain(primaries)
            .map(|key| Step { entry: EntryId::MAX, key: *key, action: Action::Remove })
            .collect();
        let (mut removed, mut failed) = (0, 0);
        for (step, outcome) in self.carry_out(&steps) {
            match outcome {
                Ok(()) => removed += 1,
                Err(refusal) => {
                    failed += 1;
                    tracing::warn!(address = %step.key.address, errno = refusal.errno, "cannot remove");
                }
            }
        }
        (removed, failed)
    }
}
