use core::net::IpAddr;
use std::io;

use vrrp_wire::Family;

/// Why a socket could not be made ready.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The kernel gives no such socket: without `CAP_NET_RAW`, or without the family.
    #[error("cannot open a {kind} socket")]
    Create {
        /// What kind of socket.
        kind: SocketKind,
        /// The kernel's answer.
        source: io::Error,
    },
    /// It cannot be bound to the interface: there is none with this index, or it may not be.
    #[error("cannot bind to the interface with index {index}")]
    Bind {
        /// The interface's index.
        index: u32,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A socket that was passed in is bound to another interface.
    #[error("the socket is bound to the interface with index {bound}, not to {index}")]
    BoundElsewhere {
        /// The interface that was asked for.
        index: u32,
        /// The interface it is bound to.
        bound: u32,
    },
    /// A socket that was passed in is no raw socket of this family for IP protocol 112.
    #[error("the socket is no raw {family} socket for IP protocol 112")]
    WrongKind {
        /// The family that was asked for.
        family: Family,
    },
    /// An option cannot be set.
    #[error("cannot set {option}")]
    Option {
        /// The option's name in C.
        option: &'static str,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A group cannot be joined.
    #[error("cannot join {group}")]
    Join {
        /// The group.
        group: IpAddr,
        /// The kernel's answer.
        source: io::Error,
    },
}

/// The kinds of sockets in this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketKind {
    /// Raw IPv4 or IPv6.
    Raw(Family),
    /// `AF_PACKET`.
    Packet,
}

impl core::fmt::Display for SocketKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Raw(family) => write!(f, "raw {family}"),
            Self::Packet => f.write_str("packet"),
        }
    }
}

/// Names the option that an `io::Result` is about.
pub(super) trait About<T> {
    fn about(self, option: &'static str) -> Result<T, OpenError>;
}

impl<T, E: Into<io::Error>> About<T> for Result<T, E> {
    fn about(self, option: &'static str) -> Result<T, OpenError> {
        self.map_err(|source| OpenError::Option { option, source: source.into() })
    }
}
