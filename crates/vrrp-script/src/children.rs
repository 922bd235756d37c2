//! Which children of this process are ours to wait for, so that whoever buries orphans leaves their ends to us.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

/// Children that a run has started and not yet reaped, by number.
static LIVE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn live() -> MutexGuard<'static, BTreeSet<u32>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a child; nobody can take it for an orphan, however soon it ends.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Child> {
    let mut live = live();
    let child = command.spawn()?;
    live.insert(child.id());
    Ok(child)
}

/// Reaps a child after its end.
pub(crate) fn reap(child: &mut Child) -> io::Result<ExitStatus> {
    let mut live = live();
    let status = child.wait();
    live.remove(&child.id());
    status
}

/// Waits until a child has ended, then reaps it.
pub(crate) fn wait(child: &mut Child) {
    if let Ok(number) = i32::try_from(child.id()) {
        let _ended = waitid(Id::Pid(Pid::from_raw(number)), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
    }
    let _status = reap(child);
}

/// Reaps ended children of this process that none of its runs has started: orphans, which come to PID 1.
///
/// Returns whether that was all of them. It was not while a child of a run waits to be reaped by that run: the kernel
/// shows no other before that. Call it again a moment later.
pub fn bury_orphans() -> bool {
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG;
    loop {
        let live = live();
        let Some(ended) = waitid(Id::All, look | WaitPidFlag::WNOWAIT).ok().and_then(|status| status.pid()) else {
            return true;
        };
        if live.contains(&ended.as_raw().unsigned_abs()) {
            return false;
        }
        if waitid(Id::Pid(ended), look).is_err() {
            return false;
        }
    }
}
