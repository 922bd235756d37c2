use super::*;

const UP: u32 = IFF_UP | IFF_RUNNING | IFF_MULTICAST;
const FOREIGN: Found = Found { prefix: 24, flags: 0, ours: false, sequence: 0, order: 0 };

fn notice(index: u32, name: &str, flags: u32) -> LinkNotice {
    LinkNotice { index, name: name.to_owned(), flags, mtu: 1500, mac: Some([2, 0, 0, 0, 0, 1]) }
}

fn names(affected: &Affected) -> Vec<&str> {
    affected.names.iter().map(|name| &**name).collect()
}

fn changes(links: &mut Links, present: &Present) -> Vec<LinkState> {
    links.changes(present, |address| address == IpAddr::from([192, 0, 2, 9]))
}

/// A link with `addresses` on it, which others put there.
fn holding(addresses: &[(&str, u32)]) -> (Links, Present) {
    let (mut links, mut present) = (Links::default(), Present::default());
    links.update(&notice(3, "eth0", UP));
    for (address, flags) in addresses {
        let address = address.parse().unwrap();
        let key = Key::new(3, address, 24, address);
        present.insert(key, Found { flags: *flags, ..FOREIGN });
        links.note_address(key, true);
    }
    (links, present)
}

fn sources(addresses: &[(&str, u32)]) -> Vec<String> {
    let (mut links, present) = holding(addresses);
    let state = changes(&mut links, &present).remove(0);
    state.sources.iter().map(|source| source.address.to_string()).collect()
}

#[test]
fn a_link_affects_what_is_wanted_when_it_comes_is_switched_and_is_renamed() {
    let mut links = Links::default();
    assert_eq!(names(&links.update(&notice(3, "eth0", 0))), ["eth0"], "it comes");
    assert_eq!(names(&links.update(&notice(3, "eth0", UP))), ["eth0"], "it is switched on");
    assert!(links.is_up(3) && !links.is_up(4));
    assert!(names(&links.update(&notice(3, "eth0", UP & !IFF_RUNNING))).is_empty(), "it loses its carrier");
    assert_eq!(names(&links.update(&notice(3, "eth0", IFF_MULTICAST))), ["eth0"], "it is switched off");
    assert!(!links.is_up(3));
    assert_eq!(names(&links.update(&notice(3, "wan", 0))), ["eth0", "wan"], "it is renamed");
    assert_eq!((links.index_of("eth0"), links.index_of("wan")), (None, Some(3)));
    assert_eq!((links.name_of(3).map(|name| &**name), links.indexes()), (Some("wan"), vec![3]));
}

#[test]
fn a_name_that_another_link_has_taken_stays_with_it() {
    let mut links = Links::default();
    links.update(&notice(3, "eth0", UP));
    links.update(&notice(4, "eth0", UP));
    links.update(&notice(3, "old", UP));
    assert_eq!((links.index_of("eth0"), links.index_of("old")), (Some(4), Some(3)));
    let unheard = links.remove(3).unwrap();
    assert_eq!((&*unheard.0, unheard.1), ("old", false));
    assert_eq!((links.index_of("eth0"), links.index_of("old"), links.remove(3)), (Some(4), None, None));
    assert_eq!(changes(&mut links, &Present::default()).len(), 1);
    assert_eq!(links.remove(4).map(|(_, reported)| reported), Some(true));
}

#[test]
fn a_link_is_reported_as_it_is_and_again_only_when_it_differs() {
    let (mut links, present) = holding(&[("192.0.2.9", 0)]);
    let first = changes(&mut links, &present).remove(0);
    assert_eq!((&*first.name, first.index, first.mtu, first.mac), ("eth0", 3, 1500, Some([2, 0, 0, 0, 0, 1])));
    assert_eq!((first.up, first.running, first.multicast, first.loopback), (true, true, true, false));
    let nine = SourceAddress { address: [192, 0, 2, 9].into(), prefix: 24, declared: true };
    assert_eq!(*first.sources, [nine]);
    links.update(&notice(3, "eth0", UP));
    links.touch(3);
    links.touch(9);
    assert_eq!(changes(&mut links, &present), []);
    links.update(&notice(3, "eth0", IFF_LOOPBACK));
    let second = changes(&mut links, &present).remove(0);
    assert_eq!((second.up, second.running, second.multicast, second.loopback), (false, false, false, true));
}

#[test]
fn what_changed_elsewhere_is_reported_where_it_was_pointed_out() {
    let (mut links, present) = holding(&[("192.0.2.9", 0)]);
    changes(&mut links, &present);
    let renounced = |links: &mut Links| links.changes(&present, |_| false);
    assert_eq!(renounced(&mut links), [], "nobody said that it matters");
    links.touch(3);
    assert!(!renounced(&mut links).remove(0).sources[0].declared);
}

#[test]
fn a_source_that_goes_or_becomes_ours_is_a_source_no_more() {
    let (mut links, mut present) = holding(&[("192.0.2.1", 0), ("192.0.2.2", 0)]);
    assert_eq!(changes(&mut links, &present).remove(0).sources.len(), 2);
    let key = |last: u8| Key::new(3, [192, 0, 2, last].into(), 24, [192, 0, 2, last].into());
    links.note_address(key(1), false);
    assert_eq!(changes(&mut links, &present).remove(0).sources.len(), 1);
    links.note_address(key(7), false);
    assert!(links.stale.is_empty(), "an address of ours comes and goes without a report");
    present.insert(key(8), FOREIGN);
    links.note_address(key(8), true);
    assert_eq!(changes(&mut links, &present).remove(0).sources.len(), 2);
}

#[test]
fn sources_are_primaries_before_secondaries_in_the_order_of_arrival_and_ipv4_first() {
    let found = sources(&[("fe80::1", 0), ("192.0.2.3", SECONDARY), ("192.0.2.2", 0), ("192.0.2.1", 0)]);
    assert_eq!(found, ["192.0.2.2", "192.0.2.1", "192.0.2.3", "fe80::1"]);
}

#[test]
fn a_source_over_ipv6_is_link_local_and_settled() {
    let failed = ("fe80::3", DADFAILED);
    let doubtful = ("fe80::4", TENTATIVE | OPTIMISTIC | DADFAILED);
    let table = [("fd00::1", 0), ("fe80::1", 0), ("fe80::2", TENTATIVE), failed, doubtful];
    assert_eq!(sources(&table), ["fe80::1"]);
    assert_eq!(sources(&[("fe80::5", TENTATIVE | OPTIMISTIC)]), ["fe80::5"], "it may be used meanwhile (RFC 4429)");
    assert_eq!(sources(&[("fe80::6", OPTIMISTIC)]), ["fe80::6"]);
    assert_eq!(sources(&[("192.0.2.1", TENTATIVE | DADFAILED)]), ["192.0.2.1"]);
}
