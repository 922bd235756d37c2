//! The program that reads a FIFO: one at a time, started again when it ends.

use core::time::Duration;
use std::path::PathBuf;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use vrrp_script::{Limit, Program};

use crate::backoff::Backoff;
use crate::worker::Happened;

/// A reader that ran this long did not fail at its start.
const STEADY: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Reader {
    program: Program,
    /// How long the reader may go on by itself, once it is to leave.
    leave: watch::Sender<Option<Duration>>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Starts the program with the path as one more argument, as soon as the reader before it is gone.
    pub(crate) fn start(
        program: Program,
        path: PathBuf,
        before: Option<Leaving>,
        happened: UnboundedSender<Happened>,
    ) -> Self {
        let (leave, told) = watch::channel(None);
        let argument = path.to_string_lossy().into_owned().into();
        let mut with_path = program.clone();
        with_path.argv = program.argv.iter().cloned().chain([argument]).collect();
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                before.gone().await;
            }
            keep(with_path, path, told, happened).await;
        });
        Self { program, leave, task }
    }

    pub(crate) const fn program(&self) -> &Program {
        &self.program
    }

    /// Lets the reader end by itself for so long, and then ends it.
    pub(crate) fn leave(self, within: Duration) -> Leaving {
        self.leave.send_replace(Some(within));
        Leaving { task: self.task }
    }
}

/// A reader that is about to be gone.
#[derive(Debug)]
pub(crate) struct Leaving {
    task: JoinHandle<()>,
}

impl Leaving {
    pub(crate) async fn gone(self) {
        // An error is a panic over there, which leaves no reader either.
        let _ = self.task.await;
    }
}

async fn keep(
    program: Program,
    path: PathBuf,
    mut told: watch::Receiver<Option<Duration>>,
    happened: UnboundedSender<Happened>,
) {
    let mut backoff = Backoff::new(fastrand::u64(..));
    while told.borrow().is_none() {
        let began = Instant::now();
        let report = program.run(Limit::default(), overstayed(&mut told)).await;
        // Nobody listens any more when the notifier is gone, and then we are told to leave as well.
        let _ = happened.send(Happened::ReaderEnded(path.clone(), report));
        if began.elapsed() >= STEADY {
            backoff.succeeded();
        }
        tokio::select! {
            () = sleep(backoff.failed()) => {}
            _ = told.wait_for(Option::is_some) => {}
        }
    }
}

/// Ends when a reader that was told to leave is still there after its time.
async fn overstayed(told: &mut watch::Receiver<Option<Duration>>) {
    let within = told.wait_for(Option::is_some).await.map_or(None, |within| *within);
    sleep(within.unwrap_or_default()).await;
}
