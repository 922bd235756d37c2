use core::future::Future;
use core::time::Duration;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use nix::sys::signal::Signal;
use tokio::select;
use tokio::time::{Instant, sleep, timeout};

use crate::leader::Leader;
use crate::output::Output;
use crate::program::Program;
use crate::report::{End, Report, Unrunnable};

/// How long a program may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How long it may run; without end if there is none.
    pub deadline: Option<Duration>,
    /// From SIGTERM to SIGKILL.
    pub grace: Duration,
}

impl Default for Limit {
    /// No deadline, and a second between SIGTERM and SIGKILL.
    fn default() -> Self {
        Self { deadline: None, grace: Duration::from_secs(1) }
    }
}

/// A program that runs. Dropped before its end, it is killed with its group at once.
#[derive(Debug)]
pub struct Run {
    leader: Leader,
    output: Output,
    started: Instant,
}

impl Program {
    /// Runs it to its end, to its deadline or until `cancelled` is ready, whichever comes first.
    ///
    /// At the deadline and when cancelled its group is ended as by [`Run::end`]. A process that even SIGKILL cannot end (it waits for a
    /// disk that does not answer) is left behind after two more graces, to be reaped whenever it ends.
    pub async fn run(&self, limit: Limit, cancelled: impl Future<Output = ()>) -> Report {
        let started = Instant::now();
        let start = async { self.prepare().await?.start().await };
        match start.await {
            Ok(run) => run.within(limit, cancelled).await,
            Err(why) => Report { end: End::Unrunnable(why), took: started.elapsed(), output: Box::default() },
        }
    }
}

impl Run {
    pub(crate) const fn new(started: Instant, leader: Leader, output: Output) -> Self {
        Self { leader, output, started }
    }

    /// Returns the number of its first process, which is that of its group.
    pub fn process(&self) -> u32 {
        self.leader.process().as_raw().unsigned_abs()
    }

    /// Waits for its end, and takes in its output meanwhile. May be dropped and called again; must not be after it was ready.
    ///
    /// It waits for the first process only. What that left behind lives on, even if it holds the output open.
    pub async fn ended(&mut self) -> End {
        loop {
            select! {
                biased;
                () = self.leader.ended() => break,
                () = self.output.take_in() => {}
            }
        }
        self.reap()
    }

    /// Returns how it ended, if it has.
    pub fn try_ended(&mut self) -> Option<End> {
        self.leader.has_ended().then(|| self.reap())
    }

    /// Ends it: SIGTERM to the whole group, and SIGKILL to what is left of the group when the first process has ended or `grace` is over.
    ///
    /// Waits until the first process is reaped: as long as it takes.
    pub async fn end(&mut self, grace: Duration) {
        self.leader.signal(Signal::SIGTERM);
        let _in_time = timeout(grace, self.gone()).await;
        self.leader.signal(Signal::SIGKILL);
        self.gone().await;
        let _nobody_asks = self.leader.reap();
    }

    /// Returns the end of what it has written until now.
    pub fn output(&self) -> Box<str> {
        self.output.so_far()
    }

    /// Returns what is to be said about it.
    pub fn report(self, end: End) -> Report {
        Report { end, took: self.started.elapsed(), output: self.output.finish() }
    }

    async fn within(mut self, limit: Limit, cancelled: impl Future<Output = ()>) -> Report {
        let remaining = limit.deadline.map(|deadline| deadline.saturating_sub(self.started.elapsed()));
        let deadline = async {
            match remaining {
                Some(remaining) => sleep(remaining).await,
                None => core::future::pending().await,
            }
        };
        // Its end comes last: a flood of output keeps it busy for ever. That it has ended already is seen all the same.
        let end = select! {
            biased;
            () = cancelled => End::Cancelled,
            () = deadline => End::TimedOut,
            end = self.ended() => return self.report(end),
        };
        if let Some(end) = self.try_ended() {
            return self.report(end);
        }
        let _left_behind = timeout(limit.grace.saturating_mul(3), self.end(limit.grace)).await;
        self.report(end)
    }

    /// Waits until the first process has ended, without reaping it.
    async fn gone(&mut self) {
        loop {
            select! {
                biased;
                () = self.leader.ended() => return,
                () = self.output.take_in() => {}
            }
        }
    }

    fn reap(&mut self) -> End {
        match self.leader.reap() {
            Ok(status) => end_of(status),
            Err(error) => End::Unrunnable(Unrunnable::Start(format!("its exit status is lost: {error}").into())),
        }
    }
}

fn end_of(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        // The kernel keeps the low eight bits only.
        (Some(code), _) => End::Exited(u8::try_from(code & 0xff).unwrap_or(u8::MAX)),
        (None, signal) => End::Signalled(signal.unwrap_or_default()),
    }
}
