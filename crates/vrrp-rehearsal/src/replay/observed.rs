//! From events to what must have been done to the world.

use core::time::Duration;

use vrrp_control::Event;
use vrrp_core::{Drain, Instant, Verdict, active_down_interval, skew_time};
use vrrp_sim::{Fault, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
use vrrp_wire::Priority;

use super::Log;
use crate::Site;
use crate::failure::said;

/// Something that was done to the world, and whether that was told or must be assumed.
#[derive(Debug, Clone)]
pub(super) struct Stimulus {
    pub(super) at: Instant,
    pub(super) fault: Fault,
    pub(super) words: String,
    pub(super) assumed: bool,
}

/// The events of all nodes, on the clock of the world.
pub(super) struct Observed<'a> {
    pub(super) site: &'a Site,
    /// By their moments: node and event.
    pub(super) events: Vec<(Instant, u8, &'a Event)>,
}

/// How long before something was told of it may have begun to be told.
const SOON: Duration = Duration::from_secs(2);
const MOMENT: Duration = Duration::from_millis(1);
/// How much longer than an interval a hand-over waits for a successor.
const UNRELIEVED: Duration = Duration::from_millis(100);

impl<'a> Observed<'a> {
    /// Puts logs on one clock, on which the first event is at `lead`.
    pub(super) fn new(site: &'a Site, logs: &'a [Log], lead: Duration) -> Self {
        let first = logs.iter().flat_map(|log| &log.events).map(|event| event.at);
        let first = first.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or_default();
        let all = (0..).zip(logs).flat_map(|(node, log)| log.events.iter().map(move |event| (node, event)));
        let on_clock =
            |(node, event): (u8, &'a Event)| (Instant::ORIGIN + lead + event.at.since(first).duration(), node, event);
        let mut events: Vec<_> = all.map(on_clock).collect();
        events.sort_by_key(|(at, node, event)| (*at, *node, event.seq));
        Self { site, events }
    }

    /// The virtual router that a node calls so.
    pub(super) fn router(&self, node: u8, name: &str) -> Option<u8> {
        let is = |router: &crate::SiteRouter| router.part(node).is_some_and(|part| *part.name == *name);
        self.site.routers.iter().position(is).and_then(|place| u8::try_from(place).ok())
    }

    /// Everything that was done, by its moments.
    pub(super) fn stimuli(&self) -> Vec<Stimulus> {
        let mut stimuli: Vec<Stimulus> = Vec::new();
        for (place, (at, node, event)) in self.events.iter().enumerate() {
            let found = match event.event.as_str() {
                "moved" => self.moved(place, *at, *node, event),
                "ineligible" => self.ineligible(place, *at, *node, event),
                "check" => self.check(*at, *node, event),
                "takeover" => self.takeover(*at, *node, event),
                _ => Vec::new(),
            };
            for stimulus in found {
                // Each virtual router of a node tells of the same.
                let told = |other: &Stimulus| {
                    other.fault == stimulus.fault && stimulus.at.since(other.at).max(other.at.since(stimulus.at)) < SOON
                };
                if !stimuli.iter().any(told) {
                    stimuli.push(stimulus);
                }
            }
        }
        stimuli.sort_by_key(|stimulus| stimulus.at);
        stimuli
    }

    fn stimulus(&self, at: Instant, fault: Fault, words: String, assumed: bool) -> Vec<Stimulus> {
        vec![Stimulus { at, fault, words, assumed }]
    }

    fn moved(&self, place: usize, at: Instant, node: u8, event: &Event) -> Vec<Stimulus> {
        let name = self.site.node(node);
        let router = |what| Fault::Router(node, what);
        match event.cause.as_deref() {
            Some("started" | "owner" | "resumed") if event.from.as_deref() == Some("initialize") => {
                let mut found = self.death(place, at, node);
                found.extend(self.stimulus(
                    at - MOMENT,
                    router(RouterFault::Start),
                    format!("{name} is started"),
                    false,
                ));
                found
            }
            Some("stopped") if event.to.as_deref() == Some("initialize") => {
                self.stimulus(at, router(RouterFault::Stop), format!("{name} is stopped"), false)
            }
            Some("nobody_took_over") if !self.is_drained(at, node) => {
                let waited = self.interval(node, event) + UNRELIEVED;
                let words = format!("{name} is stopped");
                self.stimulus(at - waited, router(RouterFault::Stop), words, true)
            }
            Some("handed_over") if !self.is_drained(at, node) => {
                let began = self.hand_over(at, node).unwrap_or(at);
                self.stimulus(began, router(RouterFault::Stop), format!("{name} is stopped"), began != at)
            }
            Some("active_down") => self.cut(place, at, node, event),
            _ => Vec::new(),
        }
    }

    /// A node that starts and was not stopped has died before: when the others noticed, less what they waited.
    fn death(&self, place: usize, at: Instant, node: u8) -> Vec<Stimulus> {
        let before = self.events.get(..place).unwrap_or_default();
        let own = before.iter().rev().find(|(then, of, _)| *of == node && at.since(*then) > MOMENT);
        let Some((last, _, event)) = own else { return Vec::new() };
        let is_over = |cause: Option<&str>| matches!(cause, Some("stopped" | "handed_over" | "nobody_took_over"));
        if event.event == "vacated" || event.event == "moved" && is_over(event.cause.as_deref()) {
            return Vec::new();
        }
        if before.iter().any(|(then, of, event)| {
            *of == node && is_over(event.cause.as_deref()) && at.since(*then) < at.since(*last) + SOON
        }) {
            return Vec::new();
        }
        let noticed = before.iter().filter(|(then, of, _)| *of != node && then >= last);
        let mut noticed = noticed.filter(|(.., event)| event.cause.as_deref() == Some("active_down"));
        let died = noticed.next_back().and_then(|(then, of, event)| Some(*then - self.waits(*of, event)?));
        let died = died.unwrap_or(at - Duration::from_millis(20)).max(*last + MOMENT);
        let words = format!("{} fails", self.site.node(node));
        self.stimulus(died, Fault::Router(node, RouterFault::PowerOff), words, true)
    }

    /// What a node waits for a silent Active router.
    fn waits(&self, node: u8, event: &Event) -> Option<Duration> {
        let router = self.site.routers.get(usize::from(self.router(node, &event.router)?))?;
        let config = &router.part(node)?.protocol;
        let priority = event.priority.map_or(config.priority, Priority::new);
        Some(active_down_interval(config.version, priority, config.interval, config.down_timer_adverts))
    }

    /// The interval of a node for the virtual router of an event.
    fn interval(&self, node: u8, event: &Event) -> Duration {
        let place = self.router(node, &event.router).map(usize::from);
        let part = place.and_then(|place| self.site.routers.get(place)).and_then(|router| router.part(node));
        part.map_or(Duration::ZERO, |part| part.protocol.interval.duration())
    }

    /// When a hand-over began that ended now: the successor waited for its `Skew_Time`.
    fn hand_over(&self, at: Instant, node: u8) -> Option<Instant> {
        let near = self.events.iter().filter(|(then, of, _)| *of != node && then.since(at) + at.since(*then) < SOON);
        let (then, of, event) = near.clone().find(|(.., event)| event.cause.as_deref() == Some("released"))?;
        let router = self.site.routers.get(usize::from(self.router(*of, &event.router)?))?;
        let config = &router.part(*of)?.protocol;
        let priority = event.priority.map_or(config.priority, Priority::new);
        Some(*then - skew_time(config.version, priority, config.interval) - MOMENT)
    }

    fn is_drained(&self, at: Instant, node: u8) -> bool {
        self.events.iter().any(|(then, of, event)| {
            let near = then.since(at) + at.since(*then) < SOON;
            *of == node && near && event.cause.as_deref() == Some("drained") && event.began == Some(true)
        })
    }

    /// Who took an Active router for dead that lives did not hear it, until one of the two gave way.
    fn cut(&self, place: usize, at: Instant, node: u8, event: &Event) -> Vec<Stimulus> {
        let Some(router) = self.router(node, &event.router) else { return Vec::new() };
        let before = self.events.get(..place).unwrap_or_default();
        let after = self.events.get(place + 1..).unwrap_or_default();
        let Some(active) =
            (0..self.site.count()).find(|other| *other != node && self.is_active(before, *other, router))
        else {
            return Vec::new();
        };
        let own = |(_, of, event): &&(Instant, u8, &Event)| *of == active && event.event == "moved";
        // One that says nothing more, or starts again, has died.
        let next = after.iter().find(own);
        let gave_way = |(_, of, event): &&(Instant, u8, &Event)| {
            (*of == active || *of == node) && matches!(event.cause.as_deref(), Some("higher" | "tie"))
        };
        let dead = next.is_none_or(|(.., event)| event.from.as_deref() == Some("initialize"));
        let end = after.iter().find(gave_way);
        let Some(waits) = self.waits(node, event) else { return Vec::new() };
        let began = (at - waits).max(Instant::ORIGIN);
        let name = |node: u8| self.site.node(node);
        if dead && end.is_none() {
            let again = next.is_some();
            let words = format!("{} fails", name(active));
            let died = self.stimulus(began, Fault::Router(active, RouterFault::PowerOff), words, true);
            return if again { Vec::new() } else { died };
        }
        let segment = self.site.routers.get(usize::from(router)).map_or(0, |router| router.segment);
        let words = format!("{} does not hear {}", name(node), name(active));
        let mut found = self.stimulus(began, Fault::Segment(segment, SegmentFault::Cut(active, node)), words, true);
        if let Some((end, ..)) = end {
            let words = format!("{} hears {} again", name(node), name(active));
            found.extend(self.stimulus(*end - MOMENT, Fault::Segment(segment, SegmentFault::Heal), words, true));
        }
        found
    }

    /// Whether a node is Active for a virtual router after these events.
    fn is_active(&self, events: &[(Instant, u8, &Event)], node: u8, router: u8) -> bool {
        let own = |(_, of, event): &&(Instant, u8, &Event)| {
            *of == node && event.event == "moved" && self.router(node, &event.router) == Some(router)
        };
        events.iter().rfind(own).is_some_and(|(.., event)| event.to.as_deref() == Some("active"))
    }

    fn ineligible(&self, place: usize, at: Instant, node: u8, event: &Event) -> Vec<Stimulus> {
        let (Some(cause), Some(began)) = (event.cause.as_deref(), event.began) else { return Vec::new() };
        let name = self.site.node(node);
        match cause {
            "interface_down" | "interface_absent" => {
                let about = event.about.as_deref().unwrap_or_default();
                let on = |segment: &crate::Segment| {
                    segment.interfaces.get(usize::from(node)).is_some_and(|own| own.as_deref() == Some(about))
                };
                let segment = self.site.segments.iter().position(on).and_then(|place| u8::try_from(place).ok());
                let Some(segment) = segment else { return Vec::new() };
                // It is so from the start where nothing was told of the node before.
                let first = !self.events.get(..place).unwrap_or_default().iter().any(|(_, of, _)| *of == node);
                let words = format!("link {about} of {name} is {}", if began { "down" } else { "up" });
                let at = if first { Instant::ORIGIN + MOMENT } else { at - MOMENT };
                self.stimulus(at, Fault::Interface(node, segment, InterfaceFault::Link(!began)), words, false)
            }
            "drained" => {
                let Some(router) = self.router(node, &event.router) else { return Vec::new() };
                let what =
                    if began { VirtualRouterFault::Drain(Drain::IfRelieved) } else { VirtualRouterFault::Undrain };
                let since = if began { self.hand_over(at, node).unwrap_or(at) } else { at };
                let words = format!("{} of {name} is {}", event.router, if began { "drained" } else { "undrained" });
                self.stimulus(since, Fault::VirtualRouter(node, router, what), words, since != at)
            }
            _ => Vec::new(),
        }
    }

    fn check(&self, at: Instant, node: u8, event: &Event) -> Vec<Stimulus> {
        let Some(name) = event.about.as_deref() else { return Vec::new() };
        let place = self.site.checks.iter().position(|check| check.name == name && check.part(node).is_some());
        let Some(place) = place.and_then(|place| u8::try_from(place).ok()) else { return Vec::new() };
        let says = event.words.strip_prefix(&format!("check {name}: ")).unwrap_or_default();
        let Some(verdict) = verdict(says) else { return Vec::new() };
        let words = format!("{name} on {}: {}", self.site.node(node), says.split(',').next().unwrap_or_default());
        self.stimulus(at - MOMENT, said(node, place, verdict), words, false)
    }

    fn takeover(&self, at: Instant, node: u8, event: &Event) -> Vec<Stimulus> {
        let (Some(router), Some(began)) = (self.router(node, &event.router), event.began) else { return Vec::new() };
        let priority = event.priority.filter(|_| began).map(Priority::new);
        let words = format!("{} is told to take over{}", self.site.node(node), if began { "" } else { " no longer" });
        let fault = Fault::VirtualRouter(node, router, VirtualRouterFault::Takeover(priority));
        self.stimulus(at - MOMENT, fault, words, false)
    }
}

/// What a check says, from the words of its event.
fn verdict(words: &str) -> Option<Verdict> {
    let first = words.split([',', ' ']).next()?;
    match first {
        "up" => Some(Verdict::Up),
        "down" => Some(Verdict::Down),
        "silent" => Some(Verdict::Silent),
        "no" => None,
        number => number.parse().ok().map(Verdict::Value),
    }
}
