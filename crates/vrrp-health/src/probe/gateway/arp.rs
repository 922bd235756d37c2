//! Asking a neighbour by ARP (RFC 826).

use core::net::Ipv4Addr;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use etherparse::{ArpEthIpv4Packet, ArpOperation};
use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, bind, recv, sendto, socket};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::obstacle::Obstacle;
use super::route::Link;
use crate::probe::sys::{Readable, link_address};

const ETH_P_ARP: u16 = 0x0806;
const BROADCAST: [u8; 6] = [0xff; 6];

/// Asks until the target answers. Its own reply to us counts, and nothing else that it sends.
pub(crate) async fn ask(link: &Link, from: Ipv4Addr, target: Ipv4Addr, pause: Duration) -> Result<(), Obstacle> {
    let socket = open(link).map_err(|error| Obstacle::permission(error, "ARP needs CAP_NET_RAW"))?;
    let socket = Listening(Some(Readable::new(socket)?));
    let request = ArpEthIpv4Packet {
        operation: ArpOperation::REQUEST,
        sender_mac: link.mac,
        sender_ipv4: from.octets(),
        target_mac: [0; 6],
        target_ipv4: target.octets(),
    };
    let everybody = link_address(link.index, ETH_P_ARP, Some(BROADCAST)).ok_or(Errno::EINVAL)?;
    loop {
        let Some(socket) = &socket.0 else {
            return Err(Obstacle::Silent);
        };
        sendto(socket.as_fd().as_raw_fd(), &request.to_bytes(), &everybody, MsgFlags::empty())?;
        if let Ok(answered) = timeout(pause, hear(socket, link, target)).await {
            return answered;
        }
    }
}

/// A packet socket that is closed elsewhere: the kernel takes some 10 ms for it, while which all checks would wait.
struct Listening(Option<Readable>);

impl Drop for Listening {
    fn drop(&mut self) {
        if let (Some(socket), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            let socket = socket.into_inner();
            runtime.spawn_blocking(move || drop(socket));
        }
    }
}

/// A packet socket without a link layer of its own; without a protocol until it is bound, so that no other link's frames come in.
fn open(link: &Link) -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket(AddressFamily::Packet, SockType::Datagram, flags, None)?;
    let place = link_address(link.index, ETH_P_ARP, None).ok_or(io::ErrorKind::InvalidInput)?;
    bind(socket.as_raw_fd(), &place)?;
    Ok(socket)
}

async fn hear(socket: &Readable, link: &Link, target: Ipv4Addr) -> Result<(), Obstacle> {
    let mut buffer = [0; 64];
    loop {
        let length = socket.read(|fd| Ok(recv(fd.as_raw_fd(), &mut buffer, MsgFlags::empty())?)).await?;
        if is_reply(buffer.get(..length).unwrap_or_default(), link.mac, target) {
            return Ok(());
        }
    }
}

/// Whether this is an ARP reply of the target to this station.
fn is_reply(packet: &[u8], mac: [u8; 6], target: Ipv4Addr) -> bool {
    let Some([0, 1, 8, 0, 6, 4, 0, 2, rest @ ..]) = packet.first_chunk::<28>() else {
        return false;
    };
    let (_sender_mac, rest) = rest.split_at(6);
    rest.starts_with(&target.octets()) && rest.get(4..10) == Some(&mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reply_of_the_target_to_this_station_counts() {
        let (ours, theirs, target) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], Ipv4Addr::new(192, 0, 2, 1));
        let reply = ArpEthIpv4Packet {
            operation: ArpOperation::REPLY,
            sender_mac: theirs,
            sender_ipv4: target.octets(),
            target_mac: ours,
            target_ipv4: [192, 0, 2, 9],
        };
        let is = |packet: &ArpEthIpv4Packet| is_reply(&packet.to_bytes(), ours, target);
        assert!(is(&reply));
        assert!(!is(&ArpEthIpv4Packet { operation: ArpOperation::REQUEST, ..reply.clone() }));
        assert!(!is(&ArpEthIpv4Packet { sender_ipv4: [192, 0, 2, 2], ..reply.clone() }));
        assert!(!is(&ArpEthIpv4Packet { target_mac: [0xff; 6], ..reply.clone() }));
        assert!(!is_reply(&reply.to_bytes()[..27], ours, target));
    }
}
