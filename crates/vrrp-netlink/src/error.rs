//! What can go wrong for good; single addresses that fail are [`Event`](crate::Event)s.

use std::io;

/// Why a keeper did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The mark is one of those that the kernel puts on addresses of its own.
    #[error("{0} is a mark of the kernel's own (0 to 3)")]
    ReservedMark(u8),
    /// The kernel gave us no netlink socket.
    #[error("cannot open the netlink socket for {purpose}")]
    Open {
        /// What the socket is for.
        purpose: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The first listing of links and addresses failed.
    #[error("cannot list links and addresses")]
    List(#[source] io::Error),
    /// The thread could not be started.
    #[error("cannot start the thread")]
    Thread(#[source] io::Error),
}

/// Why a running keeper ended by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Death {
    /// A netlink socket failed for good.
    #[error("the netlink socket for {purpose} failed")]
    Socket {
        /// What the socket is for.
        purpose: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The thread panicked: a bug of ours, or a panic inside the caller's sink.
    #[error("the thread panicked")]
    Panicked,
}
