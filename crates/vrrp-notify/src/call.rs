//! From a notice to the programs that hear of it: arguments, environment and deadline.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use vrrp_script::Program;

use crate::event::HookName;
use crate::line::priority;
use crate::notice::{Notice, Phase, State, Told};
use crate::queue::{Job, Says};
use crate::subject::{Barrier, Deletion, Hook, Subject, SubjectId, Variables};

/// One program, ready to run.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) subject: SubjectId,
    pub(crate) hook: HookName,
    pub(crate) generation: u64,
    pub(crate) program: Arc<Program>,
    pub(crate) bound: Bound,
}

/// How long a program may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// This long, or as long as it likes.
    Within(Option<Duration>),
    /// Until then.
    Until(Instant),
}

impl Bound {
    pub(crate) fn from(self, now: Instant) -> Option<Duration> {
        match self {
            Self::Within(timeout) => timeout,
            Self::Until(until) => Some(until.saturating_duration_since(now)),
        }
    }
}

/// What is told of a subject whose end is told as `FAULT`.
pub(crate) const fn worded(subject: &Subject, told: Told) -> Told {
    match (told, &subject.hooks.deleted) {
        (Told::Entered(State::Deleted), Deletion::AsFault) => Told::Entered(State::Fault),
        _ => told,
    }
}

/// Writes the calls of one notice of one subject.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) notice: &'a Notice,
    /// The state told before this notice, if one was.
    pub(crate) previous: Option<State>,
    pub(crate) stop_timeout: Duration,
}

impl Writer<'_> {
    /// The hooks of the notice; `None` when it goes to FIFOs alone.
    pub(crate) fn job(&self) -> Option<Job<Call>> {
        match self.notice.told {
            Told::Entered(state) => Some(self.state_job(Says::Entered(state), state)),
            Told::Reasserted(state) => Some(self.state_job(Says::Reasserted(state), state)),
            Told::MasterRxLowerPri => {
                let hook = self.subject.hooks.master_rx_lower_pri.as_ref()?;
                let call = self.call(HookName::MasterRxLowerPri, &hook.program, Bound::Within(hook.timeout), &[]);
                Some(Job { says: Says::Event, hooks: VecDeque::from([call]), ensure: None })
            }
            Told::Recalled(_) | Told::MasterPriority | Told::BackupPriority => None,
        }
    }

    /// The program of a phase on the way to the notice's state.
    pub(crate) fn phase(&self, phase: Phase, towards: State, now: Instant) -> Option<(Job<Call>, Instant)> {
        let Barrier { program, deadline } = match phase {
            Phase::PreActive => self.subject.pre_active.as_ref()?,
            Phase::PostActive => self.subject.post_active.as_ref()?,
        };
        let until = now + *deadline;
        let call = self.call(HookName::Phase(phase), program, Bound::Until(until), &[]);
        let says = Says::Phase { towards, until };
        Some((Job { says, hooks: VecDeque::from([call]), ensure: None }, until))
    }

    fn state_job(&self, says: Says, state: State) -> Job<Call> {
        let hooks = &self.subject.hooks;
        let of_state = match state {
            State::Master => hooks.master.as_ref(),
            State::Backup => hooks.backup.as_ref(),
            State::Fault => hooks.fault.as_ref(),
            State::Stop => hooks.stop.as_ref(),
            State::Deleted => match &hooks.deleted {
                Deletion::AsDeleted(hook) => hook.as_ref(),
                Deletion::AsFault => hooks.fault.as_ref(),
            },
        };
        let of_state = of_state.map(|hook| self.hook(HookName::State(state), hook, state, &[]));
        let any = hooks.any.as_ref().map(|hook| self.hook(HookName::Any, hook, state, &self.arguments(state)));
        let ensure = self.subject.ensure.as_ref().filter(|_| state == State::Master);
        let ensure =
            ensure.map(|ensure| self.call(HookName::Ensure, &ensure.program, Bound::Within(Some(ensure.timeout)), &[]));
        Job { says, hooks: of_state.into_iter().chain(any).collect(), ensure }
    }

    fn hook(&self, name: HookName, hook: &Hook, state: State, arguments: &[Arc<str>]) -> Call {
        let timeout = match state {
            State::Stop => Some(hook.timeout.map_or(self.stop_timeout, |own| own.min(self.stop_timeout))),
            State::Master | State::Backup | State::Fault | State::Deleted => hook.timeout,
        };
        self.call(name, &hook.program, Bound::Within(timeout), arguments)
    }

    fn call(&self, hook: HookName, program: &Program, bound: Bound, arguments: &[Arc<str>]) -> Call {
        let mut program = program.clone();
        program.argv = program.argv.iter().chain(arguments).map(Arc::clone).collect();
        program.environment.extend(self.variables(hook));
        let Notice { subject, generation, .. } = self.notice;
        Call { subject: subject.clone(), hook, generation: *generation, program: Arc::new(program), bound }
    }

    /// What keepalived appends to the generic `notify`.
    fn arguments(&self, state: State) -> [Arc<str>; 4] {
        let SubjectId { kind, name } = &self.notice.subject;
        let priority = priority(self.notice).to_string();
        [kind.word().into(), Arc::clone(name), state.word().into(), priority.into()]
    }

    fn variables(&self, hook: HookName) -> Variables {
        let SubjectId { kind, name } = &self.notice.subject;
        let state = self.notice.told.state().unwrap_or(State::Master);
        let fixed = [
            ("VRRP_KIND", Some(kind.word().into())),
            ("VRRP_NAME", Some(Arc::clone(name))),
            ("VRRP_EVENT", Some(event(hook, self.notice.told).into())),
            ("VRRP_STATE", Some(state.word().into())),
            ("VRRP_PREVIOUS", self.previous.map(|previous| previous.word().into())),
            ("VRRP_PRIORITY", Some(priority(self.notice).to_string().into())),
            ("VRRP_CAUSE", Some(Arc::clone(&self.notice.cause))),
            ("VRRP_PEER", self.notice.peer.clone()),
            ("VRRP_GENERATION", Some(self.notice.generation.to_string().into())),
        ];
        let fixed = fixed.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
        self.subject.variables.iter().chain(&self.notice.variables).cloned().chain(fixed).collect()
    }
}

/// What `VRRP_EVENT` says.
const fn event(hook: HookName, told: Told) -> &'static str {
    match (hook, told) {
        (HookName::Phase(Phase::PreActive), _) => "PRE_ACTIVE",
        (HookName::Phase(Phase::PostActive), _) => "POST_ACTIVE",
        (_, Told::Reasserted(_)) => "REASSERTED",
        (_, Told::MasterRxLowerPri) => "MASTER_RX_LOWER_PRI",
        (_, Told::Entered(_) | Told::Recalled(_) | Told::MasterPriority | Told::BackupPriority) => "ENTERED",
    }
}
