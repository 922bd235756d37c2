//! What happens between fork and exec, and the two calls on process descriptors that no safe wrapper offers.
#![expect(unsafe_code, reason = "pre_exec, and system calls on process descriptors without pointers of ours")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::prctl::{set_no_new_privs, set_pdeathsig};
use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};
use tokio::io::unix::AsyncFd;

/// The first descriptor after the three that a program is given.
const FIRST_FOREIGN: u32 = 3;
/// Descriptors that a program in a strict sandbox may have open.
const DESCRIPTORS: rlim_t = 1024;
/// Processes and threads that the user of a program in a strict sandbox may have.
const PROCESSES: rlim_t = 4096;

/// Who the new process becomes.
#[derive(Debug, Clone)]
pub(crate) struct Become {
    pub(crate) user: Uid,
    pub(crate) group: Gid,
    pub(crate) groups: Vec<Gid>,
    /// Whether it stays the user that we are: then groups that may not be changed stay as they are.
    pub(crate) same_user: bool,
}

/// Makes `command` become somebody, shut itself in, inherit no descriptor, and end with the thread that starts it.
///
/// `cgroup` is the open `cgroup.procs` of the control group that it enters; it must stay open until the process is started.
pub(crate) fn set_up(command: &mut Command, become_who: Option<Become>, strict: bool, cgroup: Option<RawFd>) {
    let child = move || {
        if let Some(members) = cgroup {
            enter(members);
        }
        if let Some(who) = &become_who {
            who.take_on()?;
        }
        if strict {
            shut_in()?;
        }
        leave_realtime();
        // What we open is closed on exec anyway; this is for what we were given. Kernels before 5.11 do not know it.
        // SAFETY: no pointers; descriptors are marked, not closed.
        unsafe { libc::syscall(libc::SYS_close_range, FIRST_FOREIGN, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
        // After the change of user, which clears it.
        Ok(set_pdeathsig(Signal::SIGTERM)?)
    };
    // SAFETY: the closure makes system calls and reads memory made before the fork; it neither allocates nor locks.
    unsafe { command.pre_exec(child) };
}

impl Become {
    fn take_on(&self) -> io::Result<()> {
        match setgroups(&self.groups) {
            Err(Errno::EPERM) if self.same_user => {}
            result => result?,
        }
        setgid(self.group)?;
        Ok(setuid(self.user)?)
    }
}

/// Enters a control group. Without it the process group has to do.
fn enter(members: RawFd) {
    // SAFETY: the pointer is to one octet of static memory, and the descriptor was open when the process was forked.
    unsafe { libc::write(members, b"0".as_ptr().cast(), 1) };
}

fn shut_in() -> io::Result<()> {
    set_no_new_privs()?;
    // SAFETY: no pointers. Kernels without ambient capabilities have none to clear.
    unsafe { libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) };
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_NOFILE, DESCRIPTORS)?;
    limit(Resource::RLIMIT_NPROC, PROCESSES)
}

fn limit(resource: Resource, most: rlim_t) -> io::Result<()> {
    let (soft, hard) = getrlimit(resource)?;
    Ok(setrlimit(resource, soft.min(most), hard.min(most))?)
}

/// Programs must not compete with what sends advertisements.
fn leave_realtime() {
    // SAFETY: the pointer is to a local that outlives the call; pid 0 is the calling process.
    unsafe {
        if matches!(libc::sched_getscheduler(0), libc::SCHED_FIFO | libc::SCHED_RR) {
            let parameters = libc::sched_param { sched_priority: 0 };
            libc::sched_setscheduler(0, libc::SCHED_OTHER, &raw const parameters);
        }
    }
}

/// Opens a descriptor that becomes readable when the process ends.
pub(crate) fn watch_process(process: i32) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: no pointers.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_open, process, libc::PIDFD_NONBLOCK) };
    let descriptor = i32::try_from(result).map_err(io::Error::other)?;
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just opened it for us, closed on exec.
    let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
    // SAFETY: an `OwnedFd` is the same descriptor for as long as it lives.
    Ok(unsafe { AsyncFd::register(descriptor) }?)
}

/// Sends a signal to the very process that the descriptor stands for.
pub(crate) fn signal_process(process: BorrowedFd<'_>, signal: Signal) {
    let no_information = core::ptr::null::<libc::siginfo_t>();
    // SAFETY: the kernel takes a null pointer for "no information". A process that is gone needs no signal.
    unsafe { libc::syscall(libc::SYS_pidfd_send_signal, process.as_raw_fd(), signal as i32, no_information, 0_u32) };
}
