//! What one host's channel sends, another's hears, on the real kernel.

use core::net::IpAddr;

use crate::lan::{
    ALL, ELSEWHERE, Lan, channel, group, hear, is_readable, lan, only, options, own, payloads, settle, soon, stub,
    to_group, wait,
};
use vrrp::socket::{Batch, Channel, OpenError, Reading, Transmit};
use vrrp_lab::isolated;
use vrrp_wire::{Family, IpPair};

fn reaches_the_other_host(family: Family) {
    let Lan { one, two, .. } = &lan();
    let (sender, receiver) = (channel(one, family, ALL), channel(two, family, only([7])));
    let before = Reading::take().wall;
    let source = own(one, family);
    sender.send(to_group(source, &stub(7))).unwrap();
    let heard = hear(&receiver, 1);
    let after = Reading::take().wall;

    assert_eq!(payloads(&heard), [stub(7)]);
    assert_eq!((heard[0].source, heard[0].destination), (source, group(family)));
    assert_eq!(heard[0].hop_limit, 255);
    assert!(!heard[0].truncated);
    let stamp = heard[0].stamp.unwrap();
    assert!(before <= stamp && stamp <= after, "{before:?} {stamp:?} {after:?}");
    assert!(!is_readable(&sender), "a channel hears itself");
}

#[test]
fn an_ipv4_packet_to_the_group_arrives_whole_with_its_addresses_ttl_and_stamp() {
    isolated(|| reaches_the_other_host(Family::V4));
}

#[test]
fn an_ipv6_packet_to_the_group_arrives_whole_with_its_addresses_hop_limit_and_stamp() {
    isolated(|| reaches_the_other_host(Family::V6));
}

#[test]
fn a_hop_limit_of_the_senders_choice_is_what_the_receiver_sees() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, ALL));
            let stub = stub(7);
            let packet = Transmit { hop_limit: 64, ..to_group(own(one, family), &stub) };
            sender.send(packet).unwrap();
            assert_eq!(hear(&receiver, 1)[0].hop_limit, 64, "{family}");
        }
    });
}

#[test]
fn a_source_that_is_no_address_of_the_host_is_sent_from_all_the_same() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let strangers: [IpAddr; 2] = ["10.0.0.99".parse().unwrap(), ELSEWHERE.into()];
        for stranger in strangers {
            let family = Family::of(stranger);
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, ALL));
            sender.send(to_group(stranger, &stub(7))).unwrap();
            assert_eq!(hear(&receiver, 1)[0].source, stranger);
        }
    });
}

#[test]
fn a_packet_to_one_peer_arrives_without_any_group() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let options = options(two, family, only([7]));
            let receiver = two.on(|| Channel::open(&options)).unwrap().unwrap();
            let sender = channel(one, family, ALL);
            let (source, destination) = (own(one, family), own(two, family));
            let ip = IpPair::new(source, destination).unwrap();
            let payload = &stub(7);
            sender.send(Transmit { ip, hop_limit: 255, payload }).unwrap();
            assert_eq!(hear(&receiver, 1)[0].destination, destination);
        }
    });
}

#[test]
fn a_group_is_heard_from_joining_to_leaving() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for (family, configured) in [(Family::V4, "224.0.0.200"), (Family::V6, "ff02::200")] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, ALL));
            let witness = channel(two, family, ALL);
            let source = own(one, family);
            let configured: IpAddr = configured.parse().unwrap();
            let payload = &stub(1);
            let packet = Transmit { ip: IpPair::new(source, configured).unwrap(), hop_limit: 255, payload };
            // An IPv6 channel hears what others joined.
            if family == Family::V4 {
                witness.join(configured).unwrap();
            }
            sender.send(packet).unwrap();
            sender.send(to_group(source, &stub(2))).unwrap();
            assert_eq!(payloads(&hear(&receiver, 1)), [stub(2)], "a group not joined");
            receiver.join(configured).unwrap();
            receiver.join(configured).unwrap();
            sender.send(packet).unwrap();
            assert_eq!(payloads(&hear(&receiver, 1)), [stub(1)]);
            receiver.leave(configured).unwrap();
            receiver.leave(configured).unwrap();
            sender.send(packet).unwrap();
            sender.send(to_group(source, &stub(2))).unwrap();
            assert_eq!(payloads(&hear(&receiver, 1)), [stub(2)], "a group left");
        }
    });
}

#[test]
fn many_packets_go_out_in_order_and_each_failure_is_told_of_its_own_packet() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let (sender, receiver) = (channel(one, Family::V4, ALL), channel(two, Family::V4, ALL));
        let source = own(one, Family::V4);
        let stubs: Vec<_> = (1..=100).map(stub).collect();
        let oversized = vec![0; 3000];
        let packets = stubs.iter().enumerate().map(|(at, stub)| match at {
            0 | 31 | 32 | 50 | 99 => to_group(source, &oversized),
            _ => to_group(source, stub),
        });
        let mut failed = Vec::new();
        let mut told = Vec::new();
        sender.send_all(packets, |at, result| {
            told.push(at);
            if let Err(error) = result {
                failed.push((at, error.raw_os_error()));
            }
        });
        assert_eq!(told, Vec::from_iter(0..100));
        let too_long = Some(libc::EMSGSIZE);
        assert_eq!(failed, [0, 31, 32, 50, 99].map(|at| (at, too_long)));
        let heard = hear(&receiver, 95);
        let vrids: Vec<_> = heard.iter().map(|heard| usize::from(heard.payload[1]) - 1).collect();
        let sent: Vec<_> = (0..100).filter(|at| ![0, 31, 32, 50, 99].contains(at)).collect();
        assert_eq!(vrids, sent);
    });
}

#[test]
fn a_drain_stops_at_its_limit_and_says_that_there_is_more() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let (sender, receiver) = (channel(one, Family::V4, ALL), channel(two, Family::V4, ALL));
        let witness = channel(two, Family::V4, ALL);
        let stub = stub(7);
        let packets = [to_group(own(one, Family::V4), &stub); 50];
        sender.send_all(packets, |_, result| result.unwrap());
        // Whatever order the two sockets are served in, the 50th has reached both before the 51st has reached one.
        sender.send(packets[0]).unwrap();
        assert_eq!(hear(&witness, 51).len(), 51);
        let mut batch = Batch::new(8, 100);
        let mut count = 0;
        let drained = receiver.drain(&mut batch, 20, |_| count += 1).unwrap();
        assert_eq!((drained.packets, drained.more, count), (20, true, 20));
        let drained = receiver.drain(&mut batch, 64, |_| count += 1).unwrap();
        assert!(!drained.more && drained.packets >= 30, "{drained:?}");
        let drained = hear(&witness, 0);
        assert!(drained.is_empty());
    });
}

#[test]
fn a_packet_longer_than_a_slot_is_counted_or_handed_over_as_truncated() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let long = [7; 200];
        for family in [Family::V4, Family::V6] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, ALL));
            sender.send(to_group(own(one, family), &long)).unwrap();
            wait(&receiver, soon());
            let mut truncated = 0;
            let drained = receiver
                .drain(&mut Batch::new(4, 100), 64, |arrival| {
                    truncated += usize::from(arrival.truncated);
                })
                .unwrap();
            assert_eq!(drained.packets, 1, "{family}");
            assert_eq!(drained.unreadable + truncated, 1, "{family}");
        }
    });
}

#[test]
fn a_drain_tells_how_many_packets_found_the_receive_buffer_full() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let mut options = options(two, family, ALL);
            options.receive_buffer = Some(4096);
            let receiver = two.on(|| Channel::open(&options)).unwrap().unwrap();
            receiver.join(group(family)).unwrap();
            let witness = channel(two, family, ALL);
            let sender = channel(one, family, ALL);
            let (stub, mut batch) = (stub(7), Batch::default());
            let packets = [to_group(own(one, family), &stub); 100];
            sender.send_all(packets, |_, result| result.unwrap());
            assert_eq!(hear(&witness, 100).len(), 100);
            let kept = receiver.drain(&mut batch, 200, |_| ()).unwrap().packets;
            assert!((1..99).contains(&kept), "{kept}");
            // The loss is told by a packet that comes after it.
            sender.send(packets[0]).unwrap();
            wait(&receiver, soon());
            let drained = receiver.drain(&mut batch, 200, |_| ()).unwrap();
            let lost = usize::try_from(drained.lost).unwrap();
            assert!(lost + kept + drained.packets >= 100 && lost > 0, "{kept} {drained:?}");
        }
    });
}

#[test]
fn sending_where_the_link_is_down_or_gone_is_an_error_of_that_packet_and_passes() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, ALL));
            let source = own(one, family);
            one.link_down("eth0").unwrap();
            let down = sender.send(to_group(source, &stub(7))).unwrap_err();
            let expected = [libc::ENETDOWN, libc::ENETUNREACH, libc::ENODEV, libc::EADDRNOTAVAIL];
            assert!(expected.contains(&down.raw_os_error().unwrap()), "{family}: {down}");
            one.link_up("eth0").unwrap();
            settle(one, two);
            drop(hear(&receiver, 0));
            sender.send(to_group(source, &stub(7))).unwrap();
            assert_eq!(
                payloads(&hear(&receiver, 1)).last(),
                Some(&stub(7).as_slice()),
                "memberships outlive a link that was down"
            );
        }
        let orphans = [Family::V4, Family::V6].map(|family| channel(one, family, ALL));
        one.run(&["ip", "link", "delete", "eth0"]).unwrap();
        for orphan in orphans {
            let stub = stub(7);
            let packet = match orphan.family() {
                Family::V4 => to_group("10.0.0.1".parse().unwrap(), &stub),
                Family::V6 => to_group(ELSEWHERE.into(), &stub),
            };
            let gone = orphan.send(packet).unwrap_err();
            assert!(gone.raw_os_error().is_some(), "{gone}");
            assert!(!orphan.drain(&mut Batch::default(), 64, |_| ()).unwrap().more);
        }
    });
}

#[test]
fn an_interface_that_is_not_there_cannot_be_bound_to() {
    isolated(|| {
        let Lan { one, .. } = &lan();
        let mut options = options(one, Family::V4, ALL);
        options.index = 4711;
        let error = one.on(|| Channel::open(&options)).unwrap().unwrap_err();
        assert!(matches!(error, OpenError::Bind { index: 4711, .. }), "{error:?}");
    });
}
