use core::fmt;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use crate::check::Check;
use crate::error::{Duplicate, StartError};
use crate::heartbeat::Heartbeat;
use crate::report::Report;

mod life;
mod look;
mod script;
mod serve;
mod standing;

/// Threads that ask for users and groups, which a directory service may hold up.
const LOOKUPS: usize = 4;

/// Runs checks on a thread of its own.
///
/// A check runs in slots an interval apart, the first within moments of the start; one that takes longer than its interval
/// skips the slots it misses, so that it never runs twice at once. Dropping the runner stops it.
pub struct Runner {
    /// None once it was told to stop.
    orders: Option<UnboundedSender<Vec<Check>>>,
    thread: Option<JoinHandle<()>>,
    heartbeat: Heartbeat,
}

impl Runner {
    /// Starts to run `checks`. `seed` spreads their first runs; `sink` is given every [`Report`], on the runner's thread, where it must not wait.
    ///
    /// Scripts end with the thread, and inherit its scheduling unless that is realtime.
    ///
    /// # Errors
    ///
    /// Two checks have the same name, or the thread cannot be started.
    pub fn start(checks: Vec<Check>, seed: u64, sink: impl FnMut(Report) + Send + 'static) -> Result<Self, StartError> {
        distinct(&checks)?;
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(LOOKUPS).build()?;
        let (orders, taken) = unbounded_channel();
        let heartbeat = Heartbeat::new();
        let pulse = heartbeat.clone();
        let work = move || {
            let local = LocalSet::new();
            local.block_on(&runtime, serve::serve(checks, seed, sink, taken, pulse));
            // What still runs ends here.
            drop(local);
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("checks".into()).spawn(work)?;
        Ok(Self { orders: Some(orders), thread: Some(thread), heartbeat })
    }

    /// Goes on with other checks. One that is the same keeps its verdict and its slots; one whose parameters differ keeps its verdict,
    /// as with keepalived; one that looks at something else keeps it until its first outcome, which decides alone.
    ///
    /// # Errors
    ///
    /// Two checks have the same name; then nothing changes.
    pub fn reload(&self, checks: Vec<Check>) -> Result<(), Duplicate> {
        distinct(&checks)?;
        if let Some(orders) = &self.orders {
            // A thread that is gone beats no more, and is noticed by that.
            let _gone = orders.send(checks);
        }
        Ok(())
    }

    /// Returns the sign of life of its thread.
    pub fn heartbeat(&self) -> Heartbeat {
        self.heartbeat.clone()
    }

    /// Kills what runs, with all that it started, and waits for the thread. There are no reports afterwards.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // Its panic was told when it happened.
            let _panicked = thread.join();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("heartbeat", &self.heartbeat).finish_non_exhaustive()
    }
}

fn distinct(checks: &[Check]) -> Result<(), Duplicate> {
    let mut names = BTreeSet::new();
    match checks.iter().find(|check| !names.insert(&check.name)) {
        Some(check) => Err(Duplicate { name: Arc::clone(&check.name) }),
        None => Ok(()),
    }
}
