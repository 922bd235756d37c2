use core::any::type_name;
use core::time::Duration;
use std::io::{self, PipeReader, Read};
use std::process::{Child, ExitStatus, exit};
use std::sync::mpsc;
use std::thread;

use crate::enter::{again, start_error};
use crate::error::EnterError;
use crate::inside::{is_inside, settle};

/// The line that proves that the test's body ran to its end inside.
const PROOF: &str = "vrrp-lab: the isolated test ran to its end";

/// What the namespaces of a test are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Privilege {
    /// A new user namespace: works for everybody, and is the same for root.
    #[default]
    User,
    /// No user namespace: needs real root, for what the kernel grants to nobody else (realtime scheduling, other users).
    Real,
}

/// Runs the body of a `#[test]` inside new user, network, mount and PID namespaces: [`Isolation::run`] with the defaults.
///
/// What the test does before the call happens in both processes, what it does after it in the outer one only. Inside, the
/// process is root and the first of its PID namespace; `/run`, `/var/run` and `/tmp` are empty, and private to each host as well.
///
/// # Panics
///
/// As [`Isolation::run`].
pub fn isolated<F: FnOnce()>(body: F) {
    Isolation::default().run(body);
}

/// How a test is run in isolation.
#[derive(Debug, Clone)]
#[must_use]
pub struct Isolation {
    name: Option<String>,
    privilege: Privilege,
    deadline: Duration,
}

impl Default for Isolation {
    fn default() -> Self {
        Self { name: None, privilege: Privilege::User, deadline: Duration::from_secs(120) }
    }
}

impl Isolation {
    /// Names the test, as `cargo test` shows it. Needed only where the body is not a closure written in the test function itself.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Asks for real root in place of a user namespace.
    pub const fn real_root(mut self) -> Self {
        self.privilege = Privilege::Real;
        self
    }

    /// Sets how long the test may take; 120 s if not called.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Runs `body` inside: the test binary is started again for this one test, and `body` is called in that process only,
    /// which ends with it: what the test does after `run` happens outside.
    ///
    /// # Panics
    ///
    /// When the test inside fails, does not end within the deadline, or cannot be run at all; the message carries its output.
    #[expect(clippy::panic, reason = "this is how a test fails")]
    #[track_caller]
    pub fn run<F: FnOnce()>(self, body: F) {
        if is_inside() {
            if let Err(error) = settle() {
                panic!("{error}");
            }
            body();
            eprintln!("{PROOF}");
            exit(0);
        }
        let name = self.name.clone().unwrap_or_else(|| test_of::<F>());
        match self.run_again(&name) {
            Ok((Some(status), output)) if status.success() && output.contains(PROOF) => {
                eprint!("{output}")
            }
            Ok((Some(status), output)) if status.success() => {
                panic!("no test {name} was found to run in isolation (Isolation::named helps):\n{output}")
            }
            Ok((Some(status), output)) => panic!("{name} failed in isolation, {status}:\n{output}"),
            Ok((None, output)) => {
                panic!("{name} did not end within {:?}:\n{output}", self.deadline)
            }
            Err(error) => panic!("{name} cannot be run in isolation: {error}"),
        }
    }

    /// Returns the exit status (none when the deadline passed) and all output.
    fn run_again(&self, name: &str) -> Result<(Option<ExitStatus>, String), EnterError> {
        let arguments = [name, "--exact", "--nocapture", "--include-ignored", "--test-threads=1"];
        let mut command = again(arguments.map(Into::into), self.privilege)?;
        let (reader, mut child) = (|| {
            let (reader, writer) = io::pipe()?;
            command.stdout(writer.try_clone()?).stderr(writer);
            Ok((reader, command.spawn()?))
        })()
        .map_err(|source| start_error(&command, source, self.privilege))?;
        // The command holds the writing ends: the output ends only when they are closed.
        drop(command);
        let (output, in_time) = read_until(reader, self.deadline, &mut child);
        let status = child.wait().ok();
        Ok((status.filter(|_| in_time), output))
    }
}

/// Reads to the end, or kills `child` at the deadline, which ends everything that holds the pipe.
fn read_until(mut reader: PipeReader, deadline: Duration, child: &mut Child) -> (String, bool) {
    let (done, ended) = mpsc::channel();
    let reading = thread::spawn(move || {
        let mut bytes = Vec::new();
        let _rest_is_lost = reader.read_to_end(&mut bytes);
        let _nobody_waits = done.send(());
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let in_time = ended.recv_timeout(deadline).is_ok();
    if !in_time {
        let _already_gone = child.kill();
    }
    (reading.join().unwrap_or_default(), in_time)
}

/// The test's name, from the path of the closure written in it: `crate::module::test::{{closure}}`.
fn test_of<F>() -> String {
    let path = type_name::<F>().trim_end_matches("::{{closure}}");
    path.split_once("::").map_or(path, |(_crate, rest)| rest).to_owned()
}
