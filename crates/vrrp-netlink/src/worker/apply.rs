//! From the queue to the kernel: goals, plan, requests, outcomes.

use std::time::Instant;

use nix::errno::Errno;

use crate::decode::Refusal;
use crate::encode::Request;
use crate::event::{Event, Resync};
use crate::key::Key;
use crate::plan::{Action, Goal, Step, plan};
use crate::present::{DADFAILED, Found, Present, SECONDARY};
use crate::socket::BATCH;
use crate::trouble::Refused;
use crate::wanted::{EntryId, Wanted};

use super::Worker;

impl Worker {
    /// Works off one batch of the queue.
    pub(super) fn work(&mut self) {
        let batch = self.next_batch();
        let mut goals = Vec::with_capacity(batch.len());
        for id in &batch {
            self.set_goals(*id, &mut goals);
        }
        let steps = plan(&goals, &self.present, self.options.take_adopted);
        let mut refusals = Vec::new();
        for (step, outcome) in self.carry_out(&steps) {
            refusals.extend(outcome.err().map(|refusal| (step.entry, refusal)));
        }
        let now = Instant::now();
        for (id, refusal) in refusals {
            self.note_refusal(id, refusal, now);
        }
        for id in batch {
            self.conclude(id, now);
        }
    }

    /// Takes entries from the queue. Primaries that go are put off until nothing else waits: each would have its
    /// secondaries promoted, one after another, and those may be going too.
    fn next_batch(&mut self) -> Vec<EntryId> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(id) = self.queue.pop_front() else { break };
            if self.is_primary_that_goes(id) { self.put_off.push_back(id) } else { batch.push(id) }
        }
        if batch.is_empty() {
            let count = self.put_off.len().min(BATCH);
            batch.extend(self.put_off.drain(..count));
        }
        batch
    }

    fn is_primary_that_goes(&self, id: EntryId) -> bool {
        let Some(entry) = self.wanted.entry(id).filter(|entry| !entry.wanted && entry.placed != 0) else {
            return false;
        };
        let key = Key::of(entry.placed, &entry.address);
        key.subnet().is_some() && self.present.find(&key).is_some_and(|found| found.ours && !found.has(SECONDARY))
    }

    /// Says what is to hold of an entry's address now.
    fn set_goals(&mut self, id: EntryId, goals: &mut Vec<Goal>) {
        let Some(entry) = self.wanted.entry_mut(id) else {
            return;
        };
        entry.queued = false;
        self.touched.insert(entry.owner);
        let Some(entry) = self.wanted.entry(id) else {
            return;
        };
        let index = self.links.index_of(&entry.address.link);
        if entry.placed != 0 && Some(entry.placed) != index {
            self.set_unwanted(id, Key::of(entry.placed, &entry.address), goals);
        }
        let Some(index) = index else { return };
        let key = Key::of(index, &entry.address);
        if !entry.wanted {
            self.set_unwanted(id, key, goals);
        } else if !entry.deserted && (key.address.is_ipv4() || self.links.is_up(index)) {
            // The kernel drops IPv6 addresses when a link goes down: they wait until it is up.
            goals.push(Goal { entry: id, key, wanted: true });
        }
    }

    fn set_unwanted(&self, id: EntryId, key: Key, goals: &mut Vec<Goal>) {
        if !self.wanted.claims(&key, &self.links) {
            goals.push(Goal { entry: id, key, wanted: false });
        }
    }

    /// Sends steps to the kernel and takes the outcomes into the model. What came out as it should,
    /// by whatever way, is `Ok`.
    pub(super) fn carry_out(&mut self, steps: &[Step]) -> Vec<(Step, Result<(), Refusal>)> {
        let mut results = Vec::with_capacity(steps.len());
        if self.listed && !steps.is_empty() {
            // Written before the kernel is asked: a crash in between must not orphan an address.
            let additions = steps.iter().filter(|step| step.action != Action::Remove);
            additions.for_each(|step| self.ledger.insert(step.key));
            self.save_ledger();
        }
        let spared = self.spare_secondaries(steps);
        for steps in steps.chunks(BATCH) {
            let (wanted, present) = (&self.wanted, &self.present);
            let protocol = self.options.protocol;
            let (steps, requests): (Vec<Step>, Vec<Request<'_>>) =
                steps.iter().filter_map(|step| Some((*step, request(step, wanted, present, protocol)?))).unzip();
            let outcomes = match self.requests.apply(&requests) {
                Ok(outcomes) => outcomes,
                Err(error) => {
                    let refusal = Refusal { errno: error.raw_os_error().unwrap_or(0), text: None };
                    steps.iter().map(|_| (0, Err(refusal.clone()))).collect()
                }
            };
            for (step, (sequence, outcome)) in steps.into_iter().zip(outcomes) {
                let outcome = self.take_in(&step, sequence, outcome);
                results.push((step, outcome));
            }
        }
        self.restore_secondaries(&spared);
        if self.listed {
            self.save_ledger();
        }
        results
    }

    fn take_in(&mut self, step: &Step, sequence: u32, outcome: Result<(), Refusal>) -> Result<(), Refusal> {
        let errno = outcome.as_ref().err().map_or(0, |refusal| refusal.errno);
        self.doubtful.insert(step.key.address);
        match (step.action, Errno::from_raw(errno)) {
            (Action::Add | Action::Take, _) if errno == 0 => {
                let entry = self.wanted.entry(step.entry);
                let prefix = entry.map_or(0, |entry| entry.address.effective_prefix());
                self.present.insert(step.key, Found { prefix, flags: 0, ours: true, sequence, order: 0 });
                self.links.note_address(step.key, false);
                Ok(())
            }
            (Action::Remove, Errno::EADDRNOTAVAIL | Errno::ENODEV) => self.gone(step),
            (Action::Remove, _) if errno == 0 => self.gone(step),
            (Action::Add, Errno::EEXIST) => {
                // Adopted if the model has it by now; else the model is behind.
                self.ledger.remove(&step.key);
                if self.present.find(&step.key).is_some() {
                    return Ok(());
                }
                self.resync.insert(Resync::Inconsistent);
                outcome
            }
            // The link has just gone; its notice is on the way.
            (Action::Add, Errno::ENODEV) => {
                self.ledger.remove(&step.key);
                Ok(())
            }
            (Action::Add, _) => {
                self.ledger.remove(&step.key);
                outcome
            }
            // Not ours then, but there.
            (Action::Take, _) => Ok(()),
            (Action::Remove, _) => outcome,
        }
    }

    fn gone(&mut self, step: &Step) -> Result<(), Refusal> {
        self.present.remove(&step.key);
        self.ledger.remove(&step.key);
        self.links.note_address(step.key, false);
        Ok(())
    }

    fn note_refusal(&mut self, id: EntryId, refusal: Refusal, now: Instant) {
        let Some(entry) = self.wanted.entry(id) else {
            return;
        };
        let refused = self.refused.entry(id).or_insert_with(|| Refused::new(now));
        let (retry, report) = refused.again(now, refusal.errno);
        self.timers.insert((retry, id));
        if let Some(report) = report {
            self.events.push(Event::Refused {
                owner: entry.owner,
                address: entry.address.address,
                link: entry.address.link.clone(),
                errno: refusal.errno,
                text: refusal.text,
                attempts: report.attempts,
                refused_for: report.refused_for,
            });
        }
    }

    /// Compares an entry with the model after its batch.
    fn conclude(&mut self, id: EntryId, now: Instant) {
        let Some(entry) = self.wanted.entry(id) else {
            return;
        };
        let index = self.links.index_of(&entry.address.link).unwrap_or(0);
        let key = Key::of(index, &entry.address);
        let found = self.present.find(&key).copied();
        self.doubtful.insert(key.address);
        let former = (entry.placed != 0 && entry.placed != index).then(|| Key::of(entry.placed, &entry.address));
        if former.is_some_and(|former| self.present.find(&former).is_none_or(|found| !found.ours)) {
            // The link it was on has another name now, or is gone.
            self.displace(id);
        }
        let Some(entry) = self.wanted.entry(id) else {
            return;
        };
        if entry.wanted {
            if found.is_some_and(|found| !found.has(DADFAILED)) && !entry.deserted {
                self.note_placed(id, index, now);
            }
        } else if !self.still_held(id, index) {
            self.note_released(id);
        }
    }

    /// Whether the kernel still holds an unwanted entry's address for us.
    fn still_held(&self, id: EntryId, index: u32) -> bool {
        let Some(entry) = self.wanted.entry(id) else {
            return false;
        };
        [entry.placed, index].into_iter().filter(|index| *index != 0).any(|index| {
            let key = Key::of(index, &entry.address);
            self.present.find(&key).is_some_and(|found| found.ours) && !self.wanted.claims(&key, &self.links)
        })
    }

    fn note_placed(&mut self, id: EntryId, index: u32, now: Instant) {
        self.refused.remove(&id);
        let Some(entry) = self.wanted.entry_mut(id) else {
            return;
        };
        let news = entry.placed != index;
        entry.placed = index;
        let owner = entry.owner;
        let stolen = self.stolen.get_mut(&id).filter(|stolen| stolen.is_missing());
        if let Some(stolen) = stolen {
            let report = stolen.restored(now);
            self.timers.extend(stolen.arrange_watch(now).map(|at| (at, id)));
            self.report_theft(id, report);
        } else if let Some(owner) = self.wanted.owner_mut(owner).filter(|_| news) {
            owner.owed = true;
        }
    }

    fn displace(&mut self, id: EntryId) {
        if let Some(entry) = self.wanted.entry_mut(id) {
            entry.placed = 0;
        }
    }

    fn note_released(&mut self, id: EntryId) {
        self.refused.remove(&id);
        self.stolen.remove(&id);
        let Some(entry) = self.wanted.entry_mut(id) else {
            return;
        };
        entry.placed = 0;
        if entry.retired {
            self.drop_entry(id);
        }
    }
}

fn request<'a>(step: &Step, wanted: &'a Wanted, present: &Present, protocol: Option<u8>) -> Option<Request<'a>> {
    let index = step.key.index;
    let address = || wanted.entry(step.entry).map(|entry| &entry.address);
    match step.action {
        Action::Add => Some(Request::Add { index, address: address()?, protocol }),
        Action::Take => Some(Request::Replace { index, address: address()?, protocol }),
        Action::Remove => {
            let prefix = present.find(&step.key)?.prefix;
            Some(Request::Remove { key: step.key, prefix })
        }
    }
}
