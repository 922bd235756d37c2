//! What the caller is told, and the bookkeeping of what it was told.

use core::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::address::OwnerId;
use crate::event::Event;
use crate::trouble::TheftReport;
use crate::wanted::{Entry, EntryId};

use super::Worker;

impl Worker {
    /// Reports what the last pass settled.
    pub(super) fn report(&mut self) {
        self.report_links();
        for id in core::mem::take(&mut self.touched) {
            self.answer(id);
        }
        for address in core::mem::take(&mut self.doubtful) {
            self.judge(address);
        }
        let resynced = core::mem::take(&mut self.resynced);
        self.events.extend(resynced.into_iter().map(|reason| Event::Resynced { reason }));
    }

    pub(super) fn report_links(&mut self) {
        let wanted = &self.wanted;
        let changes = self.links.changes(&self.present, |address| wanted.declares(address));
        self.events.extend(changes.into_iter().map(Event::Link));
    }

    /// Answers an owner if all that it asked for has been tried.
    fn answer(&mut self, id: OwnerId) {
        let Some(owner) = self.wanted.owner(id).filter(|owner| owner.owed) else {
            return;
        };
        let entries: Vec<&Entry> = owner.entries.iter().filter_map(|id| self.wanted.entry(*id)).collect();
        let (claimed, forgotten) = (owner.claimed, owner.forgotten);
        if entries.iter().any(|entry| entry.queued) {
            return;
        }
        if claimed {
            let missing = entries.iter().filter(|entry| entry.wanted && entry.placed == 0);
            let missing = missing.map(|entry| entry.address.address).collect();
            self.events.push(Event::Placed { owner: id, missing });
        } else if entries.iter().all(|entry| entry.placed == 0) {
            self.events.push(Event::Released { owner: id });
        } else {
            return;
        }
        if let Some(owner) = self.wanted.owner_mut(id) {
            owner.owed = false;
        }
        if forgotten {
            self.wanted.remove_owner(id);
        }
    }

    /// Finds out whether an address is here that its owner does not claim.
    fn judge(&mut self, address: IpAddr) {
        for id in self.wanted.of_address(address).collect::<Vec<_>>() {
            let Some(entry) = self.wanted.entry(id) else {
                continue;
            };
            let settled = !entry.wanted && !entry.retired && !entry.queued;
            let here = self
                .present
                .of(address)
                .filter(|_| settled)
                .filter(|(key, _)| !self.wanted.claims(key, &self.links))
                .find_map(|(key, found)| self.links.name_of(key.index).map(|link| (Arc::clone(link), found.ours)));
            let owner = entry.owner;
            match (entry.unwanted, here) {
                (false, Some((link, ours))) => {
                    self.events.push(Event::PresentUnwanted { owner, address, link, ours });
                    self.mark_unwanted(id, true);
                }
                (true, None) => {
                    self.events.push(Event::PresentUnwantedEnded { owner, address });
                    self.mark_unwanted(id, false);
                }
                (false, None) | (true, Some(_)) => {}
            }
        }
    }

    fn mark_unwanted(&mut self, id: EntryId, unwanted: bool) {
        if let Some(entry) = self.wanted.entry_mut(id) {
            entry.unwanted = unwanted;
        }
    }

    /// Drops an entry that the kernel does not hold for us.
    pub(super) fn drop_entry(&mut self, id: EntryId) {
        self.refused.remove(&id);
        self.stolen.remove(&id);
        let Some(entry) = self.wanted.remove(id) else {
            return;
        };
        if entry.unwanted {
            let (owner, address) = (entry.owner, entry.address.address);
            self.events.push(Event::PresentUnwantedEnded { owner, address });
        }
    }

    pub(super) fn report_theft(&mut self, id: EntryId, report: Option<TheftReport>) {
        if let (Some(report), Some(entry)) = (report, self.wanted.entry(id)) {
            self.events.push(Event::Restored {
                owner: entry.owner,
                address: entry.address.address,
                link: Arc::clone(&entry.address.link),
                missing_for: report.missing_for,
                times: report.times,
            });
        }
    }

    /// Reports what was held back of a thief, and forgets one that has been quiet.
    pub(super) fn watch_thief(&mut self, id: EntryId, at: Instant, now: Instant) {
        let Some(stolen) = self.stolen.get_mut(&id) else {
            return;
        };
        if !stolen.watched(at) {
            return;
        }
        let report = stolen.due(now);
        if stolen.over(now) {
            self.stolen.remove(&id);
        } else {
            self.timers.extend(stolen.arrange_watch(now).map(|at| (at, id)));
        }
        self.report_theft(id, report);
    }

    pub(super) fn save_ledger(&mut self) {
        if let Err(error) = self.ledger.save() {
            tracing::warn!(%error, "cannot write the list of our addresses");
        }
    }
}
