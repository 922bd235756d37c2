use core::hash::{Hash, Hasher};
use core::net::IpAddr;
use std::collections::VecDeque;

use vrrp_core::{
    Cause, Config, Datagram, Ineligible, Input, Instant, InterfaceId, Name, Node, Output, Outputs, Received, RouterId,
    State as Standing, VirtualRouter,
};
use vrrp_wire::{IpPair, Priority};

use crate::lan::{Bug, Lan, address};
use crate::print::{Age, LONG_AGO, print};
use crate::state::Frame;

const LINK: InterfaceId = InterfaceId(1);

/// A router: the core, its kernel, and what is remembered of it to judge it by.
#[derive(Debug, Clone)]
pub struct Host {
    index: usize,
    /// Nothing where it has no power.
    node: Option<Node>,
    ids: Vec<RouterId>,
    kernels: Vec<Kernel>,
    pub(crate) cut: bool,
    pub(crate) drained: bool,
    pub(crate) stopped: bool,
    /// For each virtual router, from whom an advertisement with no lesser priority was last heard.
    heard: Vec<Option<(Instant, IpAddr)>>,
    /// When its next timer is due.
    timer: Option<Instant>,
    printed: u64,
}

/// The addresses of one virtual router.
#[derive(Debug, Clone, Default)]
struct Kernel {
    present: bool,
    /// To put them in place or to take them away, and when that was ordered.
    orders: VecDeque<(bool, Instant)>,
}

/// What followed from what a host was told.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    /// For which virtual router, with which priority, in which bytes.
    pub(crate) sent: Vec<(usize, Priority, Vec<u8>)>,
    pub(crate) broken: Option<&'static str>,
}

impl Host {
    /// One without power.
    pub(crate) fn new(index: usize, virtual_routers: usize) -> Self {
        Self {
            index,
            node: None,
            ids: Vec::new(),
            kernels: vec![Kernel::default(); virtual_routers],
            cut: false,
            drained: false,
            stopped: false,
            heard: vec![None; virtual_routers],
            timer: None,
            printed: 0,
        }
    }

    fn own(&self, config: &Config) -> IpAddr {
        address(config.family(), u8::try_from(self.index + 1).unwrap_or(u8::MAX))
    }

    /// Gives it power and a fresh core, which begins to take part.
    pub(crate) fn boot(&mut self, lan: &Lan, now: Instant) -> Deeds {
        let mut node = Node::new();
        let configs = lan.routers.get(self.index).cloned().unwrap_or_default();
        self.ids.clear();
        for config in configs {
            let own = self.own(&config);
            let Ok(id) = node.insert(LINK, config) else { continue };
            let _ = node.handle(now, id, Input::Source(own));
            self.ids.push(id);
        }
        if self.ids.len() > 1 && lan.bug != Some(Bug::EachForItself) {
            node.group([self.ids.clone()]);
        }
        self.node = Some(node);
        self.tell(lan, now, Input::Startup)
    }

    /// It loses power, and with it its addresses.
    pub(crate) fn crash(&mut self) {
        let fresh = Self::new(self.index, self.kernels.len());
        *self = Self { cut: self.cut, ..fresh };
        self.cut = false;
    }

    pub(crate) const fn has_power(&self) -> bool {
        self.node.is_some()
    }

    /// Tells all its virtual routers.
    pub(crate) fn tell(&mut self, lan: &Lan, now: Instant, input: Input) -> Deeds {
        let mut deeds = Deeds::default();
        for place in 0..self.ids.len() {
            self.handle(lan, now, place, input, &mut deeds);
        }
        self.settle(lan, now, &mut deeds);
        deeds
    }

    fn handle(&mut self, lan: &Lan, now: Instant, place: usize, input: Input, deeds: &mut Deeds) {
        let (Some(node), Some(id)) = (&mut self.node, self.ids.get(place).copied()) else { return };
        let outputs = node.handle(now, id, input);
        self.perform(lan, now, place, &outputs, deeds);
    }

    /// What the members of a sync group do to each other is due in the same moment.
    fn settle(&mut self, lan: &Lan, now: Instant, deeds: &mut Deeds) {
        if self.ids.len() > 1 {
            self.expire(lan, now, deeds);
        }
    }

    fn expire(&mut self, lan: &Lan, now: Instant, deeds: &mut Deeds) {
        for _ in 0..100 {
            let Some((id, outputs)) = self.node.as_mut().and_then(|node| node.expire(now)) else { return };
            let place = self.ids.iter().position(|other| *other == id).unwrap_or_default();
            self.perform(lan, now, place, &outputs, deeds);
        }
        deeds.broken = Some("works for ever in one moment");
    }

    /// Its timers are due.
    pub(crate) fn fire(&mut self, lan: &Lan, now: Instant) -> Deeds {
        let mut deeds = Deeds::default();
        self.expire(lan, now, &mut deeds);
        deeds
    }

    fn perform(&mut self, lan: &Lan, now: Instant, place: usize, outputs: &Outputs, deeds: &mut Deeds) {
        for output in outputs.iter() {
            if let Output::Advertise(priority) = output {
                deeds.sent.extend(self.encode(place, priority));
            } else if output == Output::Claim {
                self.order(place, true, now);
            } else if output == Output::Release && lan.bug != Some(Bug::KeepsTheAddress) {
                self.order(place, false, now);
            } else if let Output::Moved { to, why, .. } = output {
                if self.claims_from_the_living(lan, now, place, to, why) {
                    deeds.broken = Some("claimed from a better router that it had just heard");
                }
                if to == Name::Initialize {
                    self.forget(place);
                }
            }
        }
    }

    fn order(&mut self, place: usize, wanted: bool, now: Instant) {
        if let Some(kernel) = self.kernels.get_mut(place) {
            kernel.orders.push_back((wanted, now));
        }
    }

    fn encode(&self, place: usize, priority: Priority) -> Option<(usize, Priority, Vec<u8>)> {
        let router = self.router(place)?;
        let own = self.own(router.config());
        let mut buffer = [0; 64];
        let bytes = router.encode(priority, &IpPair::multicast(own), &mut buffer).ok()?;
        Some((place, priority, bytes.to_vec()))
    }

    fn forget(&mut self, place: usize) {
        if let Some(heard) = self.heard.get_mut(place) {
            *heard = None;
        }
    }

    /// Whether it claims though it heard a better router less than three intervals ago, and that one did not give up.
    fn claims_from_the_living(&self, lan: &Lan, now: Instant, place: usize, to: Name, why: Cause) -> bool {
        let by_itself = matches!(why, Cause::ActiveDown { .. } | Cause::Preempting { .. });
        let heard = self.heard.get(place).copied().flatten();
        to == Name::Active && by_itself && heard.is_some_and(|(at, _)| now < at + lan.interval() * 3)
    }

    /// A frame arrives.
    pub(crate) fn receive(&mut self, lan: &Lan, now: Instant, frame: &Frame) -> Deeds {
        let mut deeds = Deeds::default();
        let serves = matches!(self.router(frame.place).map(VirtualRouter::state), Some(Standing::Active(_)));
        let Some(config) = lan.routers.get(frame.from).and_then(|configs| configs.get(frame.place)) else {
            return deeds;
        };
        let source = address(config.family(), u8::try_from(frame.from + 1).unwrap_or(u8::MAX));
        let destination = match IpPair::multicast(source) {
            IpPair::V4 { destination, .. } => destination.into(),
            IpPair::V6 { destination, .. } => destination.into(),
        };
        if self.cut || serves && lan.bug == Some(Bug::DeafWhileActive) {
            return deeds;
        }
        let Some(node) = &mut self.node else { return deeds };
        let receipt = node.receive(now, LINK, &Datagram { source, destination, hop_limit: 255, payload: &frame.bytes });
        if let Ok(received) = receipt.verdict {
            self.note(now, frame.place, &received);
        }
        self.perform(lan, now, frame.place, &receipt.outputs, &mut deeds);
        self.settle(lan, now, &mut deeds);
        if self.stays_beside(frame) {
            deeds.broken = Some("heard a better router and stayed Active");
        }
        deeds
    }

    fn note(&mut self, now: Instant, place: usize, received: &Received) {
        let own = self.router(place).map(VirtualRouter::priority);
        let Some(heard) = self.heard.get_mut(place) else { return };
        let from_it = heard.is_some_and(|(_, source)| source == received.source);
        if received.priority != Priority::RELEASE && Some(received.priority) >= own {
            *heard = Some((now, received.source));
        } else if from_it {
            *heard = None;
        }
    }

    /// Whether it is Active, and does not hand over, after it heard one with a higher priority.
    fn stays_beside(&self, frame: &Frame) -> bool {
        self.router(frame.place)
            .is_some_and(|router| matches!(router.state(), Standing::Active(_)) && frame.priority > router.priority())
    }

    /// The kernel has done what it was told first.
    pub(crate) fn kernel_is_done(&mut self, lan: &Lan, now: Instant, place: usize) -> Deeds {
        let mut deeds = Deeds::default();
        let Some(kernel) = self.kernels.get_mut(place) else { return deeds };
        let Some((wanted, _)) = kernel.orders.pop_front() else { return deeds };
        kernel.present = wanted;
        self.handle(lan, now, place, if wanted { Input::Claimed } else { Input::Released }, &mut deeds);
        self.settle(lan, now, &mut deeds);
        deeds
    }

    /// The virtual routers whose kernels have something to do.
    pub(crate) fn busy(&self) -> impl Iterator<Item = usize> {
        self.kernels.iter().enumerate().filter(|(_, kernel)| !kernel.orders.is_empty()).map(|(place, _)| place)
    }

    pub(crate) fn oldest_order(&self) -> Option<Instant> {
        self.kernels.iter().flat_map(|kernel| kernel.orders.iter().map(|(_, begun)| *begun)).min()
    }

    pub(crate) const fn timer(&self) -> Option<Instant> {
        self.timer
    }

    fn router(&self, place: usize) -> Option<&VirtualRouter> {
        self.node.as_ref()?.router(*self.ids.get(place)?)
    }

    fn routers(&self) -> impl Iterator<Item = &VirtualRouter> {
        (0..self.ids.len()).filter_map(|place| self.router(place))
    }

    /// Where it stands, in a word for each virtual router; a star is an address that is in place.
    pub(crate) fn brief(&self) -> String {
        let star = |place: usize| if self.kernels.get(place).is_some_and(|kernel| kernel.present) { "*" } else { "" };
        let word =
            |(place, router): (usize, &VirtualRouter)| format!("{}{}", router.state().name().token(), star(place));
        let words: Vec<_> = self.routers().enumerate().map(word).collect();
        let words = if words.is_empty() { "off".to_owned() } else { words.join("+") };
        format!("r{}:{words}", self.index)
    }

    /// Its priority.
    pub(crate) fn priority(&self) -> Option<Priority> {
        self.router(0).map(VirtualRouter::priority)
    }

    /// Whether one of its virtual routers is Active.
    pub fn is_active(&self) -> bool {
        self.routers().any(|router| router.state().name() == Name::Active)
    }

    /// Whether all its virtual routers are Active and have their addresses.
    pub fn serves(&self) -> bool {
        self.has_power()
            && self.routers().all(|router| router.state().name() == Name::Active)
            && self.kernels.iter().all(|kernel| kernel.present)
    }

    /// Whether nothing stands against it.
    pub fn is_eligible(&self) -> bool {
        self.has_power() && !self.cut && !self.drained && !self.stopped
    }

    /// Whether what is down is down: a router that hears nothing or has no link is in Initialize.
    pub(crate) fn is_out_when_cut(&self) -> bool {
        !self.cut || self.routers().all(|router| router.state().name() == Name::Initialize)
    }

    /// Whether the kernel has the addresses of a virtual router that is Active, and of no other, or is about to.
    pub(crate) fn places_rightly(&self) -> bool {
        let rightly = |(place, kernel): (usize, &Kernel)| {
            let active = self.router(place).is_some_and(|router| router.state().name() == Name::Active);
            kernel.present == active || kernel.orders.iter().any(|(wanted, _)| *wanted == active)
        };
        self.kernels.iter().enumerate().all(rightly)
    }

    /// Whether its virtual routers are all in one state.
    pub(crate) fn stands_together(&self) -> bool {
        let mut names = self.routers().map(|router| router.state().name());
        let first = names.next();
        names.all(|name| Some(name) == first)
    }

    /// Brings what it is known by up to date.
    pub(crate) fn print(&mut self, now: Instant) {
        self.timer = self.node.as_mut().and_then(Node::exact_timeout);
        self.printed = self.node.as_ref().map_or(0, |node| print(&format!("{node:?}"), now));
    }

    pub(crate) fn hash_at(&self, now: Instant, to: &mut impl Hasher) {
        let age = |moment: Instant| Age::of(moment, now, LONG_AGO);
        (self.printed, self.cut, self.drained, self.stopped).hash(to);
        for kernel in &self.kernels {
            kernel.present.hash(to);
            kernel.orders.iter().for_each(|(wanted, begun)| (*wanted, age(*begun)).hash(to));
        }
        for heard in &self.heard {
            heard.map(|(at, source)| (age(at), source)).hash(to);
        }
    }

    /// What stands against all its virtual routers, by what was done to it.
    pub(crate) const LINK_DOWN: Ineligible = Ineligible::InterfaceDown(1);
}
