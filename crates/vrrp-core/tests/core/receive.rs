//! RFC 9568 §7.1: what is taken and what is discarded, through real bytes.

use core::net::IpAddr;

use vrrp_core::{
    AddressList, Config, Datagram, Delivery, Habits, Input, InterfaceId, Name, Node, Peer, Receipt, Received, Reject,
    VirtualRouter, check,
};
use vrrp_wire::{
    Addresses, AdverInterval, Advertisement, Authentication, Coverage, DecodeError, Family, IpPair, Priority, Version,
    Vrid,
};

use crate::fixture::{active, address, at, backup, config, with_priority};

const GROUP: IpAddr = IpAddr::V4(vrrp_wire::GROUP_V4);

/// What 10.0.0.3 sends with priority 200 in agreement with [`config`].
fn sent(config: &Config) -> Advertisement<'_> {
    Advertisement {
        version: config.version,
        vrid: config.vrid,
        priority: Priority::new(200),
        interval: config.interval,
        addresses: config.addresses.as_wire(),
        authentication: config.authentication,
    }
}

fn encode(advertisement: &Advertisement<'_>, coverage: Coverage, destination: IpAddr) -> Vec<u8> {
    let mut buf = [0; 128];
    let ip = IpPair::new(address(3), destination).unwrap();
    advertisement.encode(&ip, coverage, &mut buf).unwrap().to_vec()
}

fn multicast(payload: &[u8]) -> Datagram<'_> {
    Datagram { source: address(3), destination: GROUP, hop_limit: 255, payload }
}

fn verdict(config: &Config, advertisement: &Advertisement<'_>) -> Result<Received, Reject> {
    let payload = encode(advertisement, Coverage::PseudoHeader, GROUP);
    check(&multicast(&payload), config, Some(address(2)))
}

fn v2() -> Config {
    Config { version: Version::V2, ..config() }
}

/// ledger: rx-ttl, !rx-ttl
#[test]
fn multicast_needs_a_ttl_of_255() {
    let config = config();
    let payload = encode(&sent(&config), Coverage::PseudoHeader, GROUP);
    for hop_limit in [0, 1, 64, 254] {
        let datagram = Datagram { hop_limit, ..multicast(&payload) };
        let reject = Reject::HopLimit { received: hop_limit, least: 255 };
        assert_eq!(check(&datagram, &config, None), Err(reject));
    }
    assert!(check(&multicast(&payload), &config, None).is_ok());
}

fn unicast(min_ttl: u8, check_source: bool) -> Config {
    Config {
        delivery: Delivery::Unicast {
            peers: Box::new([Peer { address: address(3), min_ttl, max_ttl: 255 }]),
            ttl: 255,
            check_source,
        },
        ..config()
    }
}

fn to_us(config: &Config, source: u8, hop_limit: u8) -> Result<Received, Reject> {
    let ip = IpPair::new(address(source), address(2)).unwrap();
    let mut buf = [0; 64];
    let payload = sent(config).encode(&ip, Coverage::PseudoHeader, &mut buf);
    let datagram = Datagram { source: address(source), destination: address(2), hop_limit, payload: payload.unwrap() };
    check(&datagram, config, Some(address(2)))
}

/// ledger: rx-ttl, !rx-ttl
#[test]
fn unicast_takes_any_ttl_unless_min_ttl_says_otherwise() {
    assert!(to_us(&unicast(0, false), 3, 64).is_ok());
    assert!(to_us(&unicast(254, false), 3, 254).is_ok());
    let reject = Reject::HopLimit { received: 64, least: 254 };
    assert_eq!(to_us(&unicast(254, false), 3, 64), Err(reject));
}

/// It has nothing to list, and nor has its peer: without this each would be Active for ever.
#[test]
fn a_router_without_addresses_takes_an_empty_list_and_nobody_else_does() {
    let none = Config { addresses: AddressList::of(Family::V4, []), ..v2() };
    let mut buf = [0; 64];
    let ip = IpPair::new(address(3), GROUP).unwrap();
    let payload = sent(&none).encode_unlisted(&ip, Coverage::Message, &mut buf).unwrap();
    let received = check(&multicast(payload), &none, Some(address(2))).unwrap();
    assert!(!received.addresses_differ);
    let count_zero = Err(Reject::Malformed(DecodeError::CountZero));
    assert_eq!(check(&multicast(payload), &v2(), Some(address(2))), count_zero);
    let listed = encode(&sent(&v2()), Coverage::Message, GROUP);
    assert!(check(&multicast(&listed), &none, Some(address(2))).unwrap().addresses_differ);
}

/// What has passed a router is refused where the peer is known to be on the link; what has passed none, where it is not.
#[test]
fn a_peer_has_a_greatest_ttl_too() {
    let distant = |max_ttl| Config {
        delivery: Delivery::Unicast {
            peers: Box::new([Peer { address: address(3), min_ttl: 60, max_ttl }]),
            ttl: 64,
            check_source: false,
        },
        ..config()
    };
    for (hop_limit, taken) in [(59, false), (60, true), (63, true), (64, true), (65, false), (255, false)] {
        assert_eq!(to_us(&distant(64), 3, hop_limit).is_ok(), taken, "{hop_limit}");
    }
}

#[test]
fn a_stranger_is_taken_unless_check_unicast_src_is_on() {
    assert!(to_us(&unicast(0, false), 9, 64).is_ok());
    assert_eq!(to_us(&unicast(0, true), 9, 64), Err(Reject::NotAPeer));
}

/// ledger: !tx-group
#[test]
fn unicast_and_multicast_do_not_mix() {
    assert_eq!(to_us(&config(), 3, 255), Err(Reject::Delivery));
    let unicast = unicast(0, false);
    assert_eq!(verdict(&unicast, &sent(&unicast)), Err(Reject::Delivery));
}

/// ledger: rx-version, !rx-version
#[test]
fn the_other_version_is_discarded() {
    let (ours, theirs) = (config(), v2());
    let received = theirs.version;
    assert_eq!(verdict(&ours, &sent(&theirs)), Err(Reject::Version { received }));
    let received = ours.version;
    assert_eq!(verdict(&theirs, &sent(&ours)), Err(Reject::Version { received }));
    assert!(verdict(&ours, &sent(&ours)).is_ok());
    assert!(verdict(&theirs, &sent(&theirs)).is_ok());
}

/// What becomes of our advertisement with one byte changed and the checksum made right again, or not.
fn patched(offset: usize, value: u8, repair: bool) -> Result<Received, Reject> {
    let config = config();
    let mut payload = encode(&sent(&config), Coverage::Message, GROUP);
    payload[offset] = value;
    if repair {
        payload[6..8].fill(0);
        let sum: u32 = payload.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
        let folded = (sum & 0xffff) + (sum >> 16);
        let check = !u16::try_from((folded & 0xffff) + (folded >> 16)).unwrap();
        payload[6..8].copy_from_slice(&check.to_be_bytes());
    }
    check(&multicast(&payload), &config, Some(address(2)))
}

/// ledger: rx-type, !rx-type
#[test]
fn a_type_other_than_1_is_discarded() {
    let received = 2;
    let reject = Reject::Malformed(DecodeError::Type { received });
    assert_eq!(patched(0, 0x32, true), Err(reject));
    assert!(patched(0, 0x31, true).is_ok());
}

/// ledger: rx-complete, !rx-complete
#[test]
fn a_message_that_is_shorter_or_longer_than_it_says_is_discarded() {
    let config = config();
    let whole = encode(&sent(&config), Coverage::PseudoHeader, GROUP);
    for len in 0..whole.len() {
        let short = check(&multicast(&whole[..len]), &config, None);
        assert!(matches!(short, Err(Reject::Malformed(_))), "{len}");
    }
    let long = [&whole[..], &[0; 4]].concat();
    let long = check(&multicast(&long), &config, None);
    assert!(matches!(long, Err(Reject::Malformed(DecodeError::TooLong { .. }))));
    assert!(check(&multicast(&whole), &config, None).is_ok());
}

/// ledger: rx-checksum, !rx-checksum, tx-checksum-v4, !tx-checksum-v4
#[test]
fn both_checksum_forms_are_taken_and_a_wrong_one_is_not() {
    let config = config();
    for coverage in [Coverage::PseudoHeader, Coverage::Message] {
        let payload = encode(&sent(&config), coverage, GROUP);
        let received = check(&multicast(&payload), &config, None).unwrap();
        assert_eq!(received.coverage, coverage);
    }
    let wrong = patched(2, 201, false);
    assert!(matches!(wrong, Err(Reject::Malformed(DecodeError::Checksum { .. }))));
}

/// ledger: !rx-count-zero, rx-interval-zero, !rx-interval-zero
#[test]
fn a_count_of_zero_and_an_interval_of_zero_are_ignored() {
    let config = config();
    let mut none = encode(&sent(&config), Coverage::Message, GROUP);
    none.truncate(8);
    none[3] = 0;
    none[6..8].fill(0);
    let sum: u32 = none.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    let check_field = !u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap();
    none[6..8].copy_from_slice(&check_field.to_be_bytes());
    let verdict = check(&multicast(&none), &config, None);
    assert_eq!(verdict, Err(Reject::Malformed(DecodeError::CountZero)));

    let zero = Err(Reject::Malformed(DecodeError::IntervalZero));
    assert_eq!(patched(5, 0, true), zero);
    assert!(patched(5, 1, true).is_ok());
}

/// ledger: rx-vrid, !rx-vrid
#[test]
fn a_packet_reaches_the_router_of_its_interface_family_and_vrid_and_no_other() {
    let mut node = Node::new();
    let config = config();
    let id = node.insert(InterfaceId(1), config.clone()).unwrap();
    let _ = node.handle(at(0), id, Input::Startup);
    let payload = encode(&sent(&config), Coverage::PseudoHeader, GROUP);

    let Receipt { router, .. } = node.receive(at(1), InterfaceId(1), &multicast(&payload));
    assert_eq!(router, Some(id));
    let elsewhere = node.receive(at(2), InterfaceId(2), &multicast(&payload));
    assert_eq!(elsewhere.router, None);
    assert_eq!(elsewhere.verdict, Err(Reject::UnknownVrid));

    let mut other = sent(&config);
    other.vrid = Vrid::new(52).unwrap();
    let payload = encode(&other, Coverage::PseudoHeader, GROUP);
    let unknown = node.receive(at(3), InterfaceId(1), &multicast(&payload));
    assert_eq!(unknown.verdict, Err(Reject::UnknownVrid));
    assert!(unknown.outputs.is_empty());
}

/// ledger: !rx-own
#[test]
fn a_packet_of_our_own_moves_nothing() {
    let mut router = active(config());
    let ours = config();
    let payload = {
        let ip = IpPair::new(address(2), GROUP).unwrap();
        let mut buf = [0; 64];
        let mut better = sent(&ours);
        better.priority = Priority::OWNER;
        better.encode(&ip, Coverage::PseudoHeader, &mut buf).unwrap().to_vec()
    };
    let datagram = Datagram { source: address(2), ..multicast(&payload) };
    assert_eq!(router.check(&datagram), Err(Reject::Own));
    let _ = router.handle(at(1), Input::Rejected(address(2), Reject::Own));
    assert_eq!(router.state().name(), Name::Active);
    assert_eq!(router.counters().rejected(&Reject::Own), 1);
}

/// ledger: rx-own
#[test]
fn the_same_packet_from_another_address_does() {
    let mut router = active(config());
    let ours = config();
    let payload = encode(&sent(&ours), Coverage::PseudoHeader, GROUP);
    let received = router.check(&multicast(&payload)).unwrap();
    let _ = router.handle(at(1), Input::Advertisement(received));
    assert_eq!(router.state().name(), Name::Backup);
}

/// ledger: rx-interval-mismatch
#[test]
fn another_interval_is_noted_and_counts_as_an_advertisement() {
    let ours = config();
    let mut theirs = sent(&ours);
    theirs.interval = AdverInterval::from_centis(300).unwrap();
    let received = verdict(&ours, &theirs).unwrap();
    assert_eq!(received.interval, theirs.interval);
}

/// ledger: rx-address-mismatch
#[test]
fn another_address_list_is_noted_and_counts_as_an_advertisement() {
    let ours = config();
    let mut theirs = sent(&ours);
    theirs.addresses = Addresses::V4(&[[10, 0, 0, 99]]);
    assert!(verdict(&ours, &theirs).unwrap().addresses_differ);
    theirs.addresses = Addresses::V4(&[[10, 0, 0, 100], [10, 0, 0, 101]]);
    assert!(verdict(&ours, &theirs).unwrap().addresses_differ);
}

/// ledger: rx-address-mismatch
#[test]
fn a_peer_that_lacks_one_of_our_addresses_is_noted() {
    let ours = Config { addresses: AddressList::of(Family::V4, [address(100), address(101)]), ..config() };
    let mut theirs = sent(&ours);
    theirs.addresses = Addresses::V4(&[[10, 0, 0, 100]]);
    assert!(verdict(&ours, &theirs).unwrap().addresses_differ);
    theirs.addresses = Addresses::V4(&[[10, 0, 0, 100], [10, 0, 0, 99]]);
    assert!(verdict(&ours, &theirs).unwrap().addresses_differ);
}

#[test]
fn an_ipv6_router_lists_the_addresses_that_it_is_configured_with() {
    let virtual_address = IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, 0x100]);
    let addresses = AddressList::of(Family::V6, [virtual_address, address(100)]);
    let router = VirtualRouter::new(Config::new(Version::V3, Vrid::new(51).unwrap(), addresses), 0);
    let advertisement = router.advertisement(Priority::DEFAULT);
    assert_eq!(advertisement.addresses.iter().collect::<Vec<_>>(), [virtual_address]);
    assert_eq!(advertisement.addresses.family(), Family::V6);
}

/// ledger: !rx-address-mismatch
#[test]
fn the_same_addresses_in_another_order_do_not_differ() {
    let list = [[10, 0, 0, 100], [10, 0, 0, 101]];
    let ours = Config { addresses: AddressList::of(Family::V4, list.map(IpAddr::from)), ..config() };
    let mut theirs = sent(&ours);
    theirs.addresses = Addresses::V4(&[[10, 0, 0, 101], [10, 0, 0, 100]]);
    assert!(!verdict(&ours, &theirs).unwrap().addresses_differ);
}

/// ledger: v2-interval, !v2-interval
#[test]
fn v2_with_another_interval_is_taken_and_discarded_with_strict() {
    let ours = v2();
    let mut theirs = sent(&ours);
    theirs.interval = AdverInterval::from_secs(2).unwrap();
    assert_eq!(verdict(&ours, &theirs).unwrap().interval, theirs.interval);

    let strict = Config { habits: Habits::STRICT, ..v2() };
    let received = theirs.interval;
    assert_eq!(verdict(&strict, &theirs), Err(Reject::Interval { received }));
    assert!(verdict(&strict, &sent(&strict)).is_ok());
}

/// ledger: v2-pass, !v2-pass, !v2-auth-field
#[test]
fn a_v2_password_is_compared_in_full() {
    let with = |authentication| Config { authentication, ..v2() };
    let ours = with(Authentication::Simple(*b"secret\0\0"));
    assert!(verdict(&ours, &sent(&ours)).is_ok());
    for theirs in [*b"secret\0x", *b"secre\0\0\0", *b"Secret\0\0", [0; 8]] {
        let theirs = with(Authentication::Simple(theirs));
        assert_eq!(verdict(&ours, &sent(&theirs)), Err(Reject::AuthenticationData));
    }
    let none = with(Authentication::None);
    assert_eq!(verdict(&ours, &sent(&none)), Err(Reject::AuthenticationType));
    assert_eq!(verdict(&none, &sent(&ours)), Err(Reject::AuthenticationType));
}

/// ledger: !v2-pass
#[test]
fn a_wrong_password_is_counted() {
    let with = |secret| Config { authentication: Authentication::Simple(secret), ..v2() };
    let theirs = with(*b"wrong\0\0\0");
    let payload = encode(&sent(&theirs), Coverage::Message, GROUP);
    let mut router = VirtualRouter::new(with(*b"right\0\0\0"), 0);
    let reject = router.check(&multicast(&payload)).unwrap_err();
    assert_eq!(router.counters().rejected(&reject), 1);
    assert_eq!(router.counters().rejected_in_all(), 1);
}

#[test]
fn owner_ignore_adverts_makes_the_owner_ignore_them() {
    let habits = Habits { owner_ignore_adverts: true, ..Habits::default() };
    let owner = Config { habits, ..with_priority(255) };
    assert_eq!(verdict(&owner, &sent(&owner)), Err(Reject::OwnerIgnores));
    let backup = Config { habits, ..config() };
    assert!(verdict(&backup, &sent(&backup)).is_ok());
}

#[test]
fn a_discarded_packet_restarts_no_timer() {
    let mut router = backup(config());
    let before = router.next_timeout();
    let wrong = patched(2, 201, false).unwrap_err();
    let _ = router.handle(at(1_000), Input::Rejected(address(3), wrong));
    assert_eq!(router.next_timeout(), before);
}

/// What an operator looks at when packets come and the router says it hears nobody.
#[test]
fn what_is_discarded_is_counted_under_the_word_of_its_reason() {
    let truncated = DecodeError::Truncated { needed: 8, had: 7 };
    let addresses = DecodeError::AddressesTruncated { count: 2, needed: 16, had: 12 };
    let authentication = DecodeError::AuthenticationTruncated { needed: 20, had: 12 };
    let sums = DecodeError::Checksum { received: 1, with_pseudo_header: 2, message_only: 3 };
    for (error, word) in [
        (DecodeError::Version { received: 4 }, "version"),
        (DecodeError::V2OverIpv6, "version"),
        (truncated, "truncated"),
        (addresses, "truncated"),
        (authentication, "truncated"),
        (DecodeError::TooLong { needed: 12, had: 16 }, "too_long"),
        (DecodeError::Type { received: 2 }, "type"),
        (sums, "checksum"),
        (DecodeError::CountZero, "count_zero"),
        (DecodeError::IntervalZero, "interval_zero"),
        (DecodeError::VridZero, "malformed"),
    ] {
        assert_eq!(Reject::Malformed(error).token(), word);
    }
    let (ours, theirs) = (config(), v2());
    let mut router = VirtualRouter::new(ours.clone(), 0);
    let other_version = encode(&sent(&theirs), Coverage::Message, GROUP);
    let right = encode(&sent(&ours), Coverage::Message, GROUP);
    assert!(router.check(&multicast(&right)).is_ok());
    for _ in 0..3 {
        assert!(router.check(&multicast(&other_version)).is_err());
    }
    for hop_limit in [1, 64] {
        assert!(router.check(&Datagram { hop_limit, ..multicast(&right) }).is_err());
    }
    let counted: Vec<_> = router.counters().rejections().collect();
    assert_eq!(counted, [("hop_limit", 2), ("version", 3)]);
    assert_eq!(router.counters().rejected(&Reject::Version { received: Version::V2 }), 3);
    assert_eq!(router.counters().rejected(&Reject::Delivery), 0);
    assert_eq!(router.counters().rejected_in_all(), 5);
}
