//! Listening to the kernel, and reading everything anew when something was missed.

use core::time::Duration;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::decode::{AddressNotice, Body, LinkNotice, Message};
use crate::encode::Request;
use crate::error::Death;
use crate::event::{Event, Resync};
use crate::key::Key;
use crate::present::Found;
use crate::socket::Heard;
use crate::trouble::Stolen;
use crate::wanted::EntryId;

use super::Worker;

/// How many datagrams are taken in before commands and repairs get their turn.
const PATIENCE: u32 = 512;
/// The least time between two listings of everything.
const RESYNC_PAUSE: Duration = Duration::from_millis(20);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

impl Worker {
    /// Takes in what the kernel has said.
    pub(super) fn listen(&mut self) -> Result<(), Death> {
        for _ in 0..PATIENCE {
            match self.monitor.listen().map_err(|source| Death::Socket { purpose: "monitoring", source })? {
                Heard::Silence => return Ok(()),
                Heard::Overrun => drop(self.resync.insert(Resync::Overrun)),
                Heard::Datagram => {
                    let messages: Vec<Message> = self.monitor.messages().collect();
                    messages.into_iter().for_each(|message| self.notice(message));
                }
            }
        }
        Ok(())
    }

    fn notice(&mut self, message: Message) {
        let own = message.port == self.requests.port();
        match message.body {
            Body::Link(notice) => self.link_seen(&notice),
            Body::LinkGone(index) => self.link_gone(index),
            Body::Address(notice) if own => self.own_address_seen(&notice),
            Body::Address(notice) => self.address_seen(&notice),
            Body::AddressGone(key) if own && self.added_since(&key, message.sequence) => {}
            Body::AddressGone(key) => self.address_gone(&key),
            Body::Acknowledged(_) | Body::Other => {}
        }
    }

    fn link_seen(&mut self, notice: &LinkNotice) {
        for name in self.links.update(notice).names {
            self.revisit(&name);
        }
    }

    fn link_gone(&mut self, index: u32) {
        let Some((name, reported)) = self.links.remove(index) else {
            return;
        };
        self.present.forget_link(index);
        for id in self.wanted.of_link(&name).collect::<Vec<_>>() {
            let Some(entry) = self.wanted.entry_mut(id) else { continue };
            entry.deserted = false;
            if entry.placed == index {
                entry.placed = 0;
                self.doubtful.insert(entry.address.address);
                self.stolen.remove(&id);
            }
        }
        self.revisit(&name);
        if reported {
            self.events.push(Event::LinkGone { name, index });
        }
    }

    /// Looks anew at everything declared for a link that came, went or was switched on or off.
    fn revisit(&mut self, name: &Arc<str>) {
        for id in self.wanted.of_link(name).collect::<Vec<_>>() {
            let Some(entry) = self.wanted.entry_mut(id) else {
                continue;
            };
            entry.deserted = false;
            if entry.wanted || entry.placed != 0 {
                self.refused.remove(&id);
                self.enqueue(id);
            }
        }
    }

    /// Takes in the echo of our own request: the model has it already, but not the flags.
    fn own_address_seen(&mut self, notice: &AddressNotice) {
        let Some(found) = self.present.find(&notice.key).copied() else {
            return;
        };
        if found.ours && notice.protocol.is_none() && !self.listed {
            tracing::info!("the kernel keeps no mark on addresses: a list stands in");
            self.listed = true;
            for (key, _) in self.present.iter().filter(|(_, found)| found.ours) {
                self.ledger.insert(*key);
            }
            self.save_ledger();
        }
        self.present.insert(notice.key, Found { flags: notice.flags, prefix: notice.prefix, ..found });
    }

    fn address_seen(&mut self, notice: &AddressNotice) {
        let marked = notice.protocol.is_some() && notice.protocol == self.options.protocol;
        let ours = marked || self.ledger.contains(&notice.key);
        let found = Found { prefix: notice.prefix, flags: notice.flags, ours, sequence: 0, order: 0 };
        self.present.insert(notice.key, found);
        self.links.note_address(notice.key, !ours);
        for id in self.wanted.of_address(notice.key.address).collect::<Vec<_>>() {
            self.doubtful.insert(notice.key.address);
            if self.wanted.entry(id).is_some_and(|entry| entry.wanted) {
                self.enqueue(id);
            }
        }
    }

    /// Whether a removal of ours is older than our latest addition of the same address.
    fn added_since(&self, key: &Key, removal: u32) -> bool {
        let addition = self.present.find(key).map_or(0, |found| found.sequence);
        addition != 0 && addition.wrapping_sub(removal) < u32::MAX / 2
    }

    fn address_gone(&mut self, key: &Key) {
        if self.present.remove(key).is_none() {
            return;
        }
        self.ledger.remove(key);
        self.links.note_address(*key, false);
        let now = Instant::now();
        for id in self.wanted.of_address(key.address).collect::<Vec<_>>() {
            self.doubtful.insert(key.address);
            self.lose(id, key, now);
        }
    }

    /// Notes that an entry's address was removed by somebody else.
    fn lose(&mut self, id: EntryId, key: &Key, now: Instant) {
        let up = self.links.is_up(key.index);
        let Some(entry) = self.wanted.entry_mut(id) else {
            return;
        };
        if entry.placed != key.index || Key::of(key.index, &entry.address) != *key {
            return;
        }
        entry.placed = 0;
        self.touched.insert(entry.owner);
        if !entry.wanted {
            self.enqueue(id);
        } else if key.address.is_ipv6() && !up {
            // The kernel's own doing; the address returns with the link.
        } else if !entry.address.tracked {
            entry.deserted = true;
        } else {
            let back = self.stolen.entry(id).or_insert_with(|| Stolen::new(now)).again(now);
            if back <= now {
                self.enqueue(id);
            } else {
                self.timers.insert((back, id));
            }
        }
    }

    /// Reads everything anew if that is called for and not too soon.
    pub(super) fn resync_when_due(&mut self) {
        let now = Instant::now();
        if self.resync.is_empty() || now < self.resync_not_before {
            return;
        }
        if let Err(error) = self.list_all() {
            tracing::warn!(%error, "cannot list links and addresses");
            self.resync.insert(Resync::Inconsistent);
            self.resync_not_before = now + PAUSE_AFTER_FAILURE;
            return;
        }
        let cost = now.elapsed();
        self.resync_not_before = now + cost + RESYNC_PAUSE.max(cost.saturating_mul(10));
    }

    /// Lists links and addresses and makes the model equal to them.
    pub(super) fn list_all(&mut self) -> io::Result<()> {
        // What was said before the listing is in the listing.
        for _ in 0..PATIENCE {
            if self.monitor.listen()? == Heard::Silence {
                break;
            }
        }
        let reasons = core::mem::take(&mut self.resync);
        let mut bodies = Vec::new();
        let links_whole = self.requests.list(Request::ListLinks, &mut bodies)?;
        self.take_links(&bodies);
        let addresses_whole = self.requests.list(Request::ListAddresses, &mut bodies)?;
        self.take_addresses(&bodies);
        if !links_whole || !addresses_whole {
            self.resync.insert(Resync::Inconsistent);
        }
        for id in self.wanted.ids() {
            if self.wanted.entry(id).is_some_and(|entry| entry.wanted || entry.placed != 0) {
                self.enqueue(id);
            }
        }
        self.resynced.extend(reasons);
        Ok(())
    }

    fn take_links(&mut self, bodies: &[Body]) {
        let mut seen = BTreeSet::new();
        for body in bodies {
            if let Body::Link(notice) = body {
                seen.insert(notice.index);
            }
        }
        for index in self.links.indexes() {
            if !seen.contains(&index) {
                self.link_gone(index);
            }
        }
        for body in bodies {
            if let Body::Link(notice) = body {
                self.link_seen(notice);
            }
        }
    }

    fn take_addresses(&mut self, bodies: &[Body]) {
        let mut seen = BTreeSet::new();
        for body in bodies {
            if let Body::Address(notice) = body {
                seen.insert(notice.key);
                self.address_seen(notice);
            }
        }
        let lost: Vec<Key> = self.present.iter().map(|(key, _)| *key).filter(|key| !seen.contains(key)).collect();
        for key in lost {
            self.address_gone(&key);
        }
    }
}
