//! One daemon for each (interface, family, VRID): two on one host would answer each other for ever.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use vrrp_wire::{Family, Vrid};

/// Holds a name in the network namespace's abstract sockets for as long as it lives; the kernel frees it when the
/// process dies, however it dies.
#[derive(Debug)]
pub(crate) struct Sole(#[expect(dead_code, reason = "held for its name")] UnixDatagram);

impl Sole {
    /// Takes the name of the only process of ours in this network namespace.
    pub(crate) fn take_host() -> io::Result<Self> {
        Self::bind("vrrp/sole")
    }

    /// Takes the name; [`io::ErrorKind::AddrInUse`] when another process has it.
    pub(crate) fn take(interface: &str, family: Family, vrid: Vrid) -> io::Result<Self> {
        Self::bind(&format!("vrrp/{interface}/{family}/{vrid}"))
    }

    fn bind(name: &str) -> io::Result<Self> {
        UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(name)?).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_for_the_same_router_is_refused_until_the_first_is_gone() {
        let vrid = Vrid::new(77).unwrap();
        let interface = format!("test-{}", std::process::id());
        let first = Sole::take(&interface, Family::V4, vrid).unwrap();
        let second = Sole::take(&interface, Family::V4, vrid).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::AddrInUse);
        Sole::take(&interface, Family::V6, vrid).unwrap();
        drop(first);
        Sole::take(&interface, Family::V4, vrid).unwrap();
    }
}
