//! A runtime for one watcher, and what it told.

use core::fmt::Debug;
use core::future::Future;
use core::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::LocalSet;
use tokio::time::timeout;

use crate::outcome::Outcome;

/// Longer than anything takes that happens at all.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a future on a runtime of its own, as a runner does.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, future)
}

/// What a watcher told and nobody has looked at yet.
pub(crate) struct Told(UnboundedReceiver<Outcome>);

/// Starts a watcher: `telling!(interface)` for anything that has `watch`.
macro_rules! telling {
    ($probe:expr) => {{
        let (sender, told) = crate::probe::testing::channel();
        let probe = $probe;
        let watcher = tokio::task::spawn_local(async move {
            probe.watch(|outcome| sender.send(outcome).unwrap()).await;
        });
        (told, watcher)
    }};
}
pub(crate) use telling;

pub(crate) fn channel() -> (tokio::sync::mpsc::UnboundedSender<Outcome>, Told) {
    let (sender, receiver) = unbounded_channel();
    (sender, Told(receiver))
}

impl Told {
    /// The next outcome.
    pub(crate) async fn next(&mut self) -> Outcome {
        timeout(PATIENCE, self.0.recv()).await.expect("something is told in time").expect("the watcher runs")
    }

    /// Waits for an outcome; what comes before it does not matter.
    pub(crate) async fn until(&mut self, wanted: impl PartialEq<Outcome> + Debug) {
        let mut before = Vec::new();
        loop {
            match timeout(PATIENCE, self.0.recv()).await {
                Ok(Some(outcome)) if wanted == outcome => return,
                Ok(Some(outcome)) => before.push(outcome),
                Ok(None) | Err(_) => panic!("{wanted:?} was not told; before: {before:?}"),
            }
        }
    }

    /// Whether nothing more was told.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

pub(crate) fn failed(words: &str) -> Outcome {
    Outcome::Failed(words.into())
}

/// Runs `ip`, which must succeed.
pub(crate) fn ip(arguments: &str) {
    let output = std::process::Command::new("ip").args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
