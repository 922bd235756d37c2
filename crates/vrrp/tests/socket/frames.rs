//! Taps and announcers: packet sockets on the real kernel.

use std::net::UdpSocket;

use crate::lan::{ALL, Lan, channel, hear, index, is_readable, lan, own, settle, soon, stub, to_group, wait};
use crate::wire;
use vrrp::socket::{Announcement, Announcer, Batch, OpenError, Tap, TapOptions};
use vrrp_lab::{Host, isolated};
use vrrp_wire::arp::{self, ArpForm};
use vrrp_wire::{Family, MacAddr, ndp};

const MAC: MacAddr = MacAddr::new([0, 0, 0x5e, 0, 1, 7]);

fn tap(host: &Host, outgoing: bool) -> Tap {
    let options = TapOptions { index: index(host), outgoing, receive_buffer: TapOptions::SMALL };
    host.on(|| Tap::open(&options)).unwrap().unwrap()
}

/// Source MAC, source address, payload and direction of `count` packets.
fn sightings(tap: &Tap, count: usize) -> Vec<(Option<MacAddr>, String, Vec<u8>, bool)> {
    let deadline = soon();
    let mut batch = Batch::default();
    let mut seen = Vec::new();
    while seen.len() < count {
        wait(tap, deadline);
        let drained = tap.drain(&mut batch, 16, |sighting| {
            let datagram = sighting.arrival.datagram;
            assert!(sighting.arrival.stamp.is_some());
            assert_eq!(datagram.hop_limit, 255);
            let source = datagram.source.to_string();
            seen.push((sighting.mac, source, datagram.payload.to_vec(), sighting.outgoing));
        });
        assert_eq!(drained.unwrap().unreadable, 0);
    }
    seen
}

#[test]
fn a_tap_sees_the_vrrp_of_both_families_with_its_senders_mac_and_nothing_else() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let tap = tap(two, false);
        let mac = one.run(&["cat", "/sys/class/net/eth0/address"]).unwrap().stdout;
        let neighbour = one.on(|| {
            let socket = UdpSocket::bind("10.0.0.1:0").unwrap();
            socket.send_to(b"no VRRP", "10.0.0.2:9").unwrap();
            Announcer::open().unwrap()
        });
        let frame = &ndp::unsolicited(MAC, "2001:db8::100".parse().unwrap(), true);
        let index = index(one);
        neighbour.unwrap().send(Announcement { index, frame }).unwrap();
        for family in [Family::V4, Family::V6] {
            let own_packets = channel(two, family, ALL);
            own_packets.send(to_group(own(two, family), &stub(9))).unwrap();
            let sender = channel(one, family, ALL);
            let source = own(one, family);
            sender.send(to_group(source, &stub(7))).unwrap();
            let seen = sightings(&tap, 1);
            assert_eq!(seen.len(), 1);
            let (from, address, payload, outgoing) = &seen[0];
            assert_eq!(from.unwrap().to_string(), mac.trim());
            assert_eq!((address, payload.as_slice()), (&source.to_string(), &stub(7)[..]));
            assert!(!outgoing);
        }
    });
}

#[test]
fn a_tap_that_asks_for_it_sees_what_its_own_host_sends() {
    isolated(|| {
        let Lan { one, .. } = &lan();
        let tap = tap(one, true);
        for family in [Family::V4, Family::V6] {
            let sender = channel(one, family, ALL);
            sender.send(to_group(own(one, family), &stub(7))).unwrap();
            let seen = sightings(&tap, 1);
            assert!(seen[0].3, "{seen:?}");
            assert_eq!(seen[0].2, stub(7));
        }
    });
}

#[test]
fn a_flood_fills_a_tap_and_goes_no_further() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let tap = tap(two, false);
        let witness = channel(two, Family::V4, ALL);
        let sender = channel(one, Family::V4, ALL);
        let flood = stub(9);
        let packets = [to_group(own(one, Family::V4), &flood); 500];
        for _ in 0..4 {
            sender.send_all(packets, |_, result| result.unwrap());
        }
        assert!(!hear(&witness, 1).is_empty());
        let mut seen = 0;
        let mut batch = Batch::default();
        while tap.drain(&mut batch, 64, |_| seen += 1).unwrap().packets > 0 {}
        assert!((1..1000).contains(&seen), "{seen}");
    });
}

#[test]
fn announcements_arrive_as_the_bytes_that_were_made() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let mut heard = wire::listener(two);
        let announcer = one.on(Announcer::open).unwrap().unwrap();
        let request = arp::gratuitous(MAC, [10, 0, 0, 100].into(), ArpForm::Request);
        let reply = arp::gratuitous(MAC, [10, 0, 0, 100].into(), ArpForm::Reply);
        let neighbour = ndp::unsolicited(MAC, "2001:db8::100".parse().unwrap(), true);
        let frames: [&[u8]; 3] = [&request, &reply, &neighbour];
        let index = index(one);
        let announcements = frames.map(|frame| Announcement { index, frame });
        let mut results = Vec::new();
        announcer.send_all(announcements, |at, result| results.push((at, result.is_ok())));
        assert_eq!(results, [(0, true), (1, true), (2, true)]);

        // Whatever else the hosts say to each other does not come from the virtual router's MAC.
        let seen = wire::frames(&mut heard, 3, |frame| frame[6..12] == MAC.octets());
        assert_eq!(seen, frames);
        assert!(!is_readable(&announcer), "an announcer hears nothing");
    });
}

#[test]
fn an_announcement_that_cannot_be_sent_is_an_error_of_its_own() {
    isolated(|| {
        let Lan { one, .. } = &lan();
        let announcer = one.on(Announcer::open).unwrap().unwrap();
        let frame = &arp::gratuitous(MAC, [10, 0, 0, 100].into(), ArpForm::Request);
        let (here, nowhere) = (index(one), 4711);
        let send = || {
            let announcements = [here, nowhere, here].map(|index| Announcement { index, frame });
            let mut results = Vec::new();
            announcer.send_all(announcements, |_, result| {
                results.push(result.err().and_then(|error| error.raw_os_error()));
            });
            results
        };
        assert_eq!(send(), [None, Some(libc::ENXIO), None]);
        one.link_down("eth0").unwrap();
        let down = Some(libc::ENETDOWN);
        assert_eq!(send(), [down, Some(libc::ENXIO), down]);
        one.link_up("eth0").unwrap();
        assert_eq!(send(), [None, Some(libc::ENXIO), None]);
        let short = Announcement { index: here, frame: &[1, 2, 3] };
        assert!(announcer.send(short).is_err());
    });
}

#[test]
fn a_tap_says_that_its_interface_went_down_and_goes_on_when_it_is_up() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let tap = tap(two, false);
        let mut batch = Batch::default();
        two.link_down("eth0").unwrap();
        let error = tap.drain(&mut batch, 16, |_| ()).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENETDOWN));
        assert_eq!(tap.drain(&mut batch, 16, |_| ()).unwrap().packets, 0);
        two.link_up("eth0").unwrap();
        settle(one, two);
        while tap.drain(&mut batch, 16, |_| ()).unwrap().packets > 0 {}
        let sender = channel(one, Family::V4, ALL);
        sender.send(to_group(own(one, Family::V4), &stub(7))).unwrap();
        assert_eq!(sightings(&tap, 1).len(), 1);
        let nowhere = TapOptions { index: 4711, outgoing: false, receive_buffer: TapOptions::SMALL };
        let error = two.on(|| Tap::open(&nowhere)).unwrap().unwrap_err();
        assert!(matches!(error, OpenError::Bind { index: 4711, .. }), "{error:?}");
    });
}
