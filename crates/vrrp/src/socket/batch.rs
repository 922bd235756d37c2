use core::net::{IpAddr, Ipv6Addr};
use std::io;
use std::os::fd::BorrowedFd;

use vrrp_core::Datagram;
use vrrp_wire::{Family, MacAddr, ipv4};

use super::clock::WallTime;
use super::control::Told;
use super::sys::{self, CHUNK, Control, Meta, Name, Slots};

/// Room for received packets, shared by all sockets of a thread. Its pages are touched only as far as packets
/// of one call fill them, so a quiet daemon pays for one slot.
#[derive(Debug)]
pub struct Batch {
    bytes: Box<[u8]>,
    slot: usize,
    names: Box<[Name]>,
    controls: Box<[Control]>,
    metas: Box<[Meta]>,
}

/// One packet of IP protocol 112, borrowed from the [`Batch`] it was received into.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// Its addresses, TTL or Hop Limit, and payload.
    pub datagram: Datagram<'a>,
    /// The packet from its IP header on, where the kernel handed the header over: an IPv6 raw socket does not.
    pub packet: Option<&'a [u8]>,
    /// When the kernel took it from the device.
    pub stamp: Option<WallTime>,
    /// Whether the payload is cut, having been longer than a slot.
    pub truncated: bool,
}

/// What a [`super::Tap`] saw.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Sighting<'a> {
    /// The packet.
    pub arrival: Arrival<'a>,
    /// The Ethernet source of the frame; none on links without such addresses.
    pub mac: Option<MacAddr>,
    /// Whether this host sent it.
    pub outgoing: bool,
}

/// What one call of a `drain` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct Drained {
    /// Packets taken from the socket.
    pub packets: usize,
    /// Those among them whose IP header could not be read, and which were not handed over.
    pub unreadable: usize,
    /// Packets that the kernel dropped since the socket was made because its receive buffer was full, as far as the packets
    /// taken now could tell; 0 if none was taken.
    pub lost: u32,
    /// Whether there may be more: the limit was reached before the socket was empty.
    pub more: bool,
}

/// A packet as the kernel delivered it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delivered<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) name: &'a Name,
    pub(super) name_len: usize,
    pub(super) told: Told,
    pub(super) truncated: bool,
}

impl Batch {
    /// Packets that one system call takes unless said otherwise.
    pub const PACKETS: usize = CHUNK;
    /// Octets of a slot unless said otherwise: the usual MTU, rounded up.
    pub const OCTETS: usize = 1536;

    /// Room for up to `packets` packets (at most [`Batch::PACKETS`]) of up to `octets` octets each, IPv4 header included.
    pub fn new(packets: usize, octets: usize) -> Self {
        let packets = packets.clamp(1, CHUNK);
        let slot = octets.max(ipv4::HEADER_LEN);
        Self {
            bytes: vec![0; packets * slot].into_boxed_slice(),
            slot,
            names: vec![Name::default(); packets].into_boxed_slice(),
            controls: vec![Control::default(); packets].into_boxed_slice(),
            metas: vec![Meta::default(); packets].into_boxed_slice(),
        }
    }

    /// Receives until the socket is empty or `limit` packets were taken. `each` says whether it could read its packet.
    pub(super) fn drain(
        &mut self,
        fd: BorrowedFd<'_>,
        limit: usize,
        mut each: impl FnMut(Delivered<'_>) -> bool,
    ) -> io::Result<Drained> {
        let mut drained = Drained::default();
        while drained.packets < limit {
            let asked = (limit - drained.packets).min(self.metas.len());
            let received = match self.receive(fd, asked) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(drained),
                Err(error) => return Err(error),
            };
            drained.packets += received;
            for packet in self.delivered(received) {
                drained.lost = packet.told.lost.unwrap_or(drained.lost);
                drained.unreadable += usize::from(!each(packet));
            }
            if received < asked {
                return Ok(drained);
            }
        }
        drained.more = true;
        Ok(drained)
    }

    fn receive(&mut self, fd: BorrowedFd<'_>, limit: usize) -> io::Result<usize> {
        let mut slots = Slots {
            bytes: &mut self.bytes,
            len: self.slot,
            names: &mut self.names,
            controls: &mut self.controls,
            metas: &mut self.metas,
        };
        sys::receive(fd, &mut slots, limit)
    }

    fn delivered(&self, count: usize) -> impl Iterator<Item = Delivered<'_>> {
        let buffers = self.bytes.chunks_exact(self.slot).zip(&self.names);
        let facts = self.controls.iter().zip(&self.metas);
        buffers.zip(facts).take(count).map(|((bytes, name), (control, meta))| Delivered {
            bytes: bytes.get(..meta.len).unwrap_or(bytes),
            name,
            name_len: meta.name,
            told: Told::read(control, meta.control),
            truncated: meta.truncated,
        })
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self::new(Self::PACKETS, Self::OCTETS)
    }
}

impl<'a> Delivered<'a> {
    /// The packet as a raw socket of `family` delivers it.
    pub(super) fn into_arrival(self, family: Family) -> Option<Arrival<'a>> {
        let datagram = match family {
            Family::V4 => v4(self.bytes)?,
            Family::V6 => Datagram {
                source: IpAddr::V6(self.name.to_v6(self.name_len)?),
                destination: IpAddr::V6(self.told.destination?),
                hop_limit: self.told.hop_limit?,
                payload: self.bytes,
            },
        };
        let packet = (family == Family::V4).then_some(self.bytes);
        Some(self.with(datagram, packet))
    }

    /// The packet as a packet socket delivers it: from the IP header on, in both families.
    pub(super) fn into_sighting(self) -> Option<Sighting<'a>> {
        let datagram = match self.bytes.first()? >> 4 {
            6 => v6(self.bytes)?,
            _ => v4(self.bytes)?,
        };
        let link = self.name.to_link(self.name_len);
        Some(Sighting { arrival: self.with(datagram, Some(self.bytes)), mac: link.mac, outgoing: link.outgoing })
    }

    const fn with(self, datagram: Datagram<'a>, packet: Option<&'a [u8]>) -> Arrival<'a> {
        Arrival { datagram, packet, stamp: self.told.stamp, truncated: self.truncated }
    }
}

/// An IPv4 packet from its header on.
fn v4(packet: &[u8]) -> Option<Datagram<'_>> {
    let packet = ipv4::split(packet).ok()?;
    Some(Datagram {
        source: packet.source.into(),
        destination: packet.destination.into(),
        hop_limit: packet.ttl,
        payload: packet.payload,
    })
}

/// An IPv6 packet without extension headers, from its header on (RFC 8200 §3).
fn v6(packet: &[u8]) -> Option<Datagram<'_>> {
    let (header, rest) = packet.split_first_chunk::<40>()?;
    let [_, _, _, _, high, low, _, hop_limit, addresses @ ..] = header;
    let (source, destination) = addresses.split_first_chunk::<16>()?;
    let destination: &[u8; 16] = destination.first_chunk()?;
    let len = usize::from(u16::from_be_bytes([*high, *low]));
    Some(Datagram {
        source: IpAddr::V6(Ipv6Addr::from(*source)),
        destination: IpAddr::V6(Ipv6Addr::from(*destination)),
        hop_limit: *hop_limit,
        payload: rest.get(..len).unwrap_or(rest),
    })
}
