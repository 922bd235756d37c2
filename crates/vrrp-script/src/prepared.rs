use core::time::Duration;
use std::env;
use std::io::{self, ErrorKind};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use nix::errno::Errno;
use nix::unistd::geteuid;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::children;
use crate::credentials::Credentials;
use crate::inspect::without_interpreter;
use crate::leader::Leader;
use crate::locate::SEARCH_PATH;
use crate::output::Output;
use crate::path::{components, denied, insecure};
use crate::program::{Identity, Program, Sandbox};
use crate::report::Unrunnable;
use crate::run::Run;
use crate::sys::{Become, set_up};

/// What interprets a script that does not say what interprets it.
const SHELL: &str = "/bin/sh";
/// What keepalived takes out of a script's environment.
const DROPPED: [&str; 3] = ["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"];
/// How often a program that is being written is tried again, and after how long.
const BUSY_TRIES: u32 = 5;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// A [`Program`] whose user and groups are known, to be run many times.
#[derive(Debug, Clone)]
pub struct Prepared {
    program: Program,
    who: Credentials,
}

impl Program {
    /// Looks up user and groups, on another thread where names have to be asked for: a directory service may take its time.
    ///
    /// # Errors
    ///
    /// There is no such user or group, or nobody knows.
    pub async fn prepare(&self) -> Result<Prepared, Unrunnable> {
        let who = match self.identity.clone() {
            Identity::Inherit => Credentials::resolve(&Identity::Inherit),
            named @ Identity::Named { .. } => match spawn_blocking(move || Credentials::resolve(&named)).await {
                Ok(who) => who,
                Err(error) => Err(Unrunnable::Lookup(error.to_string().into())),
            },
        };
        Ok(Prepared { program: self.clone(), who: who? })
    }
}

impl Prepared {
    /// Starts it, in a process group of its own, on the calling thread, with which it ends (`PR_SET_PDEATHSIG`, as keepalived's do).
    ///
    /// It waits only while somebody has the program open for writing.
    ///
    /// # Errors
    ///
    /// It is not there, may not be run, or is [refused](Program::secure).
    pub async fn start(&self) -> Result<Run, Unrunnable> {
        let path = self.program.locate(&self.who)?;
        if self.program.secure
            && let Some(why) = insecure(&components(&path)?, &self.who)
        {
            return Err(why);
        }
        let mut tries = 0;
        loop {
            match self.spawn(&path) {
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES => {
                    tries += 1;
                    sleep(BUSY_PAUSE).await;
                }
                Err(error) => return Err(self.explain(&path, &error)),
                Ok(run) => return Ok(run),
            }
        }
    }

    fn spawn(&self, path: &Path) -> io::Result<Run> {
        let started = Instant::now();
        let arguments = || self.program.argv.iter().skip(1).map(Arc::clone);
        let (reader, child) = match self.spawn_as(path, arguments()) {
            // glibc does this itself, other C libraries do not.
            Err(error) if error.raw_os_error() == Some(Errno::ENOEXEC as i32) => {
                let script = Arc::from(path.to_string_lossy());
                self.spawn_as(Path::new(SHELL), core::iter::once(script).chain(arguments()))?
            }
            result => result?,
        };
        Ok(Run::new(started, Leader::new(child)?, Output::new(reader)?))
    }

    fn spawn_as(&self, path: &Path, arguments: impl Iterator<Item = Arc<str>>) -> io::Result<(io::PipeReader, Child)> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(absolute(path)?);
        command.args(arguments.map(|argument| argument.to_string()));
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
        let strict = match self.program.sandbox {
            Sandbox::None => {
                for name in DROPPED {
                    command.env_remove(name);
                }
                false
            }
            Sandbox::Strict => {
                command.env_clear().env("PATH", SEARCH_PATH);
                true
            }
        };
        command.envs(self.program.environment.iter().map(|(name, value)| (&**name, &**value)));
        let become_who = (!self.who.ours).then(|| Become {
            user: self.who.user,
            group: self.who.group,
            groups: self.who.groups.clone(),
            same_user: self.who.user == geteuid(),
        });
        set_up(&mut command, become_who, strict);
        let child = children::spawn(&mut command)?;
        Ok((reader, child))
    }

    /// Names what is to blame for the kernel's refusal.
    fn explain(&self, path: &Path, error: &io::Error) -> Unrunnable {
        let words = || error.to_string().into();
        if error.raw_os_error() == Some(Errno::EPERM as i32) && !self.who.ours {
            let (user, group) = (self.who.user.as_raw(), self.who.group.as_raw());
            return Unrunnable::NotPermitted { user, group, error: words() };
        }
        if !matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound | ErrorKind::NotADirectory) {
            return Unrunnable::Start(words());
        }
        match components(path) {
            Ok(passed) => denied(&passed, &self.who)
                .or_else(|| without_interpreter(path))
                .unwrap_or_else(|| Unrunnable::Start(words())),
            Err(why) => why,
        }
    }
}

/// A relative path would be looked up in the search path if it had no slash.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    if path.is_absolute() { Ok(path.to_owned()) } else { Ok(env::current_dir()?.join(path)) }
}
