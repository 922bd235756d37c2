//! Checks against servers on loopback, one for each test.

mod answers;
mod faults;
#[cfg(feature = "tls")]
mod https;
mod server;

use super::{Http, Url};
use crate::Outcome;
use server::Server;

/// A check of `/` at `server`.
fn at(server: &Server) -> Http {
    Http::get(Url::parse(&format!("http://{}/", server.at)).unwrap())
}

fn failed(words: impl Into<Box<str>>) -> Outcome {
    Outcome::Failed(words.into())
}
