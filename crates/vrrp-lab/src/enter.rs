use std::env;
use std::ffi::{CString, OsString};
use std::process::{Command, ExitCode};

use nix::unistd::{Gid, Uid};

use crate::error::EnterError;
use crate::forbidden::{attempt, explain};
use crate::inside::{INSIDE, is_inside, settle};
use crate::isolation::Privilege;
use crate::sys::{self, IdMaps};

/// Which side of [`enter`] this process is on.
#[derive(Debug)]
#[must_use]
pub enum Entered {
    /// Inside: [`crate::Lab::new`] works from here on.
    Inside,
    /// Outside: the program has run inside, and this is what it ended with.
    Finished(ExitCode),
}

/// Runs the current program again, with the same arguments, inside new user, network, mount and PID namespaces.
///
/// To be called at the start of a program, or of the subcommand that needs a lab. The copy inside has the
/// terminal and the working directory of this one, sees itself as root, has `/run`, `/var/run` and `/tmp` of its own, and dies with this one.
///
/// # Errors
///
/// [`EnterError::Forbidden`] names the setting that forbids it on this system; the others are the kernel's refusals.
pub fn enter() -> Result<Entered, EnterError> {
    enter_with(Privilege::User)
}

/// Does what [`enter`] does, with a user namespace or, as real root, without.
///
/// # Errors
///
/// As [`enter`], and [`EnterError::NotRoot`] for [`Privilege::Real`] without it.
pub fn enter_with(privilege: Privilege) -> Result<Entered, EnterError> {
    if is_inside() {
        settle()?;
        return Ok(Entered::Inside);
    }
    let mut command = again(env::args_os().skip(1), privilege)?;
    let status = command.status().map_err(|source| start_error(&command, source, privilege))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX);
    Ok(Entered::Finished(ExitCode::from(code)))
}

/// Builds the command that runs this program again, inside.
pub(crate) fn again(
    arguments: impl IntoIterator<Item = OsString>,
    privilege: Privilege,
) -> Result<Command, EnterError> {
    let uid = Uid::effective();
    if privilege == Privilege::Real && !is_real_root() {
        return Err(EnterError::NotRoot { uid: uid.as_raw() });
    }
    let user_namespace = privilege == Privilege::User;
    let mut command = Command::new("/proc/self/exe");
    command.args(arguments).env(INSIDE, "1");
    sys::start_in_namespaces(&mut command, user_namespace.then(own_maps));
    Ok(command)
}

/// Tells a system that forbids namespaces from a program that cannot be started.
pub(crate) fn start_error(command: &Command, source: std::io::Error, privilege: Privilege) -> EnterError {
    match attempt(privilege == Privilege::User) {
        Err(error) => EnterError::Forbidden(explain(&error)),
        Ok(()) => EnterError::Start { program: command.get_program().into(), source },
    }
}

/// Says whether this process is root outside every user namespace, which [`Privilege::Real`] needs.
pub fn is_real_root() -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let whole = map.split_whitespace().eq(["0", "0", "4294967295"]);
    Uid::effective().is_root() && whole
}

/// Maps the own user and group, and nobody else, to root.
pub(crate) fn own_maps() -> IdMaps {
    let line = |id: u32| CString::new(format!("0 {id} 1\n")).unwrap_or_default();
    IdMaps { uid: line(Uid::effective().as_raw()), gid: line(Gid::effective().as_raw()) }
}
