use core::future::{Future, ready};
use core::net::IpAddr;
use std::sync::Arc;

use serde_json::Value;
use thiserror::Error;
use vrrp_control::{Drain, DrainReply, LogLevel, Reloaded, Status, Takeover, TakeoverReply, Undrain};

/// What a server serves: whoever runs the virtual routers answers here.
///
/// Every answer may take its time; a client that has gone does not cancel what it asked for.
pub trait Host: Send + Sync + 'static {
    /// How everything stands.
    fn status(&self) -> impl Future<Output = Result<Arc<Status>, Failure>> + Send;
    /// Who else on the LAN answers for the addresses that virtual routers serve here: asked for an explanation of the one
    /// of this name, or of all. A host that cannot ask knows of nobody.
    fn conflicts(&self, status: Arc<Status>, router: Option<String>) -> impl Future<Output = Vec<Conflict>> + Send {
        drop((status, router));
        ready(Vec::new())
    }
    /// The configuration as it is running, secrets masked.
    fn config(&self) -> impl Future<Output = Result<Value, Failure>> + Send;
    /// Reads the configuration again, or says what would come of it.
    fn reload(&self, dry_run: bool) -> impl Future<Output = Result<Reloaded, Failure>> + Send;
    /// Hands over and stays out; answers when the outcome is known.
    fn drain(&self, request: Drain) -> impl Future<Output = Result<DrainReply, Failure>> + Send;
    /// Ends a drain; gives the names of those that were drained.
    fn undrain(&self, request: Undrain) -> impl Future<Output = Result<Vec<String>, Failure>> + Send;
    /// Raises the priority above the Active router's, or ends that.
    fn takeover(&self, request: Takeover) -> impl Future<Output = Result<TakeoverReply, Failure>> + Send;
    /// How much is logged.
    fn log_level(&self) -> LogLevel;
    /// Changes how much is logged.
    fn set_log_level(&self, level: LogLevel);
}

/// An address that a virtual router serves here, and that somebody else on the LAN answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The address.
    pub address: IpAddr,
    /// The link on which the answer came.
    pub link: String,
    /// The MAC address that answers, as text.
    pub mac: String,
}

/// Why a host did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// There is no virtual router of this name.
    #[error("there is no virtual router {0}")]
    NoSuchRouter(String),
    /// It makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// It cannot be done now.
    #[error("{0}")]
    Unavailable(String),
}
