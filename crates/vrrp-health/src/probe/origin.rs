use core::net::IpAddr;
use std::io;
use std::sync::Arc;

use socket2::SockRef;

/// Where a probe starts; nothing is for the kernel to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address it comes from.
    pub source: Option<IpAddr>,
    /// The interface it leaves by (`SO_BINDTODEVICE`).
    pub interface: Option<Arc<str>>,
    /// The firewall mark of its packets (`SO_MARK`); needs CAP_NET_ADMIN.
    pub mark: Option<u32>,
}

/// What could not be had of an origin.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unbound {
    #[error("cannot bind to interface {0}: {1}")]
    Interface(Arc<str>, io::Error),
    #[error("cannot set mark {0:#x}: {1}")]
    Mark(u32, io::Error),
    #[error("cannot bind to source {0}: {1}")]
    Source(IpAddr, io::Error),
    #[error("cannot open a socket: {0}")]
    Socket(io::Error),
}

impl Origin {
    /// Whether a socket from here can speak to `to` at all.
    pub(super) fn reaches(&self, to: IpAddr) -> bool {
        self.source.is_none_or(|source| source.is_ipv4() == to.is_ipv4())
    }

    /// Sets interface and mark, which must stand before the source is bound: an address may belong to one interface.
    pub(super) fn dress(&self, socket: &SockRef<'_>) -> Result<(), Unbound> {
        if let Some(interface) = &self.interface {
            let bound = socket.bind_device(Some(interface.as_bytes()));
            bound.map_err(|error| Unbound::Interface(Arc::clone(interface), error))?;
        }
        if let Some(mark) = self.mark {
            socket.set_mark(mark).map_err(|error| Unbound::Mark(mark, error))?;
        }
        Ok(())
    }
}
