//! System calls for which no safe wrapper exists.
#![expect(unsafe_code, reason = "two calls into libc that take no pointer of ours that outlives them")]

use std::io;

/// Schedules the calling thread under `SCHED_RR` at `priority`; threads it starts later inherit it.
pub(crate) fn set_realtime(priority: i32) -> io::Result<()> {
    let parameters = libc::sched_param { sched_priority: priority };
    // SAFETY: the pointer is to a local that outlives the call; pid 0 is the calling thread.
    checked(unsafe { libc::sched_setscheduler(0, libc::SCHED_RR, &raw const parameters) })
}

/// Gives the calling thread this nice value.
pub(crate) fn set_nice(nice: i32) -> io::Result<()> {
    // SAFETY: no pointers; on Linux `who` 0 is the calling thread.
    checked(unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, nice) })
}

fn checked(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
