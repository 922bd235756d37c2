use core::time::Duration;
use std::io::{self, BufRead, BufReader, PipeReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

use crate::error::DaemonError;
use crate::host::Host;
use crate::inside::INSIDE;
use crate::log::Log;
use crate::stamp::Stamp;
use crate::sys;

/// How long the kernel may take to end a process that was killed.
const KILL_DEADLINE: Duration = Duration::from_secs(10);

/// How long the log of a program that has ended is waited for.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// How many lines of the log an error shows.
const TAIL_LINES: usize = 25;

/// A program running on a host, in a process group of its own. Dropping it kills the group.
#[derive(Debug)]
pub struct Daemon {
    // The thread that started the program must outlive it, and lives with the host.
    host: Host,
    program: String,
    pid: Pid,
    watched: Arc<Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    log: Log,
    log_ended: bool,
    status: Option<ExitStatus>,
}

impl Daemon {
    pub(crate) fn start(host: &Host, mut command: Command) -> Result<Self, DaemonError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let started = host.namespace().on_worker(move || {
            let (reader, writer) = io::pipe()?;
            command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
            command.process_group(0).env_remove(INSIDE);
            sys::die_with_parent(&mut command);
            Ok((command.spawn()?, reader))
        });
        let started = started.map_err(io::Error::other).and_then(|result| result);
        let (child, output) = started.map_err(|source| DaemonError::Start {
            host: host.name().to_owned(),
            program: program.clone(),
            source,
        })?;
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
        let daemon = Self { host: host.clone(), program, pid, watched: Arc::default() };
        daemon.watch(child, output);
        Ok(daemon)
    }

    /// Returns the process number, as `/proc` of the lab shows it.
    pub const fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Returns a copy of what the program has printed so far.
    pub fn log(&self) -> Log {
        self.state().log.clone()
    }

    /// Returns how many lines the program has printed so far: a mark for [`Self::wait_for_log_since`].
    pub fn log_mark(&self) -> usize {
        self.state().log.line_count()
    }

    /// Waits for a line that contains `text`, printed before or after the call, and returns when it was read.
    ///
    /// # Errors
    ///
    /// [`DaemonError::Deadline`], or [`DaemonError::Ended`] if the program ends without it; both show the end of the log.
    pub fn wait_for_log(&self, text: &str, deadline: Duration) -> Result<Stamp, DaemonError> {
        self.wait_for_log_since(0, text, deadline)
    }

    /// Waits for a line that contains `text` after the first `mark` lines ([`Self::log_mark`]).
    ///
    /// # Errors
    ///
    /// As [`Self::wait_for_log`].
    pub fn wait_for_log_since(&self, mark: usize, text: &str, deadline: Duration) -> Result<Stamp, DaemonError> {
        let what = format!("a line with {text:?}");
        let mut seen = mark;
        self.wait(&what, deadline, true, |state| {
            let found = state.log.since(seen).find(|(_, line)| line.contains(text)).map(|(stamp, _)| stamp);
            seen = state.log.line_count();
            found
        })
    }

    /// Sends a signal to the program (not to its children).
    ///
    /// # Errors
    ///
    /// [`DaemonError::Ended`] if it has ended already.
    pub fn signal(&self, signal: Signal) -> Result<(), DaemonError> {
        // The lock keeps the process from being reaped, and its number from being another's.
        let state = self.state();
        if let Some(status) = state.status {
            return Err(self.ended(status, &state));
        }
        kill(self.pid, signal).map_err(|errno| self.unsignalled(errno.into()))
    }

    /// Sends a signal to the program and its children, as far as they have not left its process group.
    ///
    /// # Errors
    ///
    /// [`DaemonError::Ended`] if the program has ended already.
    pub fn signal_group(&self, signal: Signal) -> Result<(), DaemonError> {
        let state = self.state();
        if let Some(status) = state.status {
            return Err(self.ended(status, &state));
        }
        killpg(self.pid, signal).map_err(|errno| self.unsignalled(errno.into()))
    }

    /// Kills the program and its process group, and waits until all of it is gone.
    ///
    /// # Errors
    ///
    /// [`DaemonError::Deadline`] if the kernel does not end it. None if it had ended already.
    pub fn kill(&self) -> Result<ExitStatus, DaemonError> {
        self.kill_group()?;
        let status = self.exit_status(KILL_DEADLINE)?;
        self.reap_group();
        Ok(status)
    }

    /// Waits until the program ends, and says how it did.
    ///
    /// # Errors
    ///
    /// [`DaemonError::Deadline`] with the end of its log.
    pub fn exit_status(&self, deadline: Duration) -> Result<ExitStatus, DaemonError> {
        self.wait("its end", deadline, false, |state| state.status)
    }

    /// Says whether the program has not ended.
    pub fn is_running(&self) -> bool {
        self.state().status.is_none()
    }

    fn kill_group(&self) -> Result<(), DaemonError> {
        let state = self.state();
        if state.status.is_some() && !self.group_lives() {
            return Ok(());
        }
        killpg(self.pid, Signal::SIGKILL).map_err(|errno| self.unsignalled(errno.into()))
    }

    /// Says whether processes of the group outlived its leader; then the group's number is still its own.
    fn group_lives(&self) -> bool {
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
        waitid(Id::PGid(self.pid), look).is_ok()
    }

    /// Waits for the killed rest of the group, whose parent is this process once their own has ended.
    fn reap_group(&self) {
        while waitid(Id::PGid(self.pid), WaitPidFlag::WEXITED).is_ok() {}
    }

    fn wait<T>(
        &self,
        what: &str,
        deadline: Duration,
        needs_life: bool,
        mut find: impl FnMut(&State) -> Option<T>,
    ) -> Result<T, DaemonError> {
        let end = Instant::now() + deadline;
        let mut state = self.state();
        loop {
            if let Some(found) = find(&state) {
                return Ok(found);
            }
            if let (true, Some(status)) = (needs_life, state.status) {
                return Err(self.ended(status, &state));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(self.too_late(what, deadline, &state));
            }
            let waited = self.watched.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn watch(&self, child: Child, output: PipeReader) {
        let watched = Arc::clone(&self.watched);
        thread::spawn(move || watched.read(output));
        let (watched, pid) = (Arc::clone(&self.watched), self.pid);
        thread::spawn(move || {
            // Not reaped yet, so that its number stays its own until the state says that it has ended.
            let _gone = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
            watched.reap(child);
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.watched.lock()
    }

    fn ended(&self, status: ExitStatus, state: &State) -> DaemonError {
        let tail = state.log.tail(TAIL_LINES);
        DaemonError::Ended { host: self.host.name().to_owned(), program: self.program.clone(), status, tail }
    }

    fn too_late(&self, what: &str, waited: Duration, state: &State) -> DaemonError {
        let tail = state.log.tail(TAIL_LINES);
        let (host, program) = (self.host.name().to_owned(), self.program.clone());
        DaemonError::Deadline { host, program, what: what.to_owned(), waited, tail }
    }

    fn unsignalled(&self, source: io::Error) -> DaemonError {
        DaemonError::Signal { host: self.host.name().to_owned(), program: self.program.clone(), source }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ends_with_the_lab = self.kill();
    }
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, output: PipeReader) {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            self.lock().log.push(Stamp::now(), &line);
            self.changed.notify_all();
            line.clear();
        }
        self.lock().log_ended = true;
        self.changed.notify_all();
    }

    /// Records the end, once the last words are read. A child of the program may hold the pipe open; that is not waited for.
    fn reap(&self, mut child: Child) {
        let reading = |state: &mut State| !state.log_ended;
        let waited = self.changed.wait_timeout_while(self.lock(), LAST_WORDS, reading);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.status = child.wait().ok();
        drop(state);
        self.changed.notify_all();
    }
}
