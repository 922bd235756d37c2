//! Which packets may wake a channel, on the real kernel.

use crate::lan::{ALL, Lan, channel, hear, is_readable, lan, only, own, payloads, soon, stub, to_group, vrid, wait};
use vrrp::socket::{Hears, VridSet};
use vrrp_lab::isolated;
use vrrp_wire::Family;

#[test]
fn a_foreign_vrid_does_not_make_the_channel_readable() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, only([7])));
            let witness = channel(two, family, ALL);
            let foreign = stub(8);
            let packet = to_group(own(one, family), &foreign);
            sender.send(packet).unwrap();
            sender.send(packet).unwrap();
            // The first has been through every socket before the second reaches any.
            assert_eq!(hear(&witness, 2).len(), 2);
            assert!(!is_readable(&receiver), "{family}");
        }
    });
}

#[test]
fn malformed_packets_of_an_own_vrid_arrive_down_to_two_octets() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let (sender, receiver) = (channel(one, family, ALL), channel(two, family, only([7])));
            let malformed: [&[u8]; 4] = [&[0xff, 7], &[0, 7, 0], &[0x31, 7, 1, 255, 9], &[7; 600]];
            let short: [&[u8]; 2] = [&[], &[7]];
            for payload in short.iter().chain(&malformed) {
                sender.send(to_group(own(one, family), payload)).unwrap();
            }
            assert_eq!(payloads(&hear(&receiver, 4)), malformed, "{family}");
        }
    });
}

#[test]
fn a_filter_of_250_vrids_lets_exactly_those_pass() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let left_out = [1, 32, 63, 64, 200];
        let ours: VridSet = (1..=255).filter(|id| !left_out.contains(id)).map(vrid).collect();
        for family in [Family::V4, Family::V6] {
            let receiver = channel(two, family, Hears::Only(ours));
            let rest = channel(two, family, Hears::Except(ours));
            let sender = channel(one, family, ALL);
            let source = own(one, family);
            for id in (0..=255).chain([2]) {
                sender.send(to_group(source, &stub(id))).unwrap();
            }
            let heard: Vec<u8> = hear(&receiver, 251).iter().map(|heard| heard.payload[1]).collect();
            let expected = (1..=255).filter(|id| !left_out.contains(id)).chain([2]);
            assert_eq!(heard, Vec::from_iter(expected), "{family}");
            let heard: Vec<u8> = hear(&rest, 6).iter().map(|heard| heard.payload[1]).collect();
            assert_eq!(heard, [0, 1, 32, 63, 64, 200], "{family}");
        }
    });
}

#[test]
fn a_filter_of_one_vrid_lets_exactly_that_one_pass_whichever_it_is() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let receiver = channel(two, Family::V4, only([]));
        let sender = channel(one, Family::V4, ALL);
        let source = own(one, Family::V4);
        for ours in [1, 31, 32, 33, 128, 223, 224, 255] {
            receiver.hear(only([ours])).unwrap();
            for id in (0..=255).chain([ours]) {
                sender.send(to_group(source, &stub(id))).unwrap();
            }
            assert_eq!(payloads(&hear(&receiver, 2)), [stub(ours); 2]);
        }
    });
}

#[test]
fn what_was_queued_under_the_old_filter_is_still_delivered_after_a_change() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let receiver = channel(two, Family::V4, only([7]));
        let sender = channel(one, Family::V4, ALL);
        let source = own(one, Family::V4);
        sender.send(to_group(source, &stub(7))).unwrap();
        wait(&receiver, soon());
        receiver.hear(only([8])).unwrap();
        sender.send(to_group(source, &stub(7))).unwrap();
        sender.send(to_group(source, &stub(8))).unwrap();
        assert_eq!(payloads(&hear(&receiver, 2)), [stub(7), stub(8)]);
    });
}

#[test]
fn a_channel_that_hears_no_vrid_only_sends() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let receiver = channel(two, Family::V4, only([]));
        let witness = channel(two, Family::V4, ALL);
        let sender = channel(one, Family::V4, only([]));
        for id in [0, 1, 255, 255] {
            sender.send(to_group(own(one, Family::V4), &stub(id))).unwrap();
        }
        assert_eq!(hear(&witness, 4).len(), 4);
        assert!(!is_readable(&receiver));
    });
}

#[test]
fn a_set_holds_what_was_put_in_and_not_taken_out() {
    let mut set = VridSet::EMPTY;
    assert!(set.is_empty());
    for id in 1..=255 {
        assert!(!set.contains(vrid(id)));
        set.insert(vrid(id));
        assert!(set.contains(vrid(id)));
    }
    set.remove(vrid(64));
    assert!(!set.contains(vrid(64)) && set.contains(vrid(63)) && set.contains(vrid(65)));
    (1..=255).for_each(|id| set.remove(vrid(id)));
    assert!(set.is_empty());
}
