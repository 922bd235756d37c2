//! What is on the wire when a channel sends.

use std::fs::File;
use std::io::Read;

use nix::sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType, socket};
use vrrp::socket::{Channel, ChannelOptions};
use vrrp_lab::{Host, isolated};
use vrrp_wire::Family;

use crate::lan::{ALL, Lan, channel, lan, only, own, soon, stub, to_group, wait};

/// A socket that hears all frames on any interface of the host.
pub(crate) fn listener(host: &Host) -> File {
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let all = SockProtocol::EthAll;
    let fd = host.on(|| socket(AddressFamily::Packet, SockType::Raw, flags, all));
    fd.unwrap().unwrap().into()
}

/// The next frames for which `wanted` holds.
pub(crate) fn frames(listener: &mut File, count: usize, wanted: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let deadline = soon();
    let mut seen = Vec::new();
    while seen.len() < count {
        wait(&*listener, deadline);
        let mut frame = vec![0; 2000];
        let len = listener.read(&mut frame).unwrap();
        frame.truncate(len);
        if wanted(&frame) {
            seen.push(frame);
        }
    }
    seen
}

fn is_stub(frame: &[u8]) -> bool {
    frame.windows(8).any(|octets| octets == stub(7))
}

/// ledger: tx-ttl
/// ledger: tx-group
#[test]
fn an_ipv4_packet_has_ttl_255_precedence_6_protocol_112_and_the_groups_addresses() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let mut listener = listener(two);
        let sender = channel(one, Family::V4, ALL);
        sender.send(to_group(own(one, Family::V4), &stub(7))).unwrap();
        let frame = &frames(&mut listener, 1, is_stub)[0];
        assert_eq!(frame[..6], [1, 0, 0x5e, 0, 0, 0x12]);
        let header = &frame[14..34];
        assert_eq!(header[..4], [0x45, 0xc0, 0, 28]);
        assert_eq!(header[6..10], [0, 0, 255, 112]);
        assert_eq!(header[12..], [10, 0, 0, 1, 224, 0, 0, 18]);
        let words = header.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(word[1]));
        assert_eq!(words.sum::<u32>() % 0xffff, 0, "the header's checksum");
    });
}

/// ledger: tx-ttl
/// ledger: tx-group
#[test]
fn an_ipv6_packet_has_hop_limit_255_precedence_6_next_header_112_and_the_groups_addresses() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let mut listener = listener(two);
        let sender = channel(one, Family::V6, ALL);
        sender.send(to_group(own(one, Family::V6), &stub(7))).unwrap();
        let frame = &frames(&mut listener, 1, is_stub)[0];
        assert_eq!(frame[..6], [0x33, 0x33, 0, 0, 0, 0x12]);
        let header = &frame[14..54];
        assert_eq!((header[0] >> 4, header[0] << 4 | header[1] >> 4), (6, 0xc0));
        assert_eq!(header[4..8], [0, 8, 112, 255]);
        let group = vrrp_wire::GROUP_V6.octets();
        assert_eq!(header[24..], group);
    });
}

/// ledger: tx-src-mac
#[test]
fn a_channel_on_a_macvlan_without_addresses_sends_from_the_virtual_mac() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let mac = "00:00:5e:00:01:07";
        let add = ["ip", "link", "add", "vrrp.7", "link", "eth0", "address", mac, "type"];
        one.run(&[&add[..], &["macvlan", "mode", "private"]].concat()).unwrap();
        one.run(&["ip", "link", "set", "vrrp.7", "addrgenmode", "none"]).unwrap();
        one.run(&["ip", "link", "set", "vrrp.7", "up"]).unwrap();
        let index = one.on(|| nix::net::if_::if_nametoindex("vrrp.7")).unwrap().unwrap();
        let mut listener = listener(two);
        for family in [Family::V4, Family::V6] {
            let options = ChannelOptions { index, family, hears: only([]), receive_buffer: None };
            let sender = one.on(|| Channel::open(&options)).unwrap().unwrap();
            sender.send(to_group(own(one, family), &stub(7))).unwrap();
            let frame = &frames(&mut listener, 1, is_stub)[0];
            assert_eq!(frame[6..12], [0, 0, 0x5e, 0, 1, 7], "{family}");
        }
    });
}
