//! Serves a VRRP daemon's control interface on a Unix socket and its metrics on TCP, off the engine's thread.
//!
//! What it is: one HTTP/1.1 server on a thread of its own. On the control socket it serves what `vrrp-control` describes,
//! under `/v1/`, and metrics; on TCP, when asked for, only metrics and a status without anything that changes. Connections
//! are bounded, slow clients are given up, and whoever does not read a stream of events loses it. What it serves it asks of
//! a [`Host`].
//!
//! What it is not: it runs no virtual router and decides nothing. The client is `vrrp_control::Client`.
//!
//! ```no_run
//! use vrrp_http::{Host, Journal, Options, Server};
//!
//! # fn serve(daemon: impl Host) -> Result<(), vrrp_http::ServeError> {
//! let journal = Journal::default();
//! let mut options = Options::default();
//! options.control = Some("/run/vrrpd/vrrpd.sock".into());
//! let server = Server::start(options, daemon, journal.clone())?;
//! # drop(server);
//! # Ok(())
//! # }
//! ```

mod answer;
mod control_socket;
mod error;
mod explain;
mod follow;
mod host;
mod journal;
mod metrics;
mod patient;
mod peer;
mod routes;
mod server;
mod service;

pub use error::ServeError;
pub use explain::explain;
pub use host::{Conflict, Failure, Host};
pub use journal::{CAPACITY, Journal};
pub use routes::{Method, OPENAPI, ROUTES, Route};
#[doc(hidden)]
pub use server::serve_connection;
pub use server::{Bound, Options, Server};
