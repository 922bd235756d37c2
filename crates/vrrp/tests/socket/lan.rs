//! Two hosts on a LAN, and what their sockets hear.

use core::net::{IpAddr, Ipv6Addr};
use core::time::Duration;
use std::os::fd::AsFd;
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use vrrp::socket::{Batch, Channel, ChannelOptions, Hears, Transmit, VridSet, WallTime};
use vrrp_lab::{Host, Lab, Segment};
use vrrp_wire::{Family, GROUP_V4, GROUP_V6, HOP_LIMIT, IpPair, Vrid};

/// When a test gives up.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

pub(crate) struct Lan {
    pub(crate) one: Host,
    pub(crate) two: Host,
    pub(crate) _segment: Segment,
    pub(crate) _lab: Lab,
}

/// A packet that outlives its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) hop_limit: u8,
    pub(crate) payload: Vec<u8>,
    pub(crate) stamp: Option<WallTime>,
    pub(crate) truncated: bool,
}

pub(crate) fn lan() -> Lan {
    let lab = Lab::new().unwrap();
    let segment = lab.bridge("lan0").unwrap();
    let [one, two] = ["one", "two"].map(|name| lab.host(name).unwrap());
    one.attach(&segment, "eth0", &["10.0.0.1/24"]).unwrap();
    two.attach(&segment, "eth0", &["10.0.0.2/24"]).unwrap();
    settle(&one, &two);
    Lan { one, two, _segment: segment, _lab: lab }
}

/// Waits until packets pass both ways. The kernel drops what is sent through a link that came up a moment ago, and says that it was sent.
pub(crate) fn settle(one: &Host, two: &Host) {
    let deadline = soon();
    for (from, to) in [(one, two), (two, one)] {
        let (sender, receiver) = (channel(from, Family::V4, ALL), channel(to, Family::V4, ALL));
        let source = own(from, Family::V4);
        let mut arrived = Vec::new();
        for number in 0_u32.. {
            let numbered = number.to_be_bytes();
            sender.send(to_group(source, &numbered)).unwrap();
            let mut polled = [PollFd::new(receiver.as_fd(), PollFlags::POLLIN)];
            if poll(&mut polled, 5_u8).unwrap() > 0 {
                arrived = hear(&receiver, 1);
            }
            // The last one sent: none is under way any more.
            if payloads(&arrived).last() == Some(&numbered.as_slice()) {
                break;
            }
            assert!(Instant::now() < deadline, "nothing passes");
        }
    }
}

pub(crate) fn index(host: &Host) -> u32 {
    host.on(|| nix::net::if_::if_nametoindex("eth0")).unwrap().unwrap()
}

/// The address that the host sends advertisements of `family` from.
pub(crate) fn own(host: &Host, family: Family) -> IpAddr {
    let addresses = host.addresses("eth0").unwrap();
    let mut ips = addresses.iter().map(|address| address.ip);
    ips.find(|ip| match ip {
        IpAddr::V4(_) => family == Family::V4,
        IpAddr::V6(ip) => family == Family::V6 && ip.is_unicast_link_local(),
    })
    .unwrap()
}

pub(crate) fn group(family: Family) -> IpAddr {
    match family {
        Family::V4 => GROUP_V4.into(),
        Family::V6 => GROUP_V6.into(),
    }
}

pub(crate) fn only(vrids: impl IntoIterator<Item = u8>) -> Hears {
    Hears::Only(vrids.into_iter().map(vrid).collect())
}

pub(crate) const ALL: Hears = Hears::Except(VridSet::EMPTY);

pub(crate) fn vrid(vrid: u8) -> Vrid {
    Vrid::new(vrid).unwrap()
}

pub(crate) fn options(host: &Host, family: Family, hears: Hears) -> ChannelOptions {
    ChannelOptions { index: index(host), family, hears, receive_buffer: None }
}

/// A channel of the host's only interface, in the group of VRRP.
pub(crate) fn channel(host: &Host, family: Family, hears: Hears) -> Channel {
    let options = options(host, family, hears);
    let channel = host.on(|| Channel::open(&options)).unwrap().unwrap();
    channel.join(group(family)).unwrap();
    channel
}

/// A packet to the group of VRRP.
pub(crate) fn to_group(source: IpAddr, payload: &[u8]) -> Transmit<'_> {
    Transmit { ip: IpPair::multicast(source), hop_limit: HOP_LIMIT, payload }
}

/// The first eight octets of an advertisement for `vrid`, and nothing else of it: malformed.
pub(crate) const fn stub(vrid: u8) -> [u8; 8] {
    [0x31, vrid, 100, 1, 0, 100, 0, 0]
}

/// Whether the socket is readable now.
pub(crate) fn is_readable(socket: &impl AsFd) -> bool {
    let mut polled = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    poll(&mut polled, PollTimeout::ZERO).unwrap() > 0
}

/// Waits until the socket is readable.
pub(crate) fn wait(socket: &impl AsFd, deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    let mut polled = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    let timeout = PollTimeout::try_from(left).unwrap();
    assert!(poll(&mut polled, timeout).unwrap() > 0, "nothing came");
}

/// Waits for `count` packets; all that came, which may be more.
pub(crate) fn hear(channel: &Channel, count: usize) -> Vec<Heard> {
    let deadline = soon();
    let mut batch = Batch::default();
    let mut heard = Vec::new();
    while heard.len() < count {
        wait(channel, deadline);
        let drained = channel.drain(&mut batch, 64, |arrival| {
            heard.push(Heard {
                source: arrival.datagram.source,
                destination: arrival.datagram.destination,
                hop_limit: arrival.datagram.hop_limit,
                payload: arrival.datagram.payload.to_vec(),
                stamp: arrival.stamp,
                truncated: arrival.truncated,
            });
        });
        assert_eq!(drained.unwrap().unreadable, 0);
    }
    heard
}

pub(crate) fn payloads(heard: &[Heard]) -> Vec<&[u8]> {
    heard.iter().map(|heard| heard.payload.as_slice()).collect()
}

/// An IPv6 address that no host of the LAN has.
pub(crate) const ELSEWHERE: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x99);
