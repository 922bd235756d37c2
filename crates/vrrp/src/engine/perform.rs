//! The core's orders, carried out.

use core::net::IpAddr;

use vrrp_core::{Cause, Delivery, Ineligible, Input, InterfaceId, Name, Output, Outputs, RouterId};
use vrrp_netlink::Command;
use vrrp_wire::{EncodeError, Family, IpPair, Priority};

use super::Engine;
use super::routers::owner;
use crate::clock;
use crate::event::What;
use crate::socket::Outbox;

/// The most that one IP packet's worth of addresses takes.
const LARGEST: usize = 8 + 255 * 16 + 8;

impl Engine {
    /// Takes an input for one router and performs what it orders.
    pub(super) fn handle(&mut self, id: RouterId, input: Input) {
        let outputs = self.node.handle(clock::now(), id, input);
        self.perform(id, outputs);
    }

    /// Queues the orders of one input; [`Engine::flush`] sends them in their sequence.
    pub(super) fn perform(&mut self, id: RouterId, outputs: Outputs) {
        for output in outputs {
            match output {
                Output::Advertise(priority) => self.advertisements.push((id, priority)),
                Output::Claim => {
                    self.set_holds(id);
                    self.commands.push(Command::Claim(owner(id)));
                }
                Output::Release => {
                    self.announcements.cancel(id);
                    self.commands.push(Command::Release(owner(id)));
                    if let Some(file) = &mut self.run_file {
                        file.released(id.index());
                    }
                }
                Output::Announce => self.queue_announcement(id),
                Output::Moved { from, to, why } => self.tell_move(id, from, to, why),
                Output::Raised(condition) => self.tell_of(id, What::Condition { condition, began: true }),
                Output::Cleared(condition) => self.tell_of(id, What::Condition { condition, began: false }),
                _ => tracing::error!(?output, "an order that this engine does not know"),
            }
        }
    }

    /// Sends this turn's advertisements, then hands the wanted addresses to the keeper.
    ///
    /// Sending can give new orders (failing, or working again), so it goes on until there are none.
    pub(super) fn flush(&mut self) {
        while !self.advertisements.is_empty() {
            let mut due = core::mem::take(&mut self.advertisements);
            due.sort_by_key(|(id, _)| self.node.key(*id).map(|key| (key.interface, key.family)));
            for same_socket in due.chunk_by(|(a, _), (b, _)| self.socket_of(*a) == self.socket_of(*b)) {
                self.send(same_socket);
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

    /// Sends advertisements that leave by one socket, in one system call where the kernel allows.
    fn send(&mut self, due: &[(RouterId, Priority)]) {
        let Some((interface, family)) = due.first().and_then(|(id, _)| self.socket_of(*id)) else { return };
        let mut outbox = core::mem::take(&mut self.outbox);
        for (index, (id, priority)) in due.iter().enumerate() {
            if let Err(error) = self.write(*id, *priority, index, &mut outbox) {
                let name = self.routers.get(*id).map(|runtime| runtime.name());
                tracing::error!(router = name.as_deref(), %error, "cannot encode an advertisement");
            }
        }
        let mut failed = vec![false; due.len()];
        match self.interfaces.channel(interface, family) {
            Some(channel) => channel.send(&mut outbox, |index, error| {
                if let (Some(failed), Err(_)) = (failed.get_mut(index), error) {
                    *failed = true;
                }
            }),
            None => failed.fill(true),
        }
        outbox.clear();
        self.outbox = outbox;
        let boot_time = clock::boot_time();
        for ((id, priority), failed) in due.iter().zip(failed) {
            self.note_sent(*id, *priority, failed, boot_time);
        }
    }

    /// Writes one advertisement for each of its destinations.
    fn write(&self, id: RouterId, priority: Priority, index: usize, outbox: &mut Outbox) -> Result<(), EncodeError> {
        let Some(router) = self.node.router(id) else { return Ok(()) };
        let Some(source) = router.source() else { return Ok(()) };
        let advertisement = router.advertisement(priority);
        let mut write_to = |destination: IpAddr, ttl: u8| {
            let Some(ip) = IpPair::new(source, destination) else { return Ok(()) };
            let mut buffer = [0; LARGEST];
            let message = advertisement.encode(&ip, router.coverage(), &mut buffer)?;
            outbox.push(index, source, destination, ttl, message);
            Ok(())
        };
        match &router.config().delivery {
            Delivery::Multicast { group } => write_to(*group, 255),
            Delivery::Unicast { peers, ttl, .. } => peers.iter().try_for_each(|peer| write_to(peer.address, *ttl)),
        }
    }

    /// Keeps the run file, and tells the core when sending begins to fail or works again.
    fn note_sent(&mut self, id: RouterId, priority: Priority, failed: bool, boot_time: u64) {
        if let Some(file) = &mut self.run_file {
            if priority == Priority::RELEASE {
                file.released(id.index());
            } else if self.node.router(id).is_some_and(|router| router.state().name() == Name::Active) {
                file.advertised(id.index(), boot_time);
            }
        }
        let Some(runtime) = self.routers.get_mut(id) else { return };
        if runtime.send_failing != failed && priority != Priority::RELEASE {
            runtime.send_failing = failed;
            self.handle(id, Input::SendFailing(failed));
        }
    }

    fn set_holds(&mut self, id: RouterId) {
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
        let Some(router) = self.node.router(id) else { return };
        let priority = router.priority();
        let interface = match why {
            Cause::Ineligible(cause) | Cause::Recovered(cause) => self.interface_in(cause),
            _ => None,
        };
        if to == Name::Active
            && let Some(runtime) = self.routers.get_mut(id)
        {
            runtime.missing = runtime.spec.addresses.iter().map(|address| address.address).collect();
        }
        self.tell_of(id, What::Moved { from, to, why, priority, interface });
    }

    /// The name of the interface that a cause speaks of.
    pub(super) fn interface_in(&self, cause: Ineligible) -> Option<std::sync::Arc<str>> {
        match cause {
            Ineligible::InterfaceAbsent(id) | Ineligible::InterfaceDown(id) | Ineligible::NoSourceAddress(id) => {
                self.interfaces.name(InterfaceId(id))
            }
            _ => None,
        }
    }
}
