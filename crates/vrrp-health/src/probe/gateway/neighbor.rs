//! Asking a neighbour by Neighbor Solicitation (RFC 4861 §4.3, §4.4).

use core::net::{IpAddr, Ipv6Addr, SocketAddrV6};
use core::time::Duration;
use std::io::{self, IoSliceMut};
use std::os::fd::AsRawFd;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrIn6, recvmsg};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::time::timeout;

use super::obstacle::Obstacle;
use super::route::Link;
use crate::probe::sys::{Readable, hear_icmpv6_only};

const SOLICITATION: u8 = 135;
const ADVERTISEMENT: u8 = 136;
/// A packet with less has passed a router (RFC 4861 §7.1).
const HOP_LIMIT: i32 = 255;
const SOLICITED: u8 = 0x40;

/// Asks until the target answers. Its solicited advertisement counts, and nothing else that it sends.
pub(crate) async fn ask(link: &Link, from: Option<IpAddr>, target: Ipv6Addr, pause: Duration) -> Result<(), Obstacle> {
    let needs = "Neighbor Discovery needs CAP_NET_RAW";
    let socket = open(link).map_err(|error| Obstacle::permission(error, needs))?;
    if let Some(IpAddr::V6(from)) = from {
        socket.bind(&SockAddr::from(SocketAddrV6::new(from, 0, 0, link.index)))?;
    }
    let everybody = SockAddr::from(SocketAddrV6::new(solicited_node(target), 0, 0, link.index));
    let listening = Readable::new(socket.try_clone()?)?;
    loop {
        socket.send_to(&solicitation(link.mac, target), &everybody)?;
        if let Ok(answered) = timeout(pause, hear(&listening, target)).await {
            return answered;
        }
    }
}

fn open(link: &Link) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV6, Type::RAW.nonblocking(), Some(Protocol::ICMPV6))?;
    hear_icmpv6_only(&socket, ADVERTISEMENT)?;
    socket.bind_device(Some(link.name.as_bytes()))?;
    socket.set_multicast_hops_v6(HOP_LIMIT.unsigned_abs())?;
    socket.set_recv_hoplimit_v6(true)?;
    Ok(socket)
}

/// The solicited-node multicast address (RFC 4291 §2.7.1).
fn solicited_node(target: Ipv6Addr) -> Ipv6Addr {
    let [.., a, b, c] = target.octets();
    Ipv6Addr::from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a, b, c])
}

/// A Neighbor Solicitation with our own link-layer address. The kernel puts in the checksum (RFC 3542 §3.1).
fn solicitation(mac: [u8; 6], target: Ipv6Addr) -> Vec<u8> {
    let mut message = vec![SOLICITATION, 0, 0, 0, 0, 0, 0, 0];
    message.extend(target.octets());
    message.extend([1, 1]);
    message.extend(mac);
    message
}

async fn hear(socket: &Readable, target: Ipv6Addr) -> Result<(), Obstacle> {
    loop {
        if socket.read(|fd| receive(fd.as_raw_fd(), target)).await? {
            return Ok(());
        }
    }
}

/// Receives one message; whether it is the answer.
fn receive(fd: i32, target: Ipv6Addr) -> io::Result<bool> {
    let mut buffer = [0; 128];
    let mut control = nix::cmsg_space!(i32);
    let mut parts = [IoSliceMut::new(&mut buffer)];
    let message = recvmsg::<SockaddrIn6>(fd, &mut parts, Some(&mut control), MsgFlags::empty())?;
    let length = message.bytes;
    let near = message.cmsgs()?.any(|note| matches!(note, ControlMessageOwned::Ipv6HopLimit(HOP_LIMIT)));
    Ok(near && is_answer(buffer.get(..length).unwrap_or_default(), target))
}

/// Whether this is a solicited Neighbor Advertisement of the target.
fn is_answer(message: &[u8], target: Ipv6Addr) -> bool {
    let Some([ADVERTISEMENT, 0, _, _, flags, _, _, _, rest @ ..]) = message.first_chunk::<24>() else {
        return false;
    };
    flags & SOLICITED != 0 && *rest == target.octets()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solicitation_names_the_target_and_where_to_answer() {
        let target: Ipv6Addr = "2001:db8::1".parse().unwrap();
        let message = solicitation([2, 0, 0, 0, 0, 1], target);
        assert_eq!(message[..8], [135, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(message[8..24], target.octets());
        assert_eq!(message[24..], [1, 1, 2, 0, 0, 0, 0, 1], "the source link-layer address");
    }

    #[test]
    fn only_a_solicited_advertisement_of_the_target_counts() {
        let target: Ipv6Addr = "2001:db8::1".parse().unwrap();
        let mut answer = vec![ADVERTISEMENT, 0, 0xaa, 0xbb, SOLICITED, 0, 0, 0];
        answer.extend(target.octets());
        assert!(is_answer(&answer, target));
        assert!(!is_answer(&answer[..23], target));
        assert!(!is_answer(&answer, "2001:db8::2".parse().unwrap()));
        answer[4] = 0x20;
        assert!(!is_answer(&answer, target));
        answer[4] = 0xe0;
        assert!(is_answer(&answer, target), "of a router, and overriding");
        assert_eq!(
            solicited_node("2001:db8::12:3456".parse().unwrap()),
            "ff02::1:ff12:3456".parse::<Ipv6Addr>().unwrap()
        );
    }
}
