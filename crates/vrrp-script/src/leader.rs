use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ExitStatus};
use std::thread;

use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use tokio::io::unix::AsyncFd;
use tokio::time::sleep;

use crate::children;
use crate::sys::{signal_process, watch_process};

/// How often a process is looked at on kernels that cannot tell us of its end (before 5.3).
const LOOK: Duration = Duration::from_millis(10);

/// The first process of a group.
///
/// Until it is [reaped](Self::reap) its number belongs to it and to its group, so that no signal can reach anybody else.
/// One that is dropped before that is ended with its group at once.
#[derive(Debug)]
pub(crate) struct Leader {
    child: Option<Child>,
    process: Pid,
    descriptor: Option<AsyncFd<OwnedFd>>,
}

impl Leader {
    /// # Errors
    ///
    /// Its number is none.
    pub(crate) fn new(child: Child) -> io::Result<Self> {
        let number = i32::try_from(child.id()).map_err(io::Error::other)?;
        let descriptor = watch_process(number).ok();
        Ok(Self { child: Some(child), process: Pid::from_raw(number), descriptor })
    }

    pub(crate) const fn process(&self) -> Pid {
        self.process
    }

    /// Whether it has ended, reaped or not.
    pub(crate) fn has_ended(&self) -> bool {
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        waitid(Id::Pid(self.process), look) != Ok(WaitStatus::StillAlive)
    }

    /// Waits until it has ended, and leaves it to be reaped. May be dropped and called again.
    pub(crate) async fn ended(&self) {
        while !self.has_ended() {
            let Some(descriptor) = &self.descriptor else {
                sleep(LOOK).await;
                continue;
            };
            match descriptor.readable().await {
                Ok(mut ready) if !self.has_ended() => ready.clear_ready(),
                Ok(_) => return,
                Err(_) => sleep(LOOK).await,
            }
        }
    }

    /// Sends a signal to it and to its group.
    pub(crate) fn signal(&self, signal: Signal) {
        // A leader may have left its group. Whoever is gone needs no signal.
        match &self.descriptor {
            Some(descriptor) => signal_process(descriptor.as_fd(), signal),
            None => drop(kill(self.process, signal)),
        }
        let _gone = killpg(self.process, signal);
    }

    /// Reaps it after its [end](Self::ended).
    ///
    /// # Errors
    ///
    /// Somebody else has.
    pub(crate) fn reap(&mut self) -> io::Result<ExitStatus> {
        let mut child = self.child.take().ok_or(io::ErrorKind::NotFound)?;
        children::reap(&mut child)
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        if self.child.is_none() {
            return;
        }
        self.signal(Signal::SIGKILL);
        let Some(mut child) = self.child.take() else { return };
        if self.has_ended() {
            let _nobody_asks = children::reap(&mut child);
        } else {
            // It ends within moments, unless the kernel holds it: then nobody but this thread waits.
            let reaper = thread::Builder::new().name("reap".into());
            let _without_it_stays_a_zombie = reaper.spawn(move || children::wait(&mut child));
        }
    }
}
