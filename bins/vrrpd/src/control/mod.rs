//! The control socket and the metrics address.

mod conflicts;
mod daemon;
mod masked;
mod plan;
mod tally;

use tokio::sync::mpsc::UnboundedSender;
use tracing::info;
use vrrp::{Event, Node};
use vrrp_http::{Bound, Journal, Server};

use crate::services::Told;
use conflicts::Found;
pub(crate) use daemon::Daemon;
pub(crate) use masked::masked;
pub(crate) use plan::{changes, diagnostics};
pub(crate) use tally::Tally;

/// What is served to people and to Prometheus.
pub(crate) struct Control {
    daemon: Daemon,
    /// Serves until it is dropped.
    _server: Option<Server>,
}

impl Control {
    /// Begins to serve at the places that were taken.
    ///
    /// # Errors
    /// The reason, in words.
    pub(crate) fn start(
        doors: Option<Bound>,
        node: &Node,
        tally: Tally,
        ask: UnboundedSender<Told>,
    ) -> Result<Self, String> {
        let journal = Journal::default();
        let daemon =
            Daemon { operator: node.operator(), journal: journal.clone(), tally, conflicts: Found::default(), ask };
        let server = doors.map(|doors| doors.serve(daemon.clone(), journal)).transpose();
        let server = server.map_err(|error| error.to_string())?;
        if let Some(address) = server.as_ref().and_then(Server::metrics_address) {
            info!(event = "metrics", %address, "metrics are served at http://{address}/metrics");
        }
        Ok(Self { daemon, _server: server })
    }

    /// Whoever answers what is asked.
    pub(crate) fn daemon(&self) -> Daemon {
        self.daemon.clone()
    }

    /// Keeps an event for those who ask.
    pub(crate) fn event(&self, event: &Event) {
        self.daemon.journal.push(vrrp::control::event(event));
    }
}
