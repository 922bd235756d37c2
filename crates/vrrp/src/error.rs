use std::io;
use std::sync::Arc;

use thiserror::Error;
use vrrp_wire::Vrid;

/// Why a node did not start, or a new configuration was not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// Two virtual routers have the same interface, family and VRID.
    #[error("virtual router {router}: VRID {vrid} on {interface} is configured twice")]
    Twice {
        /// The second one.
        router: Arc<str>,
        /// Their interface.
        interface: Arc<str>,
        /// Their VRID.
        vrid: Vrid,
    },
    /// Another process on this host runs the virtual router.
    #[error(
        "virtual router {router}: another process on this host already runs VRID {vrid} on {interface}; stop it first"
    )]
    Taken {
        /// Which one here.
        router: Arc<str>,
        /// The interface.
        interface: Arc<str>,
        /// The VRID.
        vrid: Vrid,
    },
    /// A capability is missing.
    #[error(
        "{capability} is missing: run as root, or grant it (AmbientCapabilities={capability} in a systemd unit, or setcap on the binary)"
    )]
    Capability {
        /// What is missing.
        capability: &'static str,
    },
    /// A socket could not be opened.
    #[error(transparent)]
    Socket(crate::socket::OpenError),
    /// The engine's thread could not be made ready.
    #[error("cannot start the engine's thread")]
    Thread(#[source] io::Error),
    /// The keeper of addresses did not start.
    #[error(transparent)]
    Netlink(#[from] vrrp_netlink::StartError),
    /// The keeper of addresses ended while the node started.
    #[error("the keeper of addresses ended: {0}")]
    Keeper(Box<str>),
    /// The kernel did not list its links and addresses in time.
    #[error("the kernel did not list its links and addresses within ten seconds")]
    KernelSilent,
    /// The engine has ended.
    #[error("the engine is not running")]
    Engine,
}

impl From<crate::socket::OpenError> for StartError {
    fn from(error: crate::socket::OpenError) -> Self {
        if let crate::socket::OpenError::Create { source, .. } = &error
            && source.kind() == io::ErrorKind::PermissionDenied
        {
            return Self::Capability { capability: "CAP_NET_RAW" };
        }
        Self::Socket(error)
    }
}
