use core::time::Duration;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use crate::forbidden::Forbidden;

/// Why the namespaces could not be entered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnterError {
    /// This system does not let this user make namespaces.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Real root was asked for ([`crate::Privilege::Real`]), and this process has another user.
    #[error("this needs real root (uid 0 outside every user namespace), and the process runs as uid {uid}")]
    NotRoot {
        /// The effective user of this process.
        uid: u32,
    },
    /// The program could not be started again inside the namespaces.
    #[error("cannot start {} again inside new namespaces: {source}", .program.display())]
    Start {
        /// What was to be started.
        program: PathBuf,
        /// The kernel's answer.
        source: io::Error,
    },
    /// The private file systems could not be mounted.
    #[error("cannot mount {what} on {}: {source}", .target.display())]
    Mount {
        /// The file system.
        what: &'static str,
        /// The mount point.
        target: PathBuf,
        /// The kernel's answer.
        source: io::Error,
    },
}

/// Why a lab, a host, a link or a tap on it could not be made or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// A lab was asked for outside its namespaces: [`crate::isolated`] or [`crate::enter()`] comes first.
    #[error("a lab exists only inside its own namespaces: use vrrp_lab::isolated or vrrp_lab::enter")]
    Outside,
    /// A host or segment name that the kernel would not take as part of an interface name, or that is taken.
    #[error("{name:?} cannot be a name here: 1 to {longest} letters and digits, and not used before")]
    Name {
        /// The name.
        name: String,
        /// How many characters fit.
        longest: usize,
    },
    /// There are 255 hosts or segments already.
    #[error("a lab has room for 255 hosts and 255 segments")]
    Full,
    /// Not an address with a prefix length, as in `10.0.0.1/24`.
    #[error("{text:?} is not an address with a prefix length, such as 10.0.0.1/24")]
    Prefix {
        /// What was given.
        text: String,
    },
    /// A step of making or entering a network namespace failed.
    #[error("namespace {name}: {step}: {source}")]
    Namespace {
        /// The host or `switch`.
        name: String,
        /// What was tried.
        step: &'static str,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A netlink request was refused.
    #[error("namespace {name}: {request}: {source}")]
    Netlink {
        /// The host or `switch`.
        name: String,
        /// The request, in the words of iproute2.
        request: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A host is not attached to this segment, or has no such interface.
    #[error("host {host} has no interface {interface}")]
    NoInterface {
        /// The host.
        host: String,
        /// The interface, or the segment that it should be attached to.
        interface: String,
    },
    /// A kernel setting could not be read or written.
    #[error("host {host}: sysctl {key}: {source}")]
    Sysctl {
        /// The host.
        host: String,
        /// The setting, as a path below `/proc/sys`.
        key: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A file of a host could not be read or written.
    #[error("host {host}: {}: {source}", .path.display())]
    File {
        /// The host.
        host: String,
        /// The file.
        path: PathBuf,
        /// The kernel's answer.
        source: io::Error,
    },
    /// nftables, which makes the cuts, could not be run or refused the rules.
    #[error("cuts need nftables, and nft failed: {message}")]
    Nft {
        /// What it said.
        message: String,
    },
    /// A socket could not be opened on an interface.
    #[error("host {host}, {interface}: {step}: {source}")]
    Socket {
        /// The host.
        host: String,
        /// The interface.
        interface: String,
        /// What was tried.
        step: &'static str,
        /// The kernel's answer.
        source: io::Error,
    },
    /// What was waited for did not come in time.
    #[error("{what} did not happen within {waited:?}; {instead}")]
    Deadline {
        /// What was waited for.
        what: String,
        /// How long.
        waited: Duration,
        /// What there was instead.
        instead: String,
    },
}

/// Why a command on a host did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// It could not be started.
    #[error("host {host}: cannot run {command}: {source}")]
    Start {
        /// The host.
        host: String,
        /// The command line.
        command: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// It ended with a failure.
    #[error("host {host}: {command} ended with {status}: {output}")]
    Failed {
        /// The host.
        host: String,
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// Its standard error and output.
        output: String,
    },
    /// The host's namespaces could not be entered.
    #[error(transparent)]
    Host(#[from] LabError),
}

/// Why a daemon did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DaemonError {
    /// It could not be started.
    #[error("host {host}: cannot start {program}: {source}")]
    Start {
        /// The host.
        host: String,
        /// The program.
        program: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// It has ended already.
    #[error("host {host}: {program} has ended with {status}; its log ends:\n{tail}")]
    Ended {
        /// The host.
        host: String,
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of its log.
        tail: String,
    },
    /// What was waited for did not come in time.
    #[error("host {host}: {program}: {what} did not happen within {waited:?}; its log ends:\n{tail}")]
    Deadline {
        /// The host.
        host: String,
        /// The program.
        program: String,
        /// What was waited for.
        what: String,
        /// How long.
        waited: Duration,
        /// The end of its log.
        tail: String,
    },
    /// A signal could not be sent.
    #[error("host {host}: cannot signal {program}: {source}")]
    Signal {
        /// The host.
        host: String,
        /// The program.
        program: String,
        /// The kernel's answer.
        source: io::Error,
    },
}
