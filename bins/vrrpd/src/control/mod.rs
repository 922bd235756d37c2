//! The control socket and the metrics address.

mod conflicts;
mod daemon;
mod masked;
mod plan;
mod tally;

use std::path::PathBuf;

use tokio::sync::mpsc::UnboundedSender;
use tracing::{info, warn};
use vrrp::{Event, Node};
use vrrp_http::{Journal, Options, ServeError, Server};

use crate::args::Run;
use crate::services::Told;
use daemon::Daemon;

pub(crate) use masked::masked;
pub(crate) use plan::{changes, diagnostics};
pub(crate) use tally::Tally;

/// What is served to people and to Prometheus.
pub(crate) struct Control {
    journal: Journal,
    /// Serves until it is dropped.
    _server: Option<Server>,
}

impl Control {
    /// Begins to serve. A place that was asked for must be had; the default one is missed with a warning.
    ///
    /// # Errors
    /// The reason, in words.
    pub(crate) fn start(args: &Run, node: &Node, tally: Tally, ask: UnboundedSender<Told>) -> Result<Self, String> {
        let journal = Journal::default();
        let daemon = Daemon { operator: node.operator(), journal: journal.clone(), tally, ask };
        let explicit = args.control.is_some() || args.control_group.is_some();
        let path = args.control.clone().unwrap_or_else(|| args.runtime_dir.join("vrrpd.sock"));
        let server = match Server::start(options(args, Some(path)), daemon.clone(), journal.clone()) {
            Err(error) if !explicit && !matches!(error, ServeError::Metrics { .. }) => {
                warn!(event = "control", "nobody can ask or command this daemon: {error}");
                let metrics = args.metrics.map(|_| Server::start(options(args, None), daemon, journal.clone()));
                metrics.transpose().map_err(|error| error.to_string())?
            }
            served => Some(served.map_err(|error| error.to_string())?),
        };
        if let Some(address) = server.as_ref().and_then(Server::metrics_address) {
            info!(event = "metrics", %address, "metrics are served at http://{address}/metrics");
        }
        Ok(Self { journal, _server: server })
    }

    /// Keeps an event for those who ask.
    pub(crate) fn event(&self, event: &Event) {
        self.journal.push(vrrp::control::event(event));
    }
}

fn options(args: &Run, control: Option<PathBuf>) -> Options {
    let mut options = Options::default();
    options.control = control;
    options.control_group.clone_from(&args.control_group);
    options.metrics = args.metrics;
    options.compat = args.metrics_compat;
    options
}
