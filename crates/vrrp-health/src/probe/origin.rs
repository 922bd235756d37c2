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

#[cfg(test)]
mod tests {
    use super::*;
    use socket2::{Domain, Socket, Type};

    #[test]
    fn an_address_is_reached_from_its_own_family_and_from_wherever_the_kernel_likes() {
        let from = |source: &str| Origin { source: Some(source.parse().unwrap()), ..Origin::default() };
        let (four, six) = ("192.0.2.1".parse().unwrap(), "fd00::1".parse().unwrap());
        assert_eq!((from("192.0.2.9").reaches(four), from("192.0.2.9").reaches(six)), (true, false));
        assert_eq!((from("fd00::9").reaches(four), from("fd00::9").reaches(six)), (false, true));
        assert!(Origin::default().reaches(four) && Origin::default().reaches(six));
    }

    #[test]
    fn an_interface_that_is_absent_is_said() {
        let origin = Origin { interface: Some("absent0".into()), ..Origin::default() };
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None).unwrap();
        let refused = origin.dress(&SockRef::from(&socket)).unwrap_err();
        assert!(refused.to_string().starts_with("cannot bind to interface absent0: "), "{refused}");
    }
}
