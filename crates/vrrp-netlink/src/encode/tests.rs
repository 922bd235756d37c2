use netlink_packet_core::NetlinkPayload;

use super::*;
use crate::address::{AddressFlags, Scope};

const ADD: u16 = NLM_F_REQUEST + NLM_F_ACK + NLM_F_CREATE + NLM_F_EXCL;
const RENEW: u16 = NLM_F_REQUEST + NLM_F_ACK + NLM_F_CREATE + NLM_F_REPLACE;
const ALL: AddressFlags =
    AddressFlags { home: true, nodad: true, mngtmpaddr: true, noprefixroute: true, autojoin: true };

fn read(request: Request<'_>) -> NetlinkMessage<RouteNetlinkMessage> {
    let mut bytes = Vec::new();
    encode(request, 9, &mut bytes);
    NetlinkMessage::deserialize(&bytes).unwrap()
}

/// The request that adds an address, as the kernel reads it.
fn added(address: &Address) -> AddressMessage {
    let message = read(Request::Add { index: 5, address, protocol: None });
    let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewAddress(added)) = message.payload else {
        panic!("{message:?}")
    };
    added
}

fn ipv4() -> Address {
    Address::new([192, 0, 2, 1].into(), 24, "eth0")
}

fn ipv6(prefix: u8) -> Address {
    Address::new("fd00::1".parse().unwrap(), prefix, "eth0")
}

fn flags_of(message: &AddressMessage) -> Option<Flags> {
    message.attributes.iter().find_map(
        |attribute| {
            if let AddressAttribute::Flags(flags) = attribute { Some(*flags) } else { None }
        },
    )
}

fn lifetimes_of(message: &AddressMessage) -> Option<(u32, u32)> {
    message.attributes.iter().find_map(|attribute| {
        if let AddressAttribute::CacheInfo(info) = attribute {
            Some((info.ifa_preferred, info.ifa_valid))
        } else {
            None
        }
    })
}

#[test]
fn an_addition_may_find_nothing_there_and_a_renewal_may() {
    let (address, copy) = (ipv4(), AddressMessage::default());
    let flags = |request| read(request).header.flags;
    assert_eq!(flags(Request::Add { index: 5, address: &address, protocol: None }), ADD);
    assert_eq!(flags(Request::Copy(&copy)), ADD);
    assert_eq!(flags(Request::Replace { index: 5, address: &address, protocol: None }), RENEW);
    assert_eq!(flags(Request::Remove { key: Key::of(5, &address), prefix: 24 }), NLM_F_REQUEST + NLM_F_ACK);
    assert_eq!(flags(Request::ListLinks), NLM_F_REQUEST + NLM_F_DUMP);
    assert_eq!(flags(Request::ListAddresses), NLM_F_REQUEST + NLM_F_DUMP);
}

#[test]
fn requests_of_a_batch_stand_one_behind_the_other() {
    let mut address = ipv4();
    address.label = Some("eth0:1".into());
    let mut bytes = Vec::new();
    for sequence in 1..=3 {
        encode(Request::Add { index: 5, address: &address, protocol: Some(112) }, sequence, &mut bytes);
    }
    let sequences: Vec<u32> = crate::decode::messages(&bytes).map(|message| message.sequence).collect();
    assert_eq!(sequences, [1, 2, 3]);
}

#[test]
fn an_ipv4_address_carries_label_broadcast_and_scope_and_an_ipv6_address_none_of_them() {
    let told = |mut address: Address| {
        address.label = Some("eth0:1".into());
        address.broadcast = Some([192, 0, 2, 255].into());
        address.scope = Some(Scope::LINK);
        let message = added(&address);
        let label = message.attributes.contains(&AddressAttribute::Label("eth0:1".to_owned()));
        let broadcast = message.attributes.contains(&AddressAttribute::Broadcast([192, 0, 2, 255].into()));
        (label, broadcast, message.header.scope)
    };
    assert_eq!(told(ipv4()), (true, true, AddressScope::Link));
    assert_eq!(told(ipv6(64)), (false, false, AddressScope::Universe));
    assert_eq!(added(&ipv4()).header.scope, AddressScope::Universe);
}

#[test]
fn flags_are_those_that_the_family_knows_and_an_ipv6_address_is_never_checked_for_duplicates() {
    assert_eq!(flags_of(&added(&ipv4())), None);
    assert_eq!(flags_of(&added(&ipv6(64))), Some(Flags::Nodad));
    let all = |address| added(&Address { flags: ALL, ..address });
    let both = Flags::Nodad | Flags::Noprefixroute | Flags::Mcautojoin;
    assert_eq!(flags_of(&all(ipv4())), Some(both));
    let six = all(ipv6(64));
    assert_eq!(flags_of(&six), Some(both | Flags::Homeaddress | Flags::Managetempaddr));
    assert_eq!(six.header.flags, AddressHeaderFlags::Nodad | AddressHeaderFlags::Homeaddress, "the low eight");
}

#[test]
fn an_ipv6_host_address_is_never_a_source_unless_a_lifetime_is_asked_for() {
    let asked = |address, lifetime| added(&Address { preferred_lft: lifetime, ..address });
    assert_eq!(lifetimes_of(&added(&ipv6(128))), Some((0, u32::MAX)));
    assert_eq!(lifetimes_of(&added(&ipv6(64))), None);
    assert_eq!(lifetimes_of(&asked(ipv6(64), Some(Lifetime::Seconds(60)))), Some((60, u32::MAX)));
    assert_eq!(lifetimes_of(&asked(ipv6(128), Some(Lifetime::Forever))), None);
    assert_eq!(lifetimes_of(&asked(ipv4(), Some(Lifetime::Seconds(60)))), None, "IPv4 has none");
    let near = Address { peer: Some(("fd00::9".parse().unwrap(), 64)), ..ipv6(128) };
    assert_eq!(lifetimes_of(&added(&near)), None, "the prefix is the peer's");
}
