//! What runs beside the node: health checks, hooks, FIFOs and mail, and whoever asks and commands.

use core::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tracing::{error, warn};
use vrrp::health::{Health, Report};
use vrrp::notify::{self, Notification};
use vrrp::{Event, Node};
use vrrp_config::Model;
use vrrp_control::Reloaded;
use vrrp_http::Bound;

use crate::args::Run;
use crate::control::{Control, Daemon, Tally};
use crate::dump::{Dump, Dumper};
use crate::log;

/// More than any phase of a move may take.
const LONGEST_PHASE: Duration = Duration::from_secs(65);

/// Health checks and notification, with what they tell.
pub(crate) struct Services {
    health: Health,
    notification: Notification,
    control: Control,
    dumper: Dumper<Daemon>,
    tally: Tally,
    told: UnboundedReceiver<Told>,
    abandoned: bool,
}

/// What a service tells.
pub(crate) enum Told {
    Hook(notify::Event),
    Check(Report),
    /// Somebody asks for the configuration as it is running, secrets masked.
    Config(oneshot::Sender<Value>),
    /// Somebody asks for a reload, or for what would come of it.
    Reload {
        dry_run: bool,
        reply: oneshot::Sender<Reloaded>,
    },
}

impl Services {
    /// Starts what a configuration asks for.
    ///
    /// # Errors
    /// The reason, in words.
    pub(crate) fn start(args: &Run, model: &Model, node: &Node, doors: Option<Bound>) -> Result<Self, String> {
        let (tell, told) = unbounded_channel();
        let tally = Tally::default();
        let control = Control::start(doors, node, tally.clone(), tell.clone())?;
        let dumper = Dumper::start(control.daemon(), args.dump_dir.clone(), model);
        let dumper = dumper.map_err(|error| format!("cannot start the thread that writes files: {error}"))?;
        let hooks: UnboundedSender<Told> = tell.clone();
        let notification = Notification::start(model, node.reporter(), move |event| {
            // Nobody listens any more at the very end.
            let _ = hooks.send(Told::Hook(event));
        });
        let (notification, wrong) = notification.map_err(|error| format!("cannot notify anybody: {error}"))?;
        wrong.iter().for_each(|wrong| error!("{wrong}"));
        let counts = tally.clone();
        let health = Health::start(model, node.reporter(), move |report| {
            counts.check(&report);
            if report.changed && !report.output.is_empty() {
                let _ = tell.send(Told::Check(report));
            }
        });
        let health = health.map_err(|error| format!("cannot run health checks: {error}"))?;
        Ok(Self { health, notification, control, dumper, tally, told, abandoned: false })
    }

    /// The next thing that a service tells.
    pub(crate) async fn told(&mut self) -> Option<Told> {
        self.told.recv().await
    }

    /// Logs what a service tells, and acts on it; gives back what is not for it to answer.
    pub(crate) fn take(&mut self, told: Told) -> Option<Told> {
        match told {
            Told::Hook(event) => {
                if let notify::Event::Prepared(prepared) = &event {
                    self.notification.prepared(prepared);
                }
                if let notify::Event::Delivered(delivered) = &event {
                    self.tally.hook(delivered);
                }
                log::notification(&event);
            }
            Told::Check(report) => warn!(event = "output", check = &*report.check, "{}", report.output.trim_end()),
            Told::Config(_) | Told::Reload { .. } => return Some(told),
        }
        None
    }

    /// Lets hooks, and whoever follows, hear of an event of the node.
    pub(crate) fn event(&mut self, event: &Event) {
        self.control.event(event);
        self.notification.event(event);
    }

    /// Writes one of keepalived's files.
    pub(crate) fn dump(&mut self, dump: Dump) {
        self.dumper.ask(dump);
    }

    /// Follows another configuration, which brought these events.
    pub(crate) fn reload(&mut self, model: &Model, brought: &[Event]) {
        self.dumper.reload(model);
        if let Err(error) = self.health.reload(model) {
            error!(event = "not_reloaded", "the former health checks run on: {error}");
        }
        self.notification.reload(model, brought).iter().for_each(|wrong| error!("{wrong}"));
    }

    /// The node is about to be told to stop.
    pub(crate) const fn stopping(&mut self) {
        self.notification.stopping();
    }

    /// The node is about to leave its addresses where they are, for the next start.
    pub(crate) const fn abandoning(&mut self) {
        self.abandoned = true;
    }

    /// Ends everything: the hooks of the end are waited for, for a moment. Where the addresses stay there are none: what
    /// they would take down still serves.
    pub(crate) async fn stop(mut self) {
        while !self.abandoned && self.notification.is_clearing_up() {
            // It has a deadline of its own; this one is for a notifier that has died.
            let Ok(Some(told)) = tokio::time::timeout(LONGEST_PHASE, self.told.recv()).await else { break };
            self.take(told);
        }
        self.health.stop();
        if self.abandoned {
            drop(self.notification);
        } else {
            self.notification.stop();
        }
        while let Ok(told) = self.told.try_recv() {
            if let Told::Hook(event) = told {
                log::notification(&event);
            }
        }
    }
}
