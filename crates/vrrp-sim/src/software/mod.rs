//! What runs on a router: the production core, or a model of somebody else's daemon.

mod ours;
mod peer;

use core::fmt::Debug;

use vrrp_core::{Config, Datagram, Input, Instant, Name, Node, Output, VirtualRouter};
use vrrp_wire::{IpPair, Priority};

use crate::setup::Make;

pub(crate) use ours::Ours;
use peer::Peer;

/// An order, and the virtual router it is about.
pub(crate) type Order = (usize, Output);

/// The decisions of a daemon; virtual routers by their place in the setup.
pub(crate) trait Software: Debug {
    fn handle(&mut self, now: Instant, place: usize, input: Input) -> Vec<Order>;

    fn receive(&mut self, now: Instant, segment: u8, datagram: &Datagram<'_>) -> Vec<Order>;

    /// One timer that is due, if one is.
    fn expire(&mut self, now: Instant) -> Option<Vec<Order>>;

    /// No timer is due before this moment.
    fn next_timeout(&self) -> Option<Instant>;

    /// Takes another configuration for a virtual router.
    fn reload(&mut self, now: Instant, place: usize, config: Config) -> Vec<Order>;

    /// Takes these sync groups in place of those that it had; others' daemons are modelled without.
    fn regroup(&mut self, groups: &[Vec<u8>]);

    /// The addresses are gone from the kernel without an order.
    fn robbed(&mut self, now: Instant, place: usize) -> Vec<Order>;

    fn state(&self, place: usize) -> Option<Name>;

    /// The effective priority.
    fn priority(&self, place: usize) -> Option<Priority>;

    /// Writes an advertisement into `buf`, and gives what was written.
    fn write<'b>(&self, place: usize, priority: Priority, ip: &IpPair, buf: &'b mut [u8]) -> Option<&'b [u8]>;

    /// Whether what was received before a deadline is heard before it fires.
    fn reads_first(&self) -> bool;

    /// Whether a daemon that starts goes on where a killed one stopped.
    fn resumes(&self) -> bool;

    /// Whether stolen addresses are put back.
    fn restores(&self) -> bool;

    /// The production core.
    fn node(&self) -> Option<&Node>;

    /// The production core of one virtual router.
    fn core(&self, place: usize) -> Option<&VirtualRouter>;
}

/// A daemon of this make, for virtual routers each on a segment.
pub(crate) fn software(make: Make, routers: impl Iterator<Item = (u8, Config)>) -> Box<dyn Software> {
    match make {
        Make::Ours => Box::new(Ours::new(routers)),
        Make::Keepalived22 | Make::Keepalived24 | Make::Frr => Box::new(Peer::new(make, routers)),
    }
}
