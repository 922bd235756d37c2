use vrrp_core::{Config, Datagram, Input, Instant, Name, Node, RouterId, Stop, VirtualRouter};
use vrrp_wire::{IpPair, Priority};

use super::{Order, Software};
use crate::setup::interface;

/// The production core.
#[derive(Debug)]
pub(crate) struct Ours {
    node: Node,
    ids: Vec<Option<RouterId>>,
    segments: Vec<u8>,
    groups: Vec<Vec<u8>>,
}

impl Ours {
    pub(super) fn new(routers: impl Iterator<Item = (u8, Config)>) -> Self {
        let mut node = Node::new();
        let (mut ids, mut segments) = (Vec::new(), Vec::new());
        for (segment, config) in routers {
            ids.push(node.insert(interface(segment), config).ok());
            segments.push(segment);
        }
        Self { node, ids, segments, groups: Vec::new() }
    }

    fn id(&self, place: usize) -> Option<RouterId> {
        self.ids.get(place).copied().flatten()
    }

    fn at(&self, id: RouterId, outputs: vrrp_core::Outputs) -> Vec<Order> {
        let place = self.ids.iter().position(|other| *other == Some(id)).unwrap_or(usize::MAX);
        outputs.into_iter().map(|order| (place, order)).collect()
    }

    fn put_groups(&mut self) {
        if !self.groups.is_empty() {
            let ids = |group: &Vec<u8>| group.iter().filter_map(|place| self.id((*place).into())).collect();
            let groups: Vec<Vec<RouterId>> = self.groups.iter().map(ids).collect();
            self.node.group(groups);
        }
    }

    /// The old virtual router goes, another comes: what the engine does when a VRID changes.
    fn replace(&mut self, now: Instant, place: usize, config: Config) -> Vec<Order> {
        let source = self.core(place).and_then(VirtualRouter::source);
        let mut orders = self.handle(now, place, Input::Shutdown(Stop::Now));
        if let Some(id) = self.id(place) {
            self.node.remove(id);
        }
        let segment = self.segments.get(place).copied().unwrap_or_default();
        let new = self.node.insert(interface(segment), config).ok();
        if let Some(id) = self.ids.get_mut(place) {
            *id = new;
        }
        self.put_groups();
        for input in source.map(Input::Source).into_iter().chain([Input::Startup]) {
            orders.extend(self.handle(now, place, input));
        }
        orders
    }
}

impl Software for Ours {
    fn handle(&mut self, now: Instant, place: usize, input: Input) -> Vec<Order> {
        let Some(id) = self.id(place) else { return Vec::new() };
        self.node.handle(now, id, input).into_iter().map(|order| (place, order)).collect()
    }

    fn receive(&mut self, now: Instant, segment: u8, datagram: &Datagram<'_>) -> Vec<Order> {
        let receipt = self.node.receive(now, interface(segment), datagram);
        receipt.router.map(|id| self.at(id, receipt.outputs)).unwrap_or_default()
    }

    fn expire(&mut self, now: Instant) -> Option<Vec<Order>> {
        let (id, outputs) = self.node.expire(now)?;
        Some(self.at(id, outputs))
    }

    fn next_timeout(&self) -> Option<Instant> {
        self.node.next_timeout()
    }

    fn reload(&mut self, now: Instant, place: usize, config: Config) -> Vec<Order> {
        let Some(id) = self.id(place) else { return Vec::new() };
        if self.core(place).is_some_and(|core| core.config().vrid != config.vrid) {
            return self.replace(now, place, config);
        }
        let outputs = self.node.reconfigure(now, id, config);
        self.at(id, outputs)
    }

    fn regroup(&mut self, groups: &[Vec<u8>]) {
        if groups.is_empty() {
            self.node.group([]);
        }
        self.groups = groups.to_vec();
        self.put_groups();
    }

    /// The keeper of the addresses sees to it.
    fn robbed(&mut self, _: Instant, _: usize) -> Vec<Order> {
        Vec::new()
    }

    fn state(&self, place: usize) -> Option<Name> {
        self.core(place).map(|core| core.state().name())
    }

    fn priority(&self, place: usize) -> Option<Priority> {
        self.core(place).map(VirtualRouter::priority)
    }

    fn write<'b>(&self, place: usize, priority: Priority, ip: &IpPair, buf: &'b mut [u8]) -> Option<&'b [u8]> {
        self.core(place)?.encode(priority, ip, buf).ok()
    }

    fn reads_first(&self) -> bool {
        true
    }

    fn resumes(&self) -> bool {
        true
    }

    fn restores(&self) -> bool {
        true
    }

    fn node(&self) -> Option<&Node> {
        Some(&self.node)
    }

    fn core(&self, place: usize) -> Option<&VirtualRouter> {
        self.node.router(self.id(place)?)
    }
}
