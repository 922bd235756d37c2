//! From the node's events to what hooks, FIFOs and mail are told, in keepalived's words. Pure: it starts nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use vrrp_core::{Cause, Condition, Contest, Ineligible, Name};
use vrrp_notify::{Notice, Phase, State, SubjectId, Told};
use vrrp_wire::Priority;

use crate::event::{Event, What};

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Tell it.
    Tell(Notice),
    /// Run the program of a phase first, then call [`Herald::prepared`].
    Prepare(Phase, Notice),
}

/// What the herald has to know of a virtual router's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) group: Option<Arc<str>>,
    pub(super) pre_active: bool,
    pub(super) post_active: bool,
    pub(super) priority_changes: bool,
    /// The one that hooks carry before an effective one is known.
    pub(super) priority: u8,
}

/// Knows what was told of every virtual router and sync group.
#[derive(Debug, Default)]
pub(super) struct Herald {
    routers: BTreeMap<Arc<str>, Known>,
    groups: BTreeMap<Arc<str>, Standing>,
    stopping: bool,
}

#[derive(Debug, Default)]
struct Known {
    traits: Traits,
    standing: Standing,
    priority: Option<Priority>,
    /// What waits for the end of a phase, or for the addresses to be gone.
    waiting: Option<Waiting>,
}

impl Known {
    fn priority(&self) -> u8 {
        self.priority.map_or(self.traits.priority, Priority::get)
    }
}

#[derive(Debug)]
struct Waiting {
    phase: Phase,
    begun: bool,
    notice: Notice,
}

#[derive(Debug, Default)]
struct Standing {
    state: Option<State>,
    generation: u64,
}

impl Herald {
    /// Takes the routers of a configuration; what was told of those that stay is remembered. Gives the end of those that
    /// are gone.
    pub(super) fn configure(&mut self, routers: BTreeMap<Arc<str>, Traits>) -> Vec<Action> {
        let gone: Vec<Arc<str>> = self.routers.keys().filter(|name| !routers.contains_key(*name)).cloned().collect();
        let mut actions = Vec::new();
        for name in gone {
            if self.stands(&name) != Some(State::Deleted) {
                self.enter(&name, State::Deleted, "removed from the configuration".into(), None, &mut actions);
            }
            // Nobody will say when its addresses are gone.
            self.vacated(&name, &mut actions);
            self.flush(&name, &mut actions);
            self.routers.remove(&name);
        }
        for (name, traits) in routers {
            self.routers.entry(name).or_default().traits = traits;
        }
        actions
    }

    /// Whether a program runs that follows the addresses' going (`post_active`).
    pub(super) fn is_clearing_up(&self) -> bool {
        let runs = |waiting: &Waiting| waiting.begun && waiting.phase == Phase::PostActive;
        self.routers.values().any(|known| known.waiting.as_ref().is_some_and(runs))
    }

    /// Whether it is a router of the configuration.
    pub(super) fn knows(&self, name: &Arc<str>) -> bool {
        self.routers.contains_key(name)
    }

    /// The daemon stops: from now on a router that leaves has stopped.
    pub(super) const fn stopping(&mut self) {
        self.stopping = true;
    }

    /// The end of every router that the node had nothing to tell of.
    pub(super) fn stopped(&mut self) -> Vec<Action> {
        let names: Vec<Arc<str>> = self.routers.keys().cloned().collect();
        let mut actions = Vec::new();
        for name in names {
            self.flush(&name, &mut actions);
            if self.stands(&name) != Some(State::Stop) {
                self.enter(&name, State::Stop, Cause::Stopped.to_string().into(), None, &mut actions);
            }
        }
        actions
    }

    /// Takes one event of the node.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events concern nobody who is notified")]
    pub(super) fn take(&mut self, event: &Event) -> Vec<Action> {
        let mut actions = Vec::new();
        let name = &event.router;
        if !self.knows(name) {
            return actions;
        }
        match &event.what {
            What::Moved { to, why, priority, about, .. } => {
                self.set_priority(name, *priority);
                self.moved(name, *to, why, about.as_ref(), &mut actions);
            }
            // One that cannot start does not move.
            What::Ineligible { cause, about, began: true }
                if self.stands(name).is_none()
                    && !matches!(
                        cause,
                        Ineligible::StartupDelay | Ineligible::CheckPending(_) | Ineligible::Group(_)
                    ) =>
            {
                let why = Cause::Ineligible(*cause);
                self.cannot_start(name, &words(&why, about.as_ref()), &mut actions);
            }
            What::Condition { condition: Condition::Contested { by, reason }, began, .. } => {
                self.contested(name, by.to_string().into(), *reason, *began, &mut actions);
            }
            What::Priority { to, .. } => self.reprioritised(name, *to, &mut actions),
            What::Vacated => self.vacated(name, &mut actions),
            _ => {}
        }
        actions
    }

    /// A phase has ended: what waited for it is told.
    pub(super) fn prepared(&mut self, name: &Arc<str>, phase: Phase, generation: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        let waits = |waiting: &Waiting| waiting.phase == phase && waiting.notice.generation == generation;
        if self.routers.get(name).and_then(|known| known.waiting.as_ref()).is_some_and(waits) {
            self.flush(name, &mut actions);
        }
        actions
    }

    fn stands(&self, name: &Arc<str>) -> Option<State> {
        self.routers.get(name).and_then(|known| known.standing.state)
    }

    fn set_priority(&mut self, name: &Arc<str>, priority: Priority) {
        if let Some(known) = self.routers.get_mut(name) {
            known.priority = Some(priority);
        }
    }

    fn moved(&mut self, name: &Arc<str>, to: Name, why: &Cause, about: Option<&Arc<str>>, actions: &mut Vec<Action>) {
        let state = match to {
            Name::Active => State::Master,
            Name::Backup => State::Backup,
            Name::Initialize if self.stopping => State::Stop,
            Name::Initialize if *why == Cause::Stopped => State::Deleted,
            Name::Initialize => State::Fault,
        };
        let peer = why.peer().map(|peer| peer.to_string().into());
        self.enter(name, state, words(why, about), peer, actions);
    }

    /// A router enters a state: what waited is told first, and the new state after its phase, if it has one.
    fn enter(
        &mut self,
        name: &Arc<str>,
        state: State,
        cause: Arc<str>,
        peer: Option<Arc<str>>,
        actions: &mut Vec<Action>,
    ) {
        self.flush(name, actions);
        let Some(known) = self.routers.get_mut(name) else { return };
        let before = known.standing.state.replace(state);
        known.standing.generation += 1;
        let notice = Notice {
            generation: known.standing.generation,
            cause,
            peer,
            ..Notice::new(SubjectId::instance(name), Told::Entered(state), known.priority())
        };
        if state == State::Master && known.traits.pre_active {
            known.waiting = Some(Waiting { phase: Phase::PreActive, begun: true, notice: notice.clone() });
            actions.push(Action::Prepare(Phase::PreActive, notice));
        } else if before == Some(State::Master) && known.traits.post_active {
            known.waiting = Some(Waiting { phase: Phase::PostActive, begun: false, notice });
        } else {
            self.tell(name, notice, actions);
        }
    }

    /// A router cannot start, and so cannot the members of its group that have not started.
    fn cannot_start(&mut self, name: &Arc<str>, cause: &Arc<str>, actions: &mut Vec<Action>) {
        let group = self.routers.get(name).and_then(|known| known.traits.group.clone());
        let waits = |(other, known): &(&Arc<str>, &Known)| {
            *other == name || group.is_some() && known.traits.group == group && known.standing.state.is_none()
        };
        let all: Vec<Arc<str>> = self.routers.iter().filter(waits).map(|(other, _)| Arc::clone(other)).collect();
        for other in all {
            self.enter(&other, State::Fault, Arc::clone(cause), None, actions);
        }
    }

    /// The addresses are gone: what comes after them may run.
    fn vacated(&mut self, name: &Arc<str>, actions: &mut Vec<Action>) {
        let waiting = self.routers.get_mut(name).and_then(|known| known.waiting.as_mut());
        if let Some(waiting) = waiting.filter(|waiting| waiting.phase == Phase::PostActive && !waiting.begun) {
            waiting.begun = true;
            actions.push(Action::Prepare(Phase::PostActive, waiting.notice.clone()));
        }
    }

    /// Tells what waits.
    fn flush(&mut self, name: &Arc<str>, actions: &mut Vec<Action>) {
        if let Some(waiting) = self.routers.get_mut(name).and_then(|known| known.waiting.take()) {
            self.tell(name, waiting.notice, actions);
        }
    }

    /// Tells a router's notice, and then its group's if that makes the group enter a state.
    fn tell(&mut self, name: &Arc<str>, notice: Notice, actions: &mut Vec<Action>) {
        let cause = Arc::clone(&notice.cause);
        let peer = notice.peer.clone();
        actions.push(Action::Tell(notice));
        let Some(group) = self.routers.get(name).and_then(|known| known.traits.group.clone()) else { return };
        let Some(state) = self.state_of_group(&group) else { return };
        let standing = self.groups.entry(Arc::clone(&group)).or_default();
        if standing.state.replace(state) != Some(state) {
            standing.generation += 1;
            let notice = Notice::new(SubjectId::group(&group), Told::Entered(state), 0);
            actions.push(Action::Tell(Notice { generation: standing.generation, cause, peer, ..notice }));
        }
    }

    /// A group is where all of its members are, and has been told to be: at fault, too, after the last of them.
    fn state_of_group(&self, group: &Arc<str>) -> Option<State> {
        let members = self.routers.values().filter(|known| known.traits.group.as_ref() == Some(group));
        let states: Vec<Option<State>> = members.map(|known| known.standing.state).collect();
        let first = *states.first()?;
        states.iter().all(|state| *state == first).then_some(first)?
    }

    /// Contested while Active: the lower speaker is told of at once, and when it is over whatever it moved is moved back.
    fn contested(&self, name: &Arc<str>, by: Arc<str>, reason: Contest, began: bool, actions: &mut Vec<Action>) {
        let Some(known) = self.routers.get(name).filter(|known| known.standing.state == Some(State::Master)) else {
            return;
        };
        let lower = matches!(reason, Contest::Lower(_) | Contest::LowerAddress(_) | Contest::Undecided(_));
        let told = match (began, lower) {
            (true, true) => Told::MasterRxLowerPri,
            (true, false) => return,
            (false, _) => Told::Reasserted(State::Master),
        };
        let (generation, peer) = (known.standing.generation, Some(Arc::clone(&by)));
        let cause = if began { format!("contested by {by}") } else { format!("no longer contested by {by}") };
        let cause: Arc<str> = cause.into();
        let notice = Notice::new(SubjectId::instance(name), told, known.priority());
        actions.push(Action::Tell(Notice { generation, cause: Arc::clone(&cause), peer: peer.clone(), ..notice }));
        // Where the group's hooks move things, they move them back.
        let group = known.traits.group.as_ref().and_then(|group| Some((group, self.groups.get(group)?)));
        if let Some((group, standing)) = group.filter(|(_, standing)| !began && standing.state == Some(State::Master)) {
            let notice = Notice::new(SubjectId::group(group), told, 0);
            actions.push(Action::Tell(Notice { generation: standing.generation, cause, peer, ..notice }));
        }
    }

    fn reprioritised(&mut self, name: &Arc<str>, to: Priority, actions: &mut Vec<Action>) {
        self.set_priority(name, to);
        let Some(known) = self.routers.get(name).filter(|known| known.traits.priority_changes) else { return };
        let told =
            if known.standing.state == Some(State::Master) { Told::MasterPriority } else { Told::BackupPriority };
        let notice = Notice::new(SubjectId::instance(name), told, to.get());
        actions.push(Action::Tell(Notice { generation: known.standing.generation, ..notice }));
    }

    /// Every state again, after a reload (`fifo_write_vrrp_states_on_reload`).
    pub(super) fn recall(&self) -> Vec<Action> {
        let routers = self.routers.iter().filter_map(|(name, known)| {
            let told = Told::Recalled(known.standing.state?);
            let notice = Notice::new(SubjectId::instance(name), told, known.priority());
            Some(Action::Tell(Notice { generation: known.standing.generation, ..notice }))
        });
        let groups = self.groups.iter().filter_map(|(name, standing)| {
            let notice = Notice::new(SubjectId::group(name), Told::Recalled(standing.state?), 0);
            Some(Action::Tell(Notice { generation: standing.generation, ..notice }))
        });
        routers.chain(groups).collect()
    }
}

/// The cause in words, with what it speaks of.
fn words(why: &Cause, about: Option<&Arc<str>>) -> Arc<str> {
    about.map_or_else(|| why.to_string(), |about| format!("{why} ({about})")).into()
}
