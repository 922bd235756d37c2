//! Notification from a configuration: hooks, FIFOs and mail follow the events of a node.
//!
//! The program that runs the node hands in every [`Event`](crate::Event), and logs what comes back.

mod herald;
mod plan;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::sync::Arc;

use vrrp_config::model::Model;
pub use vrrp_notify::{Delivered, Event, FifoEvent, HookName, MailboxError, Mailed, Outcome, Prepared, StartError};
use vrrp_notify::{Kind, Notifier, Phase, Readiness};
pub use vrrp_script::{End, Report};

use crate::Reporter;
use herald::{Action, Herald};

/// How long hooks may take to hear of the end, in all.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The hooks, FIFOs and mail of a configuration.
#[derive(Debug)]
pub struct Notification {
    notifier: Notifier,
    herald: Herald,
    recall: bool,
}

impl Notification {
    /// Starts what a configuration asks for. What happens to hooks, FIFOs and mail goes to `sink`, on a thread that must
    /// not be kept waiting; hand [`Event::Prepared`] back to [`Notification::prepared`].
    ///
    /// # Errors
    /// [`StartError`] when there is no thread to be had.
    pub fn start(
        model: &Model,
        node: Reporter,
        mut sink: impl FnMut(Event) + Send + 'static,
    ) -> Result<(Self, Vec<MailboxError>), StartError> {
        let (plan, wrong) = plan::plan(model);
        let notifier = Notifier::start(plan, move |event| {
            // The addresses wait for this: it goes the shortest way.
            if let Event::Prepared(prepared) = &event
                && prepared.phase == Phase::PreActive
                && prepared.why != Readiness::Deadline
            {
                node.prepared(Arc::clone(&prepared.subject.name));
            }
            sink(event);
        })?;
        let mut notification = Self { notifier, herald: Herald::default(), recall: recalls(model) };
        notification.configure(model);
        Ok((notification, wrong))
    }

    /// Takes one event of the node.
    pub fn event(&mut self, event: &crate::Event) {
        let actions = self.herald.take(event);
        self.act(actions);
    }

    /// Takes word that a phase has ended.
    pub fn prepared(&mut self, prepared: &Prepared) {
        if prepared.subject.kind == Kind::Instance {
            let actions = self.herald.prepared(&prepared.subject.name, prepared.phase, prepared.generation);
            self.act(actions);
        }
    }

    /// Follows another configuration: call it after the node has taken it, with the events that came since. Those of a
    /// router that was there before are told by the hooks in force until now. Hooks that run go on.
    pub fn reload(&mut self, model: &Model, brought: &[crate::Event]) -> Vec<MailboxError> {
        let (plan, wrong) = plan::plan(model);
        let (old, new): (Vec<_>, Vec<_>) = brought.iter().partition(|event| self.herald.knows(&event.router));
        old.into_iter().for_each(|event| self.event(event));
        self.configure(model);
        self.notifier.reload(plan);
        new.into_iter().for_each(|event| self.event(event));
        self.recall = recalls(model);
        if self.recall {
            let actions = self.herald.recall();
            self.act(actions);
        }
        wrong
    }

    /// The node was told to stop: call it before.
    pub const fn stopping(&mut self) {
        self.herald.stopping();
    }

    /// Whether a `post_active` runs: at the end it is waited for, by its [`Event::Prepared`], before [`Notification::stop`].
    pub fn is_clearing_up(&self) -> bool {
        self.herald.is_clearing_up()
    }

    /// Tells the end of every router, and waits for the hooks of it, for a moment.
    pub fn stop(mut self) {
        let actions = self.herald.stopped();
        self.act(actions);
        self.notifier.stop(LAST_WORDS);
    }

    fn configure(&mut self, model: &Model) {
        let actions = self.herald.configure(plan::traits(model));
        self.act(actions);
    }

    fn act(&self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Tell(notice) => self.notifier.tell(notice),
                Action::Prepare(phase, upcoming) => self.notifier.prepare(phase, upcoming),
            }
        }
    }
}

const fn recalls(model: &Model) -> bool {
    model.global.fifo.fifo_write_vrrp_states_on_reload
}

/// Runs `startup_script`, if there is one, to its end or its deadline.
pub fn run_startup_script(model: &Model) -> Option<Report> {
    let scripts = &model.global.scripts;
    let program = plan::of_daemon(scripts.startup_script.as_ref()?, &model.global);
    Some(vrrp_notify::run_once(&program, scripts.startup_script_timeout))
}

/// Runs `shutdown_script`, if there is one, to its end or its deadline.
pub fn run_shutdown_script(model: &Model) -> Option<Report> {
    let scripts = &model.global.scripts;
    let program = plan::of_daemon(scripts.shutdown_script.as_ref()?, &model.global);
    Some(vrrp_notify::run_once(&program, scripts.shutdown_script_timeout))
}
