use stateright::{Model, Property};
use vrrp_core::{Drain, Ineligible, Input, Instant, Stop};

use crate::host::{Deeds, Host};
use crate::lan::Lan;
use crate::properties::properties;
use crate::state::{Frame, State};

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A frame arrives, by its place on the wire.
    Deliver(usize),
    /// A frame is lost.
    Lose(usize),
    /// A frame arrives, and stays on the wire.
    Double(usize),
    /// The kernel of a router has done what it was told first for a virtual router.
    Kernel(usize, usize),
    /// Time passes to the first timer, which is this router's.
    Fire(usize),
    /// A router loses power.
    Crash(usize),
    /// A router that has no power, or was stopped, is started.
    Start(usize),
    /// A link goes down.
    Cut(usize),
    /// It comes up again.
    Mend(usize),
    /// A router is told to stop.
    Stop(usize),
    /// A router is drained.
    Drain(usize),
    /// It is drained no longer.
    Undrain(usize),
}

impl Lan {
    /// What can happen to the wire.
    fn of_the_wire(state: &State, actions: &mut Vec<Action>) {
        for (place, frame) in state.wire.iter().enumerate() {
            // Of equal ones it does not matter which.
            if place > 0 && state.wire.get(place - 1) == Some(frame) {
                continue;
            }
            actions.push(Action::Deliver(place));
            if state.left.losses > 0 {
                actions.push(Action::Lose(place));
            }
            if state.left.doubles > 0 {
                actions.push(Action::Double(place));
            }
        }
    }

    /// What can go wrong with a router, or be mended.
    fn of_a_host(state: &State, index: usize, host: &Host, actions: &mut Vec<Action>) {
        let runs = host.has_power() && !host.stopped;
        let left = &state.left;
        let all = [
            (host.has_power() && left.crashes > 0, Action::Crash(index)),
            (!host.has_power() || host.stopped, Action::Start(index)),
            (runs && !host.cut && left.cuts > 0, Action::Cut(index)),
            (host.cut, Action::Mend(index)),
            (runs && left.stops > 0, Action::Stop(index)),
            (runs && !host.drained && left.drains > 0, Action::Drain(index)),
            (runs && host.drained, Action::Undrain(index)),
        ];
        actions.extend(all.into_iter().filter(|(possible, _)| *possible).map(|(_, action)| action));
    }

    /// What a host did goes out on the wire.
    fn send(state: &mut State, from: usize, deeds: Deeds) {
        let cut = state.hosts.get(from).is_none_or(|host| host.cut);
        let others: Vec<usize> = (0..state.hosts.len()).filter(|other| *other != from).collect();
        for (place, priority, bytes) in deeds.sent.into_iter().filter(|_| !cut) {
            let frame = |to| Frame { to, from, place, sent: state.now, priority, bytes: bytes.clone() };
            state.wire.extend(others.iter().copied().map(frame));
        }
        state.broken = state.broken.or(deeds.broken);
    }

    fn to_host(&self, state: &mut State, index: usize, work: impl FnOnce(&mut Host, Instant) -> Deeds) {
        let now = state.now;
        if let Some(host) = state.hosts.get_mut(index) {
            let deeds = work(host, now);
            Self::send(state, index, deeds);
        }
    }

    fn deliver(&self, state: &mut State, frame: &Frame) {
        self.to_host(state, frame.to, |host, now| host.receive(self, now, frame));
    }

    /// Something goes wrong with a router, or is mended.
    fn strike(&self, state: &mut State, index: usize, action: Action) {
        state.disturb();
        let (left, now) = (&mut state.left, state.now);
        let Some(host) = state.hosts.get_mut(index) else { return };
        let spend = |budget: &mut u8| *budget = budget.saturating_sub(1);
        let input = match action {
            Action::Crash(_) => {
                spend(&mut left.crashes);
                host.crash();
                return;
            }
            Action::Start(_) if !host.has_power() => {
                let deeds = host.boot(self, now);
                return Self::send(state, index, deeds);
            }
            Action::Start(_) => {
                host.stopped = false;
                if host.drained {
                    // Whoever starts it knows of the drain.
                    let deeds = host.tell(self, now, Input::Raise(Ineligible::Drained));
                    Self::send(state, index, deeds);
                }
                Input::Startup
            }
            Action::Cut(_) => {
                spend(&mut left.cuts);
                host.cut = true;
                state.wire.retain(|frame| frame.to != index);
                Input::Raise(Host::LINK_DOWN)
            }
            Action::Mend(_) => {
                host.cut = false;
                Input::Clear(Host::LINK_DOWN)
            }
            Action::Stop(_) => {
                spend(&mut left.stops);
                host.stopped = true;
                Input::Shutdown(Stop::HandOver)
            }
            Action::Drain(_) => {
                spend(&mut left.drains);
                host.drained = true;
                Input::Drain(Drain::Force)
            }
            Action::Undrain(_) => {
                host.drained = false;
                Input::Clear(Ineligible::Drained)
            }
            Action::Deliver(_) | Action::Lose(_) | Action::Double(_) | Action::Kernel(..) | Action::Fire(_) => return,
        };
        self.to_host(state, index, |host, now| host.tell(self, now, input));
    }
}

impl Model for Lan {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let hosts = self.routers.iter().enumerate().map(|(index, configs)| Host::new(index, configs.len())).collect();
        let mut state = State {
            now: Instant::from_nanos(3_600_000_000_000),
            hosts,
            wire: Vec::new(),
            left: self.faults,
            disturbed: Instant::from_nanos(3_600_000_000_000),
            dual: None,
            unserved: None,
            broken: None,
        };
        for index in 0..state.hosts.len() {
            self.to_host(&mut state, index, |host, now| host.boot(self, now));
        }
        state.look();
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        Self::of_the_wire(state, actions);
        let (due, first) = (state.due(self), state.first_timer());
        for (index, host) in state.hosts.iter().enumerate() {
            actions.extend(host.busy().map(|place| Action::Kernel(index, place)));
            let next = host.timer().filter(|timer| Some(*timer) == first);
            if next.is_some_and(|timer| due.is_none_or(|due| timer <= due)) {
                actions.push(Action::Fire(index));
            }
            Self::of_a_host(state, index, host, actions);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Deliver(place) => {
                let frame = state.wire.remove(place);
                self.deliver(&mut state, &frame);
            }
            Action::Double(place) => {
                state.left.doubles -= 1;
                let frame = state.wire.get(place)?.clone();
                self.deliver(&mut state, &frame);
            }
            Action::Lose(place) => {
                state.left.losses -= 1;
                state.wire.remove(place);
                state.disturb();
            }
            Action::Kernel(index, place) => {
                self.to_host(&mut state, index, |host, now| host.kernel_is_done(self, now, place));
            }
            Action::Fire(index) => {
                state.now = state.now.max(state.first_timer()?);
                self.to_host(&mut state, index, |host, now| host.fire(self, now));
            }
            Action::Crash(index)
            | Action::Start(index)
            | Action::Cut(index)
            | Action::Mend(index)
            | Action::Stop(index)
            | Action::Drain(index)
            | Action::Undrain(index) => self.strike(&mut state, index, action),
        }
        state.look();
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties()
    }
}
