//! What a trial came to, service by service.

use core::time::Duration;

use serde::{Serialize, Serializer};
use vrrp_core::{Instant, Name, Preempt};
use vrrp_wire::Priority;

use crate::failure::Failure;
use crate::recording::{Holders, Move, Nodes, Recording, bit, nodes};
use crate::trial::Run;
use crate::{Remark, Service, Site};

/// What came of one failure, or of several.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What fails, in words; "nothing fails" where nothing does.
    pub name: String,
    /// What each service saw of it, in the order of the site's services.
    pub services: Vec<Served>,
    /// Every change of state from the first failure on.
    pub transitions: Vec<Transition>,
    /// What happened, for pictures.
    #[serde(skip)]
    pub(crate) recording: Recording,
    /// When the first failure begins and when all end.
    #[serde(skip)]
    pub(crate) lasts: (Instant, Instant),
}

/// One change of state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transition {
    /// Seconds since the first failure began.
    pub at: f64,
    /// The node.
    pub node: String,
    /// The virtual router.
    pub router: String,
    /// The state that was left.
    pub from: &'static str,
    /// The state that was entered.
    pub to: &'static str,
    /// Why.
    pub cause: &'static str,
}

/// What hosts saw that ask for the addresses of one service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Served {
    /// Who served before, as hosts see it.
    pub before: Vec<String>,
    /// Who serves while the failure lasts, after all has come to rest.
    pub during: Vec<String>,
    /// Who does so where no host sees it.
    pub unseen: Vec<String>,
    /// Who serves after recovery, after all has come to rest.
    pub after: Vec<String>,
    /// From the failure to the last change of who serves; nothing where none changed.
    #[serde(serialize_with = "seconds")]
    pub took: Option<Duration>,
    /// How long hosts reached nobody.
    #[serde(serialize_with = "seconds_of")]
    pub nobody: Duration,
    /// How long two or more served at once.
    #[serde(serialize_with = "seconds_of")]
    pub two: Duration,
    /// How often a node became Active, recovery included.
    pub moves: usize,
    /// From the recovery to the last change of who serves.
    #[serde(serialize_with = "seconds")]
    pub recovery_took: Option<Duration>,
    /// How long hosts reached nobody after recovery.
    #[serde(serialize_with = "seconds_of")]
    pub recovery_nobody: Duration,
    /// How long two or more served at once after recovery.
    #[serde(serialize_with = "seconds_of")]
    pub recovery_two: Duration,
    /// What there is to say about it.
    pub remarks: Vec<Remark>,
}

fn seconds<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    duration.map(|duration| duration.as_secs_f64()).serialize(serializer)
}

fn seconds_of<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl Outcome {
    /// Judges a run.
    pub(crate) fn of(site: &Site, run: Run) -> Self {
        let services = (0..).zip(&site.services).map(|(place, service)| served(site, &run, place, service)).collect();
        let name = name(site, &run);
        let recording = run.recording;
        let first = recording.marks.first().map_or(Instant::ORIGIN, |(at, _)| *at);
        let transitions = recording.moves.iter().filter(|one| one.at >= first);
        let transitions = transitions.map(|one| transition(site, one, first)).collect();
        Self { name, services, transitions, lasts: (first, run.healed), recording }
    }

    /// The same without what is bad about one of these already, from which it follows.
    pub(crate) fn beyond<'a>(mut self, others: impl IntoIterator<Item = &'a Self>) -> Self {
        for other in others {
            for (served, told) in self.services.iter_mut().zip(&other.services) {
                let follows = |remark: &Remark| told.remarks.iter().any(|cause| remark.follows_from(cause));
                served.remarks.retain(|remark| !remark.is_bad() || !follows(remark));
            }
        }
        self
    }

    /// What happened because logs say so: there is nothing to be judged.
    pub(crate) fn replayed(site: &Site, recording: Recording, zero: Instant) -> Self {
        let nobody_asks = Served {
            before: Vec::new(),
            during: Vec::new(),
            unseen: Vec::new(),
            after: Vec::new(),
            took: None,
            nobody: Duration::ZERO,
            two: Duration::ZERO,
            moves: 0,
            recovery_took: None,
            recovery_nobody: Duration::ZERO,
            recovery_two: Duration::ZERO,
            remarks: Vec::new(),
        };
        let services = vec![nobody_asks; site.services.len()];
        let lasts = (zero, recording.end);
        Self { name: "what the logs say".to_owned(), services, transitions: Vec::new(), recording, lasts }
    }

    /// Whether something about it is wrong.
    pub fn is_bad(&self) -> bool {
        self.remarks().any(Remark::is_bad)
    }

    /// Everything there is to say about it.
    pub fn remarks(&self) -> impl Iterator<Item = &Remark> {
        self.services.iter().flat_map(|served| &served.remarks)
    }
}

impl Served {
    /// Whether anything about it is wrong.
    pub fn is_bad(&self) -> bool {
        self.remarks.iter().any(Remark::is_bad)
    }

    /// Whether hosts saw nothing of the failure.
    pub fn is_untouched(&self) -> bool {
        self.remarks.is_empty() && self.moves == 0 && self.before == self.during && self.during == self.after
    }
}

fn transition(site: &Site, one: &Move, first: Instant) -> Transition {
    let router = site.routers.get(usize::from(one.router));
    Transition {
        at: one.at.since(first).as_secs_f64(),
        node: site.node(one.node).to_owned(),
        router: router.map(|router| router.name.clone()).unwrap_or_default(),
        from: one.from.token(),
        to: one.to.token(),
        cause: one.why.token(),
    }
}

fn name(site: &Site, run: &Run) -> String {
    let failures: Vec<String> = run.trial.failures.iter().map(|failure| failure.name(site)).collect();
    match run.trial.prelude {
        _ if failures.is_empty() => "nothing fails".to_owned(),
        Some(prelude) => format!("{} and returns, then {}", prelude.name(site), failures.join(", then ")),
        None => failures.join(", then "),
    }
}

/// One service of one run, while it is judged.
struct Case<'a> {
    site: &'a Site,
    run: &'a Run,
    place: usize,
    service: &'a Service,
    before: Holders,
    during: Holders,
    after: Holders,
}

fn served(site: &Site, run: &Run, place: usize, service: &Service) -> Served {
    let recording = &run.recording;
    let just_before = |at: Instant| recording.at(place, at - Duration::from_nanos(1));
    let (before, during, after) = (just_before(run.begin), just_before(run.healed), recording.at(place, run.end));
    let case = Case { site, run, place, service, before, during, after };
    let routers = service.routers();
    let became_active = |one: &&Move| one.to == Name::Active && one.at >= run.begin && routers.contains(&one.router);
    let begin = if run.trial.failures.is_empty() { run.healed } else { run.begin };
    Served {
        before: case.names(before.seen),
        during: case.names(during.seen),
        unseen: case.names(during.all & !during.seen),
        after: case.names(after.seen),
        took: case.took(run.last, run.healed),
        nobody: case.nobody(begin, run.healed),
        two: recording.time(place, begin, run.healed, |nodes| nodes > 1),
        moves: recording.moves.iter().filter(became_active).count(),
        recovery_took: case.took(run.healed, run.end),
        recovery_nobody: case.nobody(run.healed, run.end),
        recovery_two: recording.time(place, run.healed, run.end, |nodes| nodes > 1),
        remarks: case.remarks(),
    }
}

impl Case<'_> {
    fn names(&self, set: Nodes) -> Vec<String> {
        nodes(set).map(|node| self.site.node(node).to_owned()).collect()
    }

    /// From one moment to the last change of who serves before another.
    fn took(&self, from: Instant, to: Instant) -> Option<Duration> {
        let spans = self.run.recording.spans(self.place, from, to);
        let seen = |(_, _, holders): &(Instant, Instant, Holders)| holders.seen;
        let mut changes = spans.windows(2).filter_map(|pair| match pair {
            [one, other] if seen(one) != seen(other) => Some(other.0),
            _ => None,
        });
        let was = self.run.recording.at(self.place, from - Duration::from_nanos(1)).seen;
        let at_once = spans.first().filter(|first| seen(first) != was).map(|_| from);
        changes.next_back().or(at_once).map(|at| at.since(from))
    }

    /// How long hosts reached nobody: by what a client has cached, where one asks for an address that all nodes have.
    fn nobody(&self, from: Instant, to: Instant) -> Duration {
        let absent = self.run.recording.time(self.place, from, to, |nodes| nodes == 0);
        let [router] = self.service.routers()[..] else { return absent };
        let Some(one) = self.site.routers.get(usize::from(router)) else { return absent };
        let asked = self.site.setup.virtual_routers.get(usize::from(router)).and_then(|one| one.address());
        let asks = asked.is_some_and(|address| self.service.addresses.contains(&address));
        let everywhere = one.parts().count() == self.service.members.len();
        if asks && everywhere { absent.max(self.run.recording.unreached(router, from, to)) } else { absent }
    }

    fn remarks(&self) -> Vec<Remark> {
        let mut remarks = self.while_it_lasts();
        if !self.run.trial.failures.is_empty() {
            remarks.extend(self.afterwards());
        }
        remarks
    }

    fn while_it_lasts(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let well = self.well();
        match self.during.seen.count_ones() {
            0 if well != 0 => remarks.push(Remark::NobodyServes { well: self.names(well) }),
            0 => remarks.push(Remark::NobodyLeft),
            1 => remarks.extend(self.sick(self.during.seen, well)),
            _ if self.hear_each_other(self.during.seen) => {
                remarks.push(Remark::TwoServe { nodes: self.names(self.during.seen) });
            }
            _ => remarks.push(Remark::TwoApart { nodes: self.names(self.during.seen) }),
        }
        let unseen = self.names(self.during.all & !self.during.seen).into_iter();
        remarks.extend(unseen.map(|node| Remark::CutOff { node }));
        let drained = self.run.trial.failures.iter().filter(|failure| matches!(failure, Failure::Drain(_)));
        let drained = drained.filter_map(Failure::node).filter(|node| self.during.seen == bit(*node));
        let drained = drained.map(|node| self.site.node(node).to_owned());
        remarks.extend(drained.map(|node| Remark::Unrelieved { node }));
        remarks
    }

    /// The nodes that hosts reach, whose virtual routers take part and of whose checks none fails.
    fn well(&self) -> Nodes {
        let is_well = |&&(place, node): &&(u8, u8)| {
            let takes_part = self.run.state(place, node).is_some_and(|state| state != Name::Initialize);
            takes_part && self.is_seen(place, node) && self.failing(place, node).is_none()
        };
        self.service.members.iter().filter(is_well).fold(0, |set, (_, node)| set | bit(*node))
    }

    fn is_seen(&self, place: u8, node: u8) -> bool {
        let router = self.site.routers.get(usize::from(place));
        router.is_some_and(|router| self.run.ways.sees(router.segment, node))
    }

    /// A check that fails of those that a virtual router of a node tracks or requires.
    fn failing(&self, place: u8, node: u8) -> Option<&str> {
        let part = self.site.routers.get(usize::from(place))?.part(node)?;
        let tracked = part.tracks.iter().map(|(name, _)| name);
        let required = part.claim_requires.iter().map(|(name, _)| name);
        tracked.chain(required).map(|name| &**name).find(|name| {
            let place = self.site.checks.iter().position(|check| check.name == **name);
            let place = place.and_then(|place| u8::try_from(place).ok());
            place.is_some_and(|place| self.run.fails(self.site, place, node))
        })
    }

    /// A node that serves though its check fails, beside one that is well and hears it.
    fn sick(&self, serves: Nodes, well: Nodes) -> Option<Remark> {
        let (place, node) = self.service.members.iter().find(|(_, node)| serves & bit(*node) != 0).copied()?;
        let check = self.failing(place, node)?;
        let hear = nodes(well).filter(|other| *other != node && self.hear_each_other(bit(node) | bit(*other)));
        let well = hear.fold(0, |set, node| set | bit(node));
        let (node, check) = (self.site.node(node).to_owned(), check.to_owned());
        (well != 0).then(|| Remark::SickServes { node, check, well: self.names(well) })
    }

    /// Whether some two of these nodes hear each other on a segment of the service.
    fn hear_each_other(&self, set: Nodes) -> bool {
        let routers = self.service.routers();
        let segments = routers.iter().filter_map(|place| self.site.routers.get(usize::from(*place)));
        let open =
            |segment, one, other| self.run.ways.open(segment, one, other) && self.run.ways.open(segment, other, one);
        segments
            .map(|router| router.segment)
            .any(|segment| nodes(set).any(|one| nodes(set).any(|other| one < other && open(segment, one, other))))
    }

    fn afterwards(&self) -> Option<Remark> {
        let name = |set: Nodes| self.names(set).first().cloned().unwrap_or_default();
        match self.after.seen.count_ones() {
            0 => Some(Remark::NobodyAfterwards),
            1 if self.before.seen.count_ones() != 1 || self.before.seen == self.after.seen => None,
            1 if self.may_stay() => Some(Remark::Stays { is: name(self.after.seen) }),
            1 => Some(Remark::NotBack { was: name(self.before.seen), is: name(self.after.seen) }),
            _ => Some(Remark::TwoAfterwards { nodes: self.names(self.after.seen) }),
        }
    }

    /// Whether the files say that the node that served before leaves the other alone.
    fn may_stay(&self) -> bool {
        let part = |set: Nodes| {
            let (place, node) = self.service.members.iter().find(|(_, node)| set & bit(*node) != 0)?;
            Some((self.site.routers.get(usize::from(*place))?.part(*node)?, *node))
        };
        let (Some((was, from)), Some((is, to))) = (part(self.before.seen), part(self.after.seen)) else { return false };
        let never = was.protocol.preempt == Preempt::Never && was.protocol.priority != Priority::OWNER;
        never || self.site.priority(is, to, &[]) >= self.site.priority(was, from, &[])
    }
}
