//! System calls for which no safe wrapper exists.
#![expect(unsafe_code, reason = "two calls into libc that take no pointer of ours that outlives them")]

use std::io;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

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

/// Gives back to the kernel what reading a configuration needed and nothing needs any more.
pub(crate) fn trim_memory() {
    #[cfg(target_env = "gnu")]
    // SAFETY: glibc's own bookkeeping, under its own locks.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// The bit of `CAP_NET_ADMIN` in a capability set.
pub(crate) const CAP_NET_ADMIN: u32 = 12;

/// Whether the calling thread has a capability in effect.
pub(crate) fn is_capable(capability: u32) -> bool {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    // Without /proc nothing is known, and the first refusal will say the same.
    effective.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_none_or(|set| set >> capability & 1 == 1)
}

/// Raises the limit of open descriptors where `routers` need more than there may be: each holds one.
pub(crate) fn allow_descriptors(routers: usize) {
    let needed = u64::try_from(routers).unwrap_or(u64::MAX).saturating_add(128);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < needed
    {
        // What is refused here shows where a descriptor is missing.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, needed.min(hard), hard);
    }
}

fn checked(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
