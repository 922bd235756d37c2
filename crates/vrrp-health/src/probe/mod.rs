//! What checks look at, one module for each kind.
//!
//! Kinds that ask (`http`, `tcp`, `dns`, `gateway`) have `pub(crate) async fn probe(&self) -> Outcome`, which the
//! runner calls at each interval and drops at the deadline. Kinds that are told (`file`, `process`, `interface`, `unit`)
//! have `pub(crate) async fn watch(&self, told: impl FnMut(Outcome))`, which runs until it is dropped.

mod connect;
#[cfg(feature = "dns")]
mod dns;
mod endpoint;
mod error;
mod file;
mod gateway;
#[cfg(feature = "http")]
mod http;
mod interface;
mod netlink;
mod origin;
mod process;
mod resolve;
mod shared;
mod sys;
mod tcp;
#[cfg(test)]
mod testing;
mod unit;

#[cfg(feature = "dns")]
pub use dns::{Dns, DnsQuestion};
pub use endpoint::{Endpoint, Host};
pub use error::SpecError;
pub use file::{File, FileError, Init};
pub use gateway::Gateway;
#[cfg(feature = "http")]
pub use http::{Conditions, Header, Http, JsonEquals, Method, Pattern, Scheme, Statuses, Tls, Trust, Url};
pub use interface::Interface;
pub use origin::Origin;
pub use process::{Parameters, Process, ProcessSource};
pub use tcp::Tcp;
pub use unit::Unit;
