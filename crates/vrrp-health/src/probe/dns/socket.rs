use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::io;

use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::UdpSocket;

use crate::Outcome;
use crate::probe::Origin;
use crate::probe::connect::io_words;
use crate::probe::origin::Unbound;

/// A socket that hears only `server`, from a port that the kernel chose.
///
/// # Errors
///
/// The outcome that the probe has without one.
pub(super) fn open(server: SocketAddr, origin: &Origin) -> Result<UdpSocket, Outcome> {
    let socket = bound(server, origin).map_err(|error| Outcome::CouldNotRun(error.to_string().into()))?;
    let failed = |error: io::Error| Outcome::Failed(format!("{} ({server})", io_words(&error)).into());
    socket.connect(&server.into()).map_err(failed)?;
    UdpSocket::from_std(socket.into()).map_err(failed)
}

fn bound(server: SocketAddr, origin: &Origin) -> Result<Socket, Unbound> {
    let socket = Socket::new(Domain::for_address(server), Type::DGRAM.nonblocking(), None).map_err(Unbound::Socket)?;
    origin.dress(&SockRef::from(&socket))?;
    let any = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let source = origin.source.unwrap_or(any);
    let bound = socket.bind(&SocketAddr::new(source, 0).into());
    bound.map_err(|error| Unbound::Source(source, error))?;
    Ok(socket)
}
