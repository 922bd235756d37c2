//! What happened in a simulated world, as those see it who ask for addresses.

use core::time::Duration;

use vrrp_core::{Cause, Instant, Name};
use vrrp_sim::{Entry, Fault, InterfaceFault, RouterFault, SegmentFault, Timeline};

use crate::{Service, Site};

/// Nodes, one bit each.
pub(crate) type Nodes = u16;

/// Stations of a segment.
const STATIONS: usize = 16;

/// What was simulated, from the origin to the end.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    /// Every change of state.
    pub(crate) moves: Vec<Move>,
    /// For each service, from when on which nodes have its addresses.
    pub(crate) holders: Vec<Vec<(Instant, Holders)>>,
    /// For each virtual router, from when on whom its client reaches.
    pub(crate) reached: Vec<Vec<(Instant, Option<u8>)>>,
    /// When what failed and recovered.
    pub(crate) marks: Vec<(Instant, String)>,
    /// From when on each node has power, or has not.
    pub(crate) power: Vec<(Instant, u8, bool)>,
    /// When it ends.
    pub(crate) end: Instant,
}

/// One change of state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    pub(crate) at: Instant,
    pub(crate) node: u8,
    pub(crate) router: u8,
    pub(crate) from: Name,
    pub(crate) to: Name,
    pub(crate) why: Cause,
}

/// Who has the addresses of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Holders {
    /// Nodes that have them.
    pub(crate) all: Nodes,
    /// Those of them that hosts reach and that reach hosts.
    pub(crate) seen: Nodes,
}

/// Links and ways, as the faults left them.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    cut: Vec<[Nodes; STATIONS]>,
    down: Vec<Nodes>,
    hosts: u8,
}

impl Ways {
    pub(crate) fn new(site: &Site) -> Self {
        let segments = site.segments.len();
        Self { cut: vec![[0; STATIONS]; segments], down: vec![0; segments], hosts: site.count() }
    }

    /// Whether what `from` sends on a segment reaches `to`.
    pub(crate) fn open(&self, segment: u8, from: u8, to: u8) -> bool {
        let place = usize::from(segment);
        let cut = self.cut.get(place).and_then(|cut| cut.get(usize::from(from))).copied().unwrap_or_default();
        let down = self.down.get(place).copied().unwrap_or_default();
        cut & bit(to) == 0 && down & (bit(from) | bit(to)) == 0
    }

    /// Whether hosts of a segment reach a node and it reaches them.
    pub(crate) fn sees(&self, segment: u8, node: u8) -> bool {
        self.open(segment, node, self.hosts) && self.open(segment, self.hosts, node)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what else is done to a segment cuts no way")]
    pub(crate) fn take(&mut self, fault: &Fault) {
        match *fault {
            Fault::Interface(node, segment, InterfaceFault::Link(up)) => {
                if let Some(down) = self.down.get_mut(usize::from(segment)) {
                    *down = *down & !bit(node) | if up { 0 } else { bit(node) };
                }
            }
            Fault::Segment(segment, what) => {
                let Some(cut) = self.cut.get_mut(usize::from(segment)) else { return };
                match what {
                    SegmentFault::Heal => *cut = [0; STATIONS],
                    SegmentFault::Cut(from, to) => {
                        if let Some(cut) = cut.get_mut(usize::from(from)) {
                            *cut |= bit(to);
                        }
                    }
                    SegmentFault::Partition(group) => {
                        for (from, cut) in (0..).zip(cut) {
                            *cut |= if group & bit(from) == 0 { group } else { !group };
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// What is the case while the timeline is read.
struct Scene<'a> {
    site: &'a Site,
    ways: Ways,
    /// For each virtual router, the nodes whose kernel has its addresses.
    holds: Vec<Nodes>,
}

impl Scene<'_> {
    fn holders(&self, service: &Service) -> Holders {
        let mut holders = Holders::default();
        for (place, node) in &service.members {
            let holds = self.holds.get(usize::from(*place)).is_some_and(|holds| holds & bit(*node) != 0);
            let Some(router) = self.site.routers.get(usize::from(*place)).filter(|_| holds) else { continue };
            holders.all |= bit(*node);
            if self.ways.sees(router.segment, *node) {
                holders.seen |= bit(*node);
            }
        }
        holders
    }
}

impl Recording {
    /// Reads a timeline.
    pub(crate) fn read(site: &Site, timeline: &Timeline, marks: Vec<(Instant, String)>, end: Instant) -> Self {
        let mut recording = Self {
            moves: Vec::new(),
            holders: vec![vec![(Instant::ORIGIN, Holders::default())]; site.services.len()],
            reached: vec![vec![(Instant::ORIGIN, None)]; site.routers.len()],
            marks,
            power: Vec::new(),
            end,
        };
        let mut scene = Scene { site, ways: Ways::new(site), holds: vec![0; site.routers.len()] };
        for (at, entry) in timeline.entries() {
            if recording.take(at, &entry, &mut scene) {
                recording.look(at, &scene);
            }
        }
        recording
    }

    /// Takes one entry; says whether it may have changed who has what.
    #[expect(clippy::wildcard_enum_match_arm, reason = "advertisements and announcements change nothing here")]
    fn take(&mut self, at: Instant, entry: &Entry, scene: &mut Scene<'_>) -> bool {
        match *entry {
            Entry::Moved { router: node, virtual_router: router, from, to, why } => {
                self.moves.push(Move { at, node, router, from, to, why });
                return false;
            }
            Entry::Holds { router: node, virtual_router, present } => {
                if let Some(holds) = scene.holds.get_mut(usize::from(virtual_router)) {
                    *holds = *holds & !bit(node) | if present { bit(node) } else { 0 };
                }
            }
            Entry::Client { virtual_router, reaches } => {
                if let Some(reached) = self.reached.get_mut(usize::from(virtual_router)) {
                    reached.push((at, reaches));
                }
                return false;
            }
            Entry::Fault(Fault::Router(node, RouterFault::PowerOff)) => {
                scene.holds.iter_mut().for_each(|holds| *holds &= !bit(node));
                self.power.push((at, node, false));
            }
            Entry::Fault(Fault::Router(node, RouterFault::Start)) => {
                self.power.push((at, node, true));
                return false;
            }
            Entry::Fault(fault) => scene.ways.take(&fault),
            _ => return false,
        }
        true
    }

    fn look(&mut self, at: Instant, scene: &Scene<'_>) {
        for (service, spans) in scene.site.services.iter().zip(&mut self.holders) {
            let holders = scene.holders(service);
            if spans.last().is_none_or(|(_, last)| *last != holders) {
                spans.push((at, holders));
            }
        }
    }

    /// Who has the addresses of a service at a moment.
    pub(crate) fn at(&self, service: usize, at: Instant) -> Holders {
        let spans = self.holders.get(service).map(Vec::as_slice).unwrap_or_default();
        spans.iter().rev().find(|(since, _)| *since <= at).map(|(_, holders)| *holders).unwrap_or_default()
    }

    /// The stretches between two moments in which who has the addresses is the same.
    pub(crate) fn spans(&self, service: usize, from: Instant, to: Instant) -> Vec<(Instant, Instant, Holders)> {
        let spans = self.holders.get(service).map(Vec::as_slice).unwrap_or_default();
        cut_out(spans, from, to)
    }

    /// How long between two moments so many nodes had the addresses that `counts`, as hosts see it.
    pub(crate) fn time(&self, service: usize, from: Instant, to: Instant, counts: impl Fn(u32) -> bool) -> Duration {
        let spans = self.spans(service, from, to).into_iter();
        spans.filter(|(.., holders)| counts(holders.seen.count_ones())).map(|(from, to, _)| to.since(from)).sum()
    }

    /// How long between two moments the client of a virtual router reached nobody.
    pub(crate) fn unreached(&self, router: u8, from: Instant, to: Instant) -> Duration {
        let spans = self.reached.get(usize::from(router)).map(Vec::as_slice).unwrap_or_default();
        let lost = cut_out(spans, from, to).into_iter().filter(|(.., reaches)| reaches.is_none());
        lost.map(|(from, to, _)| to.since(from)).sum()
    }
}

/// The stretches of `spans` between two moments.
fn cut_out<T: Copy>(spans: &[(Instant, T)], from: Instant, to: Instant) -> Vec<(Instant, Instant, T)> {
    let ends = spans.iter().skip(1).map(|(at, _)| *at).chain([to]);
    let all = spans.iter().zip(ends).map(|((since, value), until)| ((*since).max(from), until.min(to), *value));
    all.filter(|(since, until, _)| since < until).collect()
}

/// The bit of a node.
pub(crate) const fn bit(node: u8) -> Nodes {
    1 << (node % 16)
}

/// The nodes of a set.
pub(crate) fn nodes(set: Nodes) -> impl Iterator<Item = u8> {
    (0..16).filter(move |&node| set & bit(node) != 0)
}
