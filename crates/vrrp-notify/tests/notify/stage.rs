//! A directory with scripts, and a notifier whose events are waited for.

use core::time::Duration;
use std::ffi::CString;
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use tempfile::TempDir;
use vrrp_notify::{Delivered, Event, Hook, HookName, Notice, Notifier, Outcome, Plan, State, Subject, SubjectId, Told};
use vrrp_script::{Program, Report};

/// How long a test waits for what must come: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Stage {
    dir: TempDir,
    pub(crate) notifier: Option<Notifier>,
    events: Option<Receiver<Event>>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), notifier: None, events: None }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a shell script that runs in the directory, and returns it as a program with more arguments.
    pub(crate) fn script(&self, name: &str, body: &str, arguments: &[&str]) -> Program {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\ncd {}\n{body}\n", self.dir.path().display())).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Program::new([path.to_str().unwrap()].iter().chain(arguments).copied())
    }

    pub(crate) fn hook(&self, name: &str, body: &str) -> Option<Hook> {
        Some(Hook::new(self.script(name, body, &[])))
    }

    /// A FIFO in which a script says something at the right moment.
    pub(crate) fn gate(&self, name: &str) -> Gate {
        let path = self.path(name);
        make_fifo(&path);
        Gate(path)
    }

    pub(crate) fn start(&mut self, plan: Plan) {
        let (sender, receiver) = channel();
        self.events = Some(receiver);
        // Nobody listens to what comes after the end of the test.
        self.notifier = Some(Notifier::start(plan, move |event| drop(sender.send(event))).unwrap());
    }

    pub(crate) fn start_with(&mut self, subject: Subject) {
        self.start(Plan { subjects: vec![subject], ..Plan::default() });
    }

    pub(crate) fn notifier(&self) -> &Notifier {
        self.notifier.as_ref().unwrap()
    }

    pub(crate) fn tell(&self, told: Told) {
        self.notifier().tell(Notice::new(router(), told, 150));
    }

    pub(crate) fn enter(&self, state: State) {
        self.tell(Told::Entered(state));
    }

    pub(crate) fn stop(&mut self, within: Duration) {
        self.notifier.take().unwrap().stop(within);
    }

    pub(crate) fn event(&self) -> Event {
        self.events.as_ref().unwrap().recv_timeout(PATIENCE).expect("an event in time")
    }

    /// The next hook that is delivered, and what became of it.
    pub(crate) fn delivered(&self) -> (HookName, Outcome) {
        loop {
            if let Event::Delivered(Delivered { hook, outcome, .. }) = self.event() {
                return (hook, outcome);
            }
        }
    }

    /// The report of the next hook, which must be this one.
    pub(crate) fn ran(&self, hook: HookName) -> Report {
        match self.delivered() {
            (found, Outcome::Ran(report)) if found == hook => report,
            other => panic!("{other:?} instead of {hook}"),
        }
    }

    /// What came before the notifier was stopped and has not been looked at.
    pub(crate) fn rest(&self) -> Vec<Event> {
        self.events.as_ref().unwrap().try_iter().collect()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

pub(crate) fn router() -> SubjectId {
    SubjectId::instance("VI_1")
}

/// Blocks until a script has said something.
pub(crate) struct Gate(PathBuf);

impl Gate {
    /// Waits for the script to open it.
    pub(crate) fn open(&self) -> File {
        File::open(&self.0).unwrap()
    }

    pub(crate) fn heard(&self) -> String {
        let mut said = String::new();
        self.open().read_to_string(&mut said).unwrap();
        said.trim_end().to_owned()
    }
}

pub(crate) fn make_fifo(path: &Path) {
    let path = CString::new(path.as_os_str().as_bytes()).unwrap();
    nix::unistd::mkfifo(path.as_c_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
}

/// Whether a process runs: one that has died and was not reaped does not.
pub(crate) fn is_alive(process: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}

pub(crate) fn kill(process: &str) {
    let process = nix::unistd::Pid::from_raw(process.parse().unwrap());
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGKILL).unwrap();
}
