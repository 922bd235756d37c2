mod group;

use alloc::collections::{BTreeMap, BinaryHeap, VecDeque};
use alloc::vec::Vec;
use core::cmp::Reverse;

use vrrp_wire::{Family, Vrid, peek_vrid};

use crate::receive::{self, Datagram};
use crate::{Config, Input, Instant, Outputs, Received, Reject, VirtualRouter};
use group::{Group, Standing};

/// An interface, by a number that the driver chose; it stays the same when the kernel's index changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceId(pub u32);

/// What tells the virtual routers of one host apart (RFC 9568 §5.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The interface the protocol runs on.
    pub interface: InterfaceId,
    /// IPv4 and IPv6 are separate protocols with separate VRIDs.
    pub family: Family,
    /// The Virtual Router Identifier.
    pub vrid: Vrid,
}

/// One virtual router of a [`Node`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouterId(u32);

/// A [`Node`] already has a virtual router of this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupied(pub RouterId);

/// All virtual routers of one host: finds the one a packet is for, and the one whose deadline is next.
///
/// The driver's contract is that of [`VirtualRouter`]: perform the orders in their sequence, hand in what was received
/// before a deadline first, call [`Node::expire`] until it gives nothing once [`Node::next_timeout`] has come.
#[derive(Debug, Clone, Default)]
pub struct Node {
    slots: Vec<Option<Slot>>,
    /// By [`Key::packed`].
    keys: BTreeMap<u64, RouterId>,
    /// One live entry for each router with a deadline. It may lie before the router's real deadline, never after:
    /// a Backup's timer is pushed back by every advertisement, and moving the entry each time would cost more than
    /// one idle wake-up.
    deadlines: BinaryHeap<Reverse<(Instant, RouterId)>>,
    groups: Vec<Group>,
    /// What members of sync groups have to take in from each other, due at once.
    pulls: VecDeque<(RouterId, Input)>,
    clock: Instant,
}

/// What became of a packet that [`Node::receive`] took.
#[derive(Debug, Clone, Copy)]
#[must_use = "the orders must be performed, whatever the verdict"]
pub struct Receipt {
    /// The virtual router it was for, if there is one.
    pub router: Option<RouterId>,
    /// What it said, or why it was discarded.
    pub verdict: Result<Received, Reject>,
    /// What must now be done.
    pub outputs: Outputs,
}

#[derive(Debug, Clone)]
struct Slot {
    key: Key,
    router: VirtualRouter,
    /// The moment of its live entry in the heap.
    armed: Option<Instant>,
    /// Its sync group.
    group: Option<usize>,
}

impl Key {
    /// One number that sorts as the key does: compared once where the key would be compared three times.
    const fn packed(self) -> u64 {
        let family = match self.family {
            Family::V4 => 0,
            Family::V6 => 1,
        };
        (self.interface.0 as u64) << 16 | family << 8 | self.vrid.get() as u64
    }
}

impl RouterId {
    /// The router of this dense number.
    pub const fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// A dense number, for the driver's own tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Node {
    /// A host without virtual routers.
    pub const fn new() -> Self {
        Self {
            slots: Vec::new(),
            keys: BTreeMap::new(),
            deadlines: BinaryHeap::new(),
            groups: Vec::new(),
            pulls: VecDeque::new(),
            clock: Instant::ORIGIN,
        }
    }

    /// Adds a virtual router in Initialize.
    ///
    /// # Errors
    /// [`Occupied`] when there is one with this interface, family and VRID.
    pub fn insert(&mut self, interface: InterfaceId, config: Config) -> Result<RouterId, Occupied> {
        let key = Key { interface, family: config.family(), vrid: config.vrid };
        if let Some(&occupant) = self.keys.get(&key.packed()) {
            return Err(Occupied(occupant));
        }
        let index = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        let id = RouterId(u32::try_from(index).unwrap_or(u32::MAX));
        let [.., last] = interface.0.to_be_bytes();
        let spread = u16::from_be_bytes([last, key.vrid.get()]);
        let slot = Some(Slot { key, router: VirtualRouter::new(config, spread), armed: None, group: None });
        match self.slots.get_mut(index) {
            Some(place) => *place = slot,
            None => self.slots.push(slot),
        }
        self.keys.insert(key.packed(), id);
        Ok(id)
    }

    /// Takes a virtual router out; shut it down first. Its number may be given to another.
    pub fn remove(&mut self, id: RouterId) -> Option<VirtualRouter> {
        let slot = self.slots.get_mut(id.index())?.take()?;
        self.keys.remove(&slot.key.packed());
        self.pulls.retain(|(pulled, _)| *pulled != id);
        if let Some(group) = slot.group {
            self.leave_group(id, group);
        }
        Some(slot.router)
    }

    /// The virtual router of this number.
    pub fn router(&self, id: RouterId) -> Option<&VirtualRouter> {
        self.slot(id).map(|slot| &slot.router)
    }

    fn slot(&self, id: RouterId) -> Option<&Slot> {
        self.slots.get(id.index())?.as_ref()
    }

    fn slot_mut(&mut self, id: RouterId) -> Option<&mut Slot> {
        self.slots.get_mut(id.index())?.as_mut()
    }

    /// The key of a virtual router.
    pub fn key(&self, id: RouterId) -> Option<Key> {
        self.slot(id).map(|slot| slot.key)
    }

    /// The virtual router of this key.
    pub fn find(&self, key: &Key) -> Option<RouterId> {
        self.keys.get(&key.packed()).copied()
    }

    /// All virtual routers, in the order of their keys.
    pub fn routers(&self) -> impl Iterator<Item = (RouterId, &VirtualRouter)> + '_ {
        self.keys.values().filter_map(|&id| self.router(id).map(|router| (id, router)))
    }

    /// Hands one input to one virtual router. Nothing happens when there is none of this number.
    pub fn handle(&mut self, now: Instant, id: RouterId, input: Input) -> Outputs {
        let now = self.advance(now);
        let mut out = Outputs::new();
        if input == Input::Resume {
            self.lift_pending(id);
            self.hold_down(id, now, &mut out);
        }
        self.with(id, &mut out, |router, out| router.handle_into(now, input, out));
        out
    }

    /// Gives one virtual router a new configuration; key and state stay.
    pub fn reconfigure(&mut self, now: Instant, id: RouterId, config: Config) -> Outputs {
        let now = self.advance(now);
        let mut out = Outputs::new();
        self.with(id, &mut out, |router, out| *out = router.reconfigure(now, config));
        out
    }

    /// Finds the virtual router that a packet is for, checks the packet (RFC 9568 §7.1) and hands it in.
    ///
    /// A discarded packet is counted by its router, which sees it as evidence of another speaker.
    pub fn receive(&mut self, now: Instant, interface: InterfaceId, datagram: &Datagram<'_>) -> Receipt {
        let now = self.advance(now);
        let router = self.addressee(interface, datagram);
        let mut receipt = Receipt { router, verdict: Err(Reject::UnknownVrid), outputs: Outputs::new() };
        let Some(id) = router else {
            return receipt;
        };
        self.settle_tie(id, now);
        let verdict = &mut receipt.verdict;
        self.with(id, &mut receipt.outputs, |router, out| {
            *verdict = router.check(datagram);
            let input = match *verdict {
                Ok(received) => Input::Advertisement(received),
                Err(reject) => Input::Rejected(datagram.source, reject),
            };
            router.handle_into(now, input, out);
        });
        if receipt.verdict.is_ok() {
            self.note_heard(id, now);
        }
        receipt
    }

    /// No deadline lies before this moment; waking then and finding nothing to do is normal.
    pub fn next_timeout(&self) -> Option<Instant> {
        if !self.pulls.is_empty() {
            return Some(self.clock);
        }
        self.deadlines.peek().map(|Reverse((moment, _))| *moment)
    }

    /// The exact moment of the next deadline. Looks up, once each, the routers whose deadlines moved since; that is less
    /// than a wake-up for nothing.
    pub fn exact_timeout(&mut self) -> Option<Instant> {
        if !self.pulls.is_empty() {
            return Some(self.clock);
        }
        loop {
            let Reverse((moment, id)) = *self.deadlines.peek()?;
            let Some(slot) =
                self.slots.get_mut(id.index()).and_then(Option::as_mut).filter(|slot| slot.armed == Some(moment))
            else {
                self.deadlines.pop();
                continue;
            };
            match slot.router.next_timeout() {
                Some((deadline, _)) if deadline <= moment => return Some(moment),
                Some((deadline, _)) => {
                    slot.armed = Some(deadline);
                    self.deadlines.pop();
                    self.deadlines.push(Reverse((deadline, id)));
                }
                None => {
                    slot.armed = None;
                    self.deadlines.pop();
                }
            }
        }
    }

    /// Takes one virtual router whose deadline has come by `now` and gives its orders; `None` when there is none left.
    pub fn expire(&mut self, now: Instant) -> Option<(RouterId, Outputs)> {
        let now = self.advance(now);
        while let Some((id, input)) = self.pulls.pop_front() {
            if self.still_holds(id, input) {
                return Some((id, self.handle(now, id, input)));
            }
        }
        loop {
            let Reverse((moment, id)) = *self.deadlines.peek()?;
            if moment > now {
                return None;
            }
            self.deadlines.pop();
            let Some(slot) = self.slots.get_mut(id.index()).and_then(Option::as_mut) else {
                continue;
            };
            if slot.armed != Some(moment) {
                continue;
            }
            slot.armed = None;
            let due = slot.router.next_timeout().is_some_and(|(deadline, _)| deadline <= now);
            let input = self.due_input(id, now);
            let mut out = Outputs::new();
            self.with(id, &mut out, |router, out| {
                if due {
                    router.handle_into(now, input, out);
                }
            });
            if due {
                return Some((id, out));
            }
        }
    }

    /// Lets a router work, then sees to it that the heap knows its deadline.
    fn with(&mut self, id: RouterId, out: &mut Outputs, work: impl FnOnce(&mut VirtualRouter, &mut Outputs)) {
        let Some(slot) = self.slots.get_mut(id.index()).and_then(Option::as_mut) else {
            return;
        };
        let grouped = slot.group.map(|group| (group, Standing::of(&slot.router)));
        work(&mut slot.router, out);
        if let Some((deadline, _)) = slot.router.next_timeout()
            && slot.armed.is_none_or(|armed| deadline < armed)
        {
            slot.armed = Some(deadline);
            self.deadlines.push(Reverse((deadline, id)));
        }
        if let Some((group, before)) = grouped {
            self.sync(id, group, before, out);
        }
    }

    fn addressee(&self, interface: InterfaceId, datagram: &Datagram<'_>) -> Option<RouterId> {
        let family = receive::family(datagram.source, datagram.destination)?;
        let vrid = peek_vrid(datagram.payload)?;
        self.find(&Key { interface, family, vrid })
    }

    /// Time does not go backwards here, whatever the driver's stamps say.
    fn advance(&mut self, now: Instant) -> Instant {
        self.clock = self.clock.max(now);
        self.clock
    }
}
