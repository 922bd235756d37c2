//! The core's orders, carried out.

use core::net::IpAddr;
use core::ops::Range;

use std::sync::Arc;

use vrrp_core::{Cause, Condition, Delivery, Ineligible, Input, InterfaceId, Name, Output, Outputs, RouterId};
use vrrp_netlink::Command;
use vrrp_wire::{EncodeError, Family, HOP_LIMIT, IpPair, Priority};

use super::Engine;
use super::records::Record;
use super::routers::{Runtime, owner};
use crate::clock;
use crate::event::What;
use crate::socket::Transmit;
use crate::status::Transition;

/// Encoded advertisements that leave by one socket, in the order in which they were ordered.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    bytes: Vec<u8>,
    letters: Vec<Letter>,
}

/// One advertisement to one destination.
#[derive(Debug)]
struct Letter {
    /// Which order it carries out.
    order: usize,
    ip: IpPair,
    hop_limit: u8,
    place: Range<usize>,
}

impl Engine {
    /// Takes an input for one router and performs what it orders.
    pub(super) fn handle(&mut self, id: RouterId, input: Input) {
        let outputs = self.node.handle(clock::now(), id, input);
        self.perform(id, outputs);
    }

    /// Queues the orders of one input; [`Engine::flush`] sends them in their sequence.
    pub(super) fn perform(&mut self, id: RouterId, outputs: Outputs) {
        self.tell_causes(id);
        let wait = self.preparation(id, &outputs);
        for output in outputs {
            match output {
                Output::Advertise(priority) => self.advertisements.push((id, priority)),
                Output::Claim => self.claim(id, wait),
                Output::Release => {
                    self.unprepare(id);
                    self.announcements.cancel(id);
                    self.commands.push(Command::Release(owner(id)));
                    if let Some(file) = &mut self.run_file {
                        file.released(id.index());
                    }
                }
                Output::Announce => {
                    self.note(id, |record| record.announced = record.announced.saturating_add(1));
                    self.queue_announcement(id);
                }
                Output::Moved { from, to, why } => self.tell_move(id, from, to, why),
                Output::Probe(last) => self.probe(id, last),
                Output::Priority { from, to } => self.tell_of(id, What::Priority { from, to }),
                Output::Raised(condition) => self.tell_condition(id, condition, true),
                Output::Cleared(condition) => self.tell_condition(id, condition, false),
                _ => self.trouble(format!("an order that this engine does not know: {output:?}")),
            }
        }
    }

    /// Sends this turn's advertisements, then hands the wanted addresses to the keeper.
    ///
    /// Sending can give new orders (failing, or working again), so it goes on until there are none.
    pub(super) fn flush(&mut self) {
        while !self.advertisements.is_empty() {
            let mut due = core::mem::take(&mut self.advertisements);
            due.sort_by_key(|(id, _)| self.socket_of(*id));
            let mut rest = due.as_slice();
            while let Some((first, _)) = rest.first() {
                let socket = self.socket_of(*first);
                let same = rest.iter().take_while(|(id, _)| self.socket_of(*id) == socket).count();
                let (now, later) = rest.split_at(same);
                self.send(socket, now);
                rest = later;
            }
            due.clear();
            if self.advertisements.is_empty() {
                self.advertisements = due;
            }
        }
        if !self.commands.is_empty()
            && let Some(keeper) = &self.keeper
        {
            keeper.send(core::mem::take(&mut self.commands));
        }
    }

    fn socket_of(&self, id: RouterId) -> Option<(InterfaceId, Family)> {
        self.node.key(id).map(|key| (key.interface, key.family))
    }

    /// Sends advertisements that leave by one socket, in as few system calls as the kernel allows.
    fn send(&mut self, socket: Option<(InterfaceId, Family)>, due: &[(RouterId, Priority)]) {
        let mut outbox = core::mem::take(&mut self.outbox);
        for (order, (id, priority)) in due.iter().enumerate() {
            if let Err(error) = self.write(*id, *priority, order, &mut outbox) {
                let name = self.routers.get(*id).map(Runtime::name).unwrap_or_default();
                self.trouble(format!("{name}: cannot encode an advertisement: {error}"));
            }
        }
        let mut failed = vec![true; due.len()];
        let now = clock::now();
        if let Some(channel) = socket.and_then(|(interface, family)| self.interfaces.channel(interface, family)) {
            let records = &mut self.records;
            channel.send_all(outbox.transmits(), |position, sent| {
                let (Some(letter), Ok(())) = (outbox.letters.get(position), sent) else { return };
                if let (Some(failed), Some((id, _))) = (failed.get_mut(letter.order), due.get(letter.order)) {
                    *failed = false;
                    if let Some(record) = records.get_mut(*id) {
                        record.sent(now, letter.ip, letter.hop_limit, outbox.message(letter));
                    }
                }
            });
        }
        outbox.bytes.clear();
        outbox.letters.clear();
        self.outbox = outbox;
        let boot_time = clock::boot_time();
        for ((id, priority), failed) in due.iter().zip(failed) {
            self.note_sent(*id, *priority, failed, boot_time);
        }
    }

    /// Encodes one advertisement for each of its destinations.
    fn write(&self, id: RouterId, priority: Priority, order: usize, outbox: &mut Outbox) -> Result<(), EncodeError> {
        let Some(router) = self.node.router(id) else {
            return Ok(());
        };
        let Some(source) = router.source() else {
            return Ok(());
        };
        let length = router.advertisement(priority).encoded_len();
        let mut write_to = |destination: IpAddr, hop_limit: u8| {
            let Some(ip) = IpPair::new(source, destination) else {
                return Ok(());
            };
            let start = outbox.bytes.len();
            let place = start..start + length;
            outbox.bytes.resize(place.end, 0);
            router.encode(priority, &ip, outbox.bytes.get_mut(place.clone()).unwrap_or_default())?;
            outbox.letters.push(Letter { order, ip, hop_limit, place });
            Ok(())
        };
        match &router.config().delivery {
            Delivery::Multicast { group } => write_to(*group, HOP_LIMIT),
            Delivery::Unicast { peers, ttl, .. } => peers.iter().try_for_each(|peer| write_to(peer.address, *ttl)),
        }
    }

    /// Keeps the run file, and tells the core when sending begins to fail or works again.
    fn note_sent(&mut self, id: RouterId, priority: Priority, failed: bool, boot_time: u64) {
        if let Some(file) = &mut self.run_file {
            if priority == Priority::RELEASE {
                file.released(id.index());
            } else if !failed && self.node.router(id).is_some_and(|router| router.state().name() == Name::Active) {
                file.advertised(id.index(), boot_time);
            }
        }
        if priority == Priority::RELEASE {
            self.await_relief(id);
        }
        if failed {
            self.note(id, |record| record.send_failed = record.send_failed.saturating_add(1));
        }
        let Some(runtime) = self.routers.get_mut(id) else {
            return;
        };
        if runtime.send_failing != failed && priority != Priority::RELEASE {
            runtime.send_failing = failed;
            self.handle(id, Input::SendFailing(failed));
        }
    }

    pub(super) fn set_holds(&mut self, id: RouterId) {
        if let Some(runtime) = self.routers.get_mut(id) {
            runtime.holds = true;
        }
    }

    pub(super) fn tell_of(&self, id: RouterId, what: What) {
        if let Some(runtime) = self.routers.get(id) {
            self.tell(&runtime.spec.name, what);
        }
    }

    fn tell_move(&mut self, id: RouterId, from: Name, to: Name, why: Cause) {
        let Some(router) = self.node.router(id) else {
            return;
        };
        let priority = router.priority();
        let about = self.about(&why);
        let (at, engine_late) = (clock::now(), self.lag.last);
        self.note(id, |record| {
            let (about, heard) = (about.clone(), record.recent());
            record.moved(Transition { at, from, to, why, about, priority, heard, engine_late });
        });
        if to == Name::Active
            && let Some(runtime) = self.routers.get_mut(id)
        {
            runtime.missing = runtime.spec.addresses.iter().map(|address| address.address).collect();
        }
        self.tell_of(id, What::Moved { from, to, why, priority, about });
    }

    /// Changes what is remembered of a router.
    fn note(&mut self, id: RouterId, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.records.get_mut(id) {
            change(record);
        }
    }

    fn tell_condition(&self, id: RouterId, condition: Condition, began: bool) {
        let about = self.about_condition(condition);
        self.tell_of(id, What::Condition { condition, began, about });
    }

    fn about(&self, why: &Cause) -> Option<Arc<str>> {
        if let Cause::Group(member) = why {
            return self.routers.get(*member).map(Runtime::name);
        }
        why.ineligible().and_then(|cause| self.about_cause(cause))
    }

    /// The name of the interface, the check or the router that a cause speaks of.
    pub(super) fn about_cause(&self, cause: Ineligible) -> Option<Arc<str>> {
        let interface = cause.interface().and_then(|id| self.interfaces.name(InterfaceId(id)));
        let member = if let Ineligible::Group(member) = cause { Some(member) } else { None };
        interface
            .or_else(|| cause.check().and_then(|check| self.checks.name(check)))
            .or_else(|| member.and_then(|member| self.routers.get(member).map(Runtime::name)))
    }
}

impl Outbox {
    fn transmits(&self) -> impl Iterator<Item = Transmit<'_>> {
        self.letters.iter().map(|letter| Transmit {
            ip: letter.ip,
            hop_limit: letter.hop_limit,
            payload: self.message(letter),
        })
    }

    fn message(&self, letter: &Letter) -> &[u8] {
        self.bytes.get(letter.place.clone()).unwrap_or_default()
    }
}
