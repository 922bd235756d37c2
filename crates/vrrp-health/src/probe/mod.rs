//! What checks look at, one module for each kind.
//!
//! Kinds that ask (`http`, `tcp`, `dns`, `gateway`) have `pub(crate) async fn probe(&self) -> Outcome`, which the
//! runner calls at each interval and drops at the deadline. Kinds that are told (`file`, `process`, `interface`, `unit`)
//! have `pub(crate) async fn watch(&self, told: impl FnMut(Outcome))`, which runs until it is dropped.

mod dns;
mod file;
mod gateway;
mod http;
mod interface;
mod netlink;
mod process;
mod shared;
mod sys;
mod tcp;
#[cfg(test)]
mod testing;
mod unit;

pub use dns::Dns;
pub use file::{File, FileError, Init};
pub use gateway::Gateway;
pub use http::Http;
pub use interface::Interface;
pub use process::{Parameters, Process, ProcessSource};
pub use tcp::Tcp;
pub use unit::Unit;
