//! One subject's hooks, one at a time, in the order of its transitions: no clock, no process, no waiting.
//!
//! [`Queue`] is told what happened and answers with orders; whoever holds it carries them out and tells it when the hook
//! that it started has ended. What it promises, and the tests hold it to:
//!
//! - Of one subject, one hook runs at a time; the next starts when the one before has ended, never sooner.
//! - Hooks start in the order of the transitions, and the last state is always delivered.
//! - Only a state ends or replaces the hooks of another state; an event waits its turn.
//! - Each hook is started or skipped, and whoever holds the queue hears which.

use std::collections::VecDeque;
use std::time::Instant;

use crate::backoff::Backoff;
use crate::notice::State;
use crate::subject::OnNewState;

/// How many jobs may wait, which matters only under [`OnNewState::Wait`] behind a hook that never ends.
const LONGEST: usize = 1024;

/// What a job says of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// It entered this state.
    Entered(State),
    /// It was contested and still is in this state.
    Reasserted(State),
    /// Something happened to it while it was `MASTER`.
    Event,
    /// It is about to enter this state, and waits for that until then.
    Phase { towards: State, until: Instant },
}

impl Says {
    /// The state to which the hooks of the job belong: another one ends them.
    const fn state(self) -> State {
        match self {
            Self::Entered(state) | Self::Reasserted(state) | Self::Phase { towards: state, .. } => state,
            Self::Event => State::Master,
        }
    }

    const fn is_phase(self) -> bool {
        matches!(self, Self::Phase { .. })
    }

    const fn is_state(self) -> bool {
        matches!(self, Self::Entered(_) | Self::Reasserted(_))
    }
}

/// What is to be delivered together: hooks in order, and what runs after them until it succeeds.
#[derive(Debug, Clone)]
pub(crate) struct Job<H> {
    pub(crate) says: Says,
    pub(crate) hooks: VecDeque<H>,
    pub(crate) ensure: Option<H>,
}

/// What must now be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order<H> {
    /// Start this hook and report its end to [`Queue::ended`].
    Start(H),
    /// End the hook that runs; its end is reported all the same.
    End,
    /// This hook will not run: something newer replaced it.
    Skip(H),
}

/// How a hook ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeded,
    Failed,
    /// Because of [`Order::End`].
    Cut,
}

#[derive(Debug)]
pub(crate) struct Queue<H> {
    policy: OnNewState,
    running: Option<Running<H>>,
    waiting: VecDeque<Job<H>>,
    ensure: Option<Ensuring<H>>,
    backoff: Backoff,
    /// Whether the address is about to move: until the new state is told, nothing but phases starts.
    held: bool,
}

#[derive(Debug)]
struct Running<H> {
    work: Work<H>,
    fate: Fate,
}

#[derive(Debug)]
enum Work<H> {
    Hook { hook: H, rest: Job<H> },
    Ensure,
}

impl<H> Work<H> {
    const fn state(&self) -> State {
        match self {
            Self::Hook { rest, .. } => rest.says.state(),
            Self::Ensure => State::Master,
        }
    }

    const fn is_phase(&self) -> bool {
        matches!(self, Self::Hook { rest, .. } if rest.says.is_phase())
    }
}

/// What becomes of the hook that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It ends by itself.
    Own,
    /// It is being ended, and runs again unless a newer state is told.
    SetAside,
    /// It is being ended for good.
    Superseded,
}

/// What must yet succeed, and when it is tried next.
#[derive(Debug)]
struct Ensuring<H> {
    hook: H,
    due: Instant,
}

impl<H: Clone> Queue<H> {
    pub(crate) fn new(policy: OnNewState, seed: u64) -> Self {
        Self { policy, running: None, waiting: VecDeque::new(), ensure: None, backoff: Backoff::new(seed), held: false }
    }

    pub(crate) const fn set_policy(&mut self, policy: OnNewState) {
        self.policy = policy;
    }

    /// Whether no hook runs and none waits. An `ensure` that rests between two attempts is no hook that waits.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_none() && self.waiting.is_empty()
    }

    /// When [`Queue::on_timeout`] has something to do.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.ensure.as_ref().filter(|_| self.is_idle() && !self.held).map(|ensure| ensure.due)
    }

    /// Takes in what happened to the subject.
    pub(crate) fn tell(&mut self, now: Instant, job: Job<H>) -> Vec<Order<H>> {
        let mut orders = Vec::new();
        match job.says {
            Says::Entered(_) | Says::Reasserted(_) => self.admit_state(job, &mut orders),
            Says::Event => self.admit_event(job, &mut orders),
            Says::Phase { .. } => self.admit_phase(job, &mut orders),
        }
        self.proceed(now, &mut orders);
        orders
    }

    /// Takes back a phase: the address does not move after all, and what it set aside resumes.
    pub(crate) fn stand_down(&mut self, now: Instant) -> Vec<Order<H>> {
        let mut orders = Vec::new();
        self.release(&mut orders);
        if self.running.as_ref().is_some_and(|running| running.work.is_phase()) {
            self.end(Fate::Superseded, &mut orders);
        }
        self.proceed(now, &mut orders);
        orders
    }

    /// Hears that the hook that was running has ended and been reaped.
    pub(crate) fn ended(&mut self, now: Instant, ending: Ending) -> Vec<Order<H>> {
        let mut orders = Vec::new();
        match self.running.take() {
            None => {}
            Some(Running { work: Work::Ensure, .. }) => self.judge_ensure(now, ending),
            Some(Running { work: Work::Hook { hook, mut rest }, fate }) => match fate {
                Fate::Superseded => skip(rest, &mut orders),
                Fate::SetAside if ending == Ending::Cut => {
                    rest.hooks.push_front(hook);
                    self.put_first(rest);
                }
                Fate::SetAside | Fate::Own if rest.hooks.is_empty() => self.complete(now, rest),
                Fate::SetAside | Fate::Own => self.put_first(rest),
            },
        }
        self.proceed(now, &mut orders);
        orders
    }

    /// Tries again what has not succeeded yet, if it is time.
    pub(crate) fn on_timeout(&mut self, now: Instant) -> Vec<Order<H>> {
        let mut orders = Vec::new();
        self.proceed(now, &mut orders);
        orders
    }

    /// Delivers what waits and begins nothing that might never end: neither `ensure` nor phases. A phase that runs is let
    /// end where the state that it leads to has been told already.
    pub(crate) fn drain(&mut self, now: Instant) -> Vec<Order<H>> {
        self.ensure = None;
        let phase = self.running.as_ref().map(|running| &running.work).filter(|work| work.is_phase());
        let told = phase.is_some_and(|work| self.newest_waiting_state() == Some(work.state()));
        let mut orders = if told { Vec::new() } else { self.stand_down(now) };
        self.end_ensure_unless(None, &mut orders);
        orders
    }

    /// Gives up all that waits and ends what runs.
    pub(crate) fn abandon(&mut self, now: Instant) -> Vec<Order<H>> {
        let mut orders = Vec::new();
        self.skip_waiting_unless(|_| false, &mut orders);
        self.end(Fate::Superseded, &mut orders);
        orders.extend(self.drain(now));
        orders
    }

    fn admit_state(&mut self, job: Job<H>, orders: &mut Vec<Order<H>>) {
        let state = job.says.state();
        self.release(orders);
        if matches!(job.says, Says::Reasserted(_)) && self.newest_waiting_state() == Some(state) {
            return skip(job, orders);
        }
        self.end_ensure_unless(Some(state), orders);
        if self.policy == OnNewState::Interrupt {
            self.skip_waiting_unless(|says| says == Says::Event && state == State::Master, orders);
            if self.running.as_ref().is_some_and(|running| running.work.state() != state) {
                self.end(Fate::Superseded, orders);
            }
        }
        self.waiting.push_back(job);
        if self.waiting.len() > LONGEST
            && let Some(oldest) = self.waiting.pop_front()
        {
            skip(oldest, orders);
        }
    }

    /// Events of one kind that wait behind one another say nothing that the last of them does not.
    fn admit_event(&mut self, job: Job<H>, orders: &mut Vec<Order<H>>) {
        if self.waiting.back().is_some_and(|last| last.says == Says::Event)
            && let Some(same) = self.waiting.pop_back()
        {
            skip(same, orders);
        }
        self.waiting.push_back(job);
    }

    fn admit_phase(&mut self, job: Job<H>, orders: &mut Vec<Order<H>>) {
        let towards = job.says.state();
        self.held = true;
        self.put_first(job);
        self.end_ensure_unless(Some(towards), orders);
        let ends = |running: &Running<H>| !running.work.is_phase() && running.work.state() != towards;
        if self.policy == OnNewState::Interrupt && self.running.as_ref().is_some_and(ends) {
            self.end(Fate::SetAside, orders);
        }
    }

    /// Puts a job before all that waits, phases excepted.
    fn put_first(&mut self, job: Job<H>) {
        let phases = self.waiting.iter().take_while(|waiting| waiting.says.is_phase()).count();
        self.waiting.insert(phases, job);
    }

    fn proceed(&mut self, now: Instant, orders: &mut Vec<Order<H>>) {
        while self.running.is_none() {
            if self.held && !self.phase_is_first() {
                return;
            }
            match self.waiting.pop_front() {
                Some(job) => self.begin(now, job, orders),
                None => return self.attempt_ensure(now, orders),
            }
        }
    }

    fn begin(&mut self, now: Instant, mut job: Job<H>, orders: &mut Vec<Order<H>>) {
        if matches!(job.says, Says::Phase { until, .. } if until <= now) {
            return skip(job, orders);
        }
        match job.hooks.pop_front() {
            Some(hook) => self.run(hook.clone(), Work::Hook { hook, rest: job }, orders),
            None => self.complete(now, job),
        }
    }

    /// All hooks of the job have run: what must be ensured in its state is due.
    fn complete(&mut self, now: Instant, job: Job<H>) {
        if job.says.is_state() {
            self.backoff.succeeded();
            self.ensure = job.ensure.map(|hook| Ensuring { hook, due: now });
        }
    }

    fn attempt_ensure(&mut self, now: Instant, orders: &mut Vec<Order<H>>) {
        if self.next_timeout().is_some_and(|due| due <= now)
            && let Some(ensure) = &self.ensure
        {
            self.run(ensure.hook.clone(), Work::Ensure, orders);
        }
    }

    fn run(&mut self, hook: H, work: Work<H>, orders: &mut Vec<Order<H>>) {
        orders.push(Order::Start(hook));
        self.running = Some(Running { work, fate: Fate::Own });
    }

    fn judge_ensure(&mut self, now: Instant, ending: Ending) {
        match (ending, &mut self.ensure) {
            (Ending::Succeeded, ensure) => *ensure = None,
            (Ending::Failed, Some(ensure)) => ensure.due = now + self.backoff.failed(),
            (Ending::Cut, Some(ensure)) => ensure.due = now,
            (Ending::Failed | Ending::Cut, None) => {}
        }
    }

    fn end(&mut self, fate: Fate, orders: &mut Vec<Order<H>>) {
        let Some(running) = &mut self.running else { return };
        if running.fate == Fate::Own {
            orders.push(Order::End);
        }
        if running.fate != Fate::Superseded {
            running.fate = fate;
        }
    }

    /// Ends an attempt of `ensure`, whatever the policy: what it would ensure no longer is so.
    fn end_ensure_unless(&mut self, state: Option<State>, orders: &mut Vec<Order<H>>) {
        let ensuring = |running: &Running<H>| matches!(running.work, Work::Ensure);
        if state != Some(State::Master) && self.running.as_ref().is_some_and(ensuring) {
            self.end(Fate::Superseded, orders);
        }
    }

    /// The address need not wait any longer: phases that have not begun are of no use.
    fn release(&mut self, orders: &mut Vec<Order<H>>) {
        self.held = false;
        while self.phase_is_first()
            && let Some(phase) = self.waiting.pop_front()
        {
            skip(phase, orders);
        }
    }

    fn phase_is_first(&self) -> bool {
        self.waiting.front().is_some_and(|first| first.says.is_phase())
    }

    fn skip_waiting_unless(&mut self, keep: impl Fn(Says) -> bool, orders: &mut Vec<Order<H>>) {
        let (kept, old) = self.waiting.drain(..).partition(|job| keep(job.says));
        self.waiting = kept;
        old.into_iter().for_each(|job: Job<H>| skip(job, orders));
    }

    fn newest_waiting_state(&self) -> Option<State> {
        self.waiting.iter().rev().find(|job| job.says.is_state()).map(|job| job.says.state())
    }
}

fn skip<H>(job: Job<H>, orders: &mut Vec<Order<H>>) {
    orders.extend(job.hooks.into_iter().map(Order::Skip));
}

#[cfg(test)]
mod tests;
