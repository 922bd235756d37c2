//! Asking by ICMP echo (RFC 792, RFC 4443 §4).

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::io::{self, Read};

use etherparse::{IcmpEchoHeader, Icmpv4Header, Icmpv4Type, Icmpv6Header, Icmpv6Type};
use nix::errno::Errno;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::time::timeout;

use super::obstacle::Obstacle;
use crate::probe::sys::{Readable, hear_icmpv6_only};

const REPLY_V4: u8 = 0;
const REPLY_V6: u8 = 129;
const NEEDS: &str = "ICMP echo needs CAP_NET_RAW, or a group within net.ipv4.ping_group_range";

/// Asks until the target answers: with what only it and we know.
pub(crate) async fn ask(
    target: IpAddr,
    interface: Option<&str>,
    source: Option<IpAddr>,
    pause: Duration,
) -> Result<(), Obstacle> {
    let (socket, raw) = open(target).map_err(|error| Obstacle::permission(error, NEEDS))?;
    if let Some(interface) = interface {
        socket.bind_device(Some(interface.as_bytes())).map_err(|error| Obstacle::permission(error, NEEDS))?;
    }
    if let Some(source) = source {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    socket.connect(&SockAddr::from(SocketAddr::new(target, 0)))?;
    let listening = Readable::new(socket.try_clone()?)?;
    // A socket that is not raw has its own identifier put in by the kernel.
    let mut echo = Echo { target, id: raw.then(|| fastrand::u16(..)), sequence: 0, secret: fastrand::u128(..) };
    loop {
        echo.sequence = echo.sequence.wrapping_add(1);
        match socket.send(&echo.request()) {
            // The socket reports what a router said of an earlier request; the next may get through.
            Ok(_) | Err(_) if socket.take_error()?.is_some() => {}
            Ok(_) => {}
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error.into()),
        }
        if let Ok(answered) = timeout(pause, hear(&socket, &listening, &echo)).await {
            return answered;
        }
    }
}

/// Opens a socket for anybody where the system allows it, and a raw one otherwise; whether it is raw.
fn open(target: IpAddr) -> io::Result<(Socket, bool)> {
    let (domain, protocol) = match target {
        IpAddr::V4(_) => (Domain::IPV4, Protocol::ICMPV4),
        IpAddr::V6(_) => (Domain::IPV6, Protocol::ICMPV6),
    };
    if let Ok(socket) = Socket::new(domain, Type::DGRAM.nonblocking(), Some(protocol)) {
        return Ok((socket, false));
    }
    let socket = Socket::new(domain, Type::RAW.nonblocking(), Some(protocol))?;
    if target.is_ipv6() {
        hear_icmpv6_only(&socket, REPLY_V6)?;
    }
    Ok((socket, true))
}

async fn hear(mut socket: &Socket, listening: &Readable, echo: &Echo) -> Result<(), Obstacle> {
    let mut buffer = [0; 256];
    loop {
        match listening.read(|_| socket.read(&mut buffer)).await {
            Ok(length) if echo.is_answered_by(buffer.get(..length).unwrap_or_default()) => return Ok(()),
            Ok(_) => {}
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether it tells of one request only: what a router said of it, or that the neighbour is being looked for.
fn is_passing(error: &io::Error) -> bool {
    const PASSING: [Errno; 6] =
        [Errno::EHOSTUNREACH, Errno::ECONNREFUSED, Errno::ENETUNREACH, Errno::EAGAIN, Errno::ENOBUFS, Errno::EPROTO];
    error.raw_os_error().is_some_and(|errno| PASSING.contains(&Errno::from_raw(errno)))
}

/// A request that changes from one to the next only in its number.
#[derive(Debug)]
struct Echo {
    target: IpAddr,
    /// The identifier, where it is ours to choose.
    id: Option<u16>,
    sequence: u16,
    secret: u128,
}

impl Echo {
    fn request(&self) -> Vec<u8> {
        let secret = self.secret.to_be_bytes();
        let header = IcmpEchoHeader { id: self.id.unwrap_or_default(), seq: self.sequence };
        let mut message = match self.target {
            IpAddr::V4(_) => Icmpv4Header::with_checksum(Icmpv4Type::EchoRequest(header), &secret).to_bytes().to_vec(),
            // The kernel puts in the checksum (RFC 3542 §3.1).
            IpAddr::V6(_) => Icmpv6Header::new(Icmpv6Type::EchoRequest(header)).to_bytes().to_vec(),
        };
        message.extend(secret);
        message
    }

    /// Whether this is the reply to one of the requests so far.
    fn is_answered_by(&self, packet: &[u8]) -> bool {
        let (message, reply) = match self.target {
            IpAddr::V4(_) if self.id.is_some() => (without_ip_header(packet), REPLY_V4),
            IpAddr::V4(_) => (packet, REPLY_V4),
            IpAddr::V6(_) => (packet, REPLY_V6),
        };
        let Some([kind, 0, _, _, id @ .., high, low]) = message.first_chunk::<8>() else {
            return false;
        };
        *kind == reply
            && self.id.is_none_or(|ours| *id == ours.to_be_bytes())
            && (1..=self.sequence).contains(&u16::from_be_bytes([*high, *low]))
            && message.get(8..) == Some(&self.secret.to_be_bytes())
    }
}

/// Raw IPv4 sockets hear the IP header as well.
fn without_ip_header(packet: &[u8]) -> &[u8] {
    let words = packet.first().map_or(0, |first| usize::from(first & 0xf));
    packet.get(words * 4..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reply_to_a_request_that_was_sent_counts() {
        for (target, kind, header) in [("192.0.2.1", REPLY_V4, 20), ("2001:db8::1", REPLY_V6, 0)] {
            let mut echo = Echo { target: target.parse().unwrap(), id: Some(0x1234), sequence: 2, secret: 7 };
            let request = echo.request();
            let mut reply = vec![0; header];
            reply.extend(&request);
            if header > 0 {
                reply[0] = 0x45;
            }
            assert!(!echo.is_answered_by(&reply), "a request");
            reply[header] = kind;
            assert!(echo.is_answered_by(&reply));
            assert!(!echo.is_answered_by(&reply[..header + 23]), "cut");
            echo.id = Some(0x1235);
            assert!(!echo.is_answered_by(&reply), "another's");
            echo.id = Some(0x1234);
            echo.sequence = 1;
            assert!(!echo.is_answered_by(&reply), "not sent yet");
            echo.sequence = 2;
            echo.secret = 8;
            assert!(!echo.is_answered_by(&reply), "of an earlier run");
        }
    }

    #[test]
    fn a_socket_that_is_not_raw_hears_no_ip_header_and_leaves_the_identifier_to_the_kernel() {
        let echo = Echo { target: [192, 0, 2, 1].into(), id: None, sequence: 1, secret: 7 };
        let mut reply = echo.request();
        reply[0] = REPLY_V4;
        reply[4..6].copy_from_slice(&[0xab, 0xcd]);
        assert!(echo.is_answered_by(&reply));
    }

    #[test]
    fn options_of_the_ip_header_are_passed_over() {
        let mut packet = vec![0; 24];
        packet[0] = 0x46;
        packet.push(REPLY_V4);
        assert_eq!(without_ip_header(&packet), [REPLY_V4]);
        assert_eq!(without_ip_header(&packet[..23]), [0_u8; 0], "cut");
        assert_eq!(without_ip_header(&[]), [0_u8; 0]);
    }

    #[test]
    fn what_a_router_said_of_one_request_passes_and_a_socket_that_fails_does_not() {
        for errno in [Errno::EHOSTUNREACH, Errno::ENETUNREACH, Errno::ENOBUFS] {
            assert!(is_passing(&errno.into()), "{errno}");
        }
        assert!(!is_passing(&Errno::EBADF.into()) && !is_passing(&io::Error::other("no number")));
    }
}
