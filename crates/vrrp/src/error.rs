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
    #[error("virtual router {router}: another process on this host already runs VRID {vrid} on {interface}; stop it first")]
    Taken {
        /// Which one here.
        router: Arc<str>,
        /// The interface.
        interface: Arc<str>,
        /// The VRID.
        vrid: Vrid,
    },
    /// A capability is missing.
    #[error("the socket for {purpose} needs {capability}: run as root, or grant it (AmbientCapabilities={capability} in a unit, setcap {capability}+ep on the binary)")]
    Capability {
        /// What the socket is for.
        purpose: &'static str,
        /// What is missing.
        capability: &'static str,
    },
    /// A socket could not be opened.
    #[error("cannot open the socket for {purpose}")]
    Socket {
        /// What it is for.
        purpose: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The keeper of addresses did not start.
    #[error(transparent)]
    Netlink(#[from] vrrp_netlink::StartError),
    /// The keeper of addresses ended while the node started.
    #[error("the keeper of addresses ended: {0}")]
    Keeper(Box<str>),
    /// The kernel did not list its links and addresses in time.
    #[error("the kernel did not list its links and addresses within ten seconds")]
    KernelSilent,
    /// The engine's thread could not be started, or has ended.
    #[error("the engine is not running")]
    Engine,
}

impl StartError {
    pub(crate) fn socket(purpose: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Capability { purpose, capability: "CAP_NET_RAW" },
            _ => Self::Socket { purpose, source },
        }
    }
}
