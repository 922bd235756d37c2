use proptest::prelude::*;

use super::*;
use crate::address::Address;
use crate::encode::{Request, encode};

/// An extended acknowledgement as Linux 6.18 sends it, capped, for a second `192.0.2.1/32`.
fn refusal_with_words() -> Vec<u8> {
    let words = b"ipv4: Address already assigned\0";
    let mut bytes = Vec::new();
    let attribute = 4 + words.len();
    let length = u32::try_from(16 + 4 + 16 + attribute.next_multiple_of(4)).unwrap();
    bytes.extend(length.to_ne_bytes());
    bytes.extend(NLMSG_ERROR.to_ne_bytes());
    bytes.extend((NLM_F_CAPPED | NLM_F_ACK_TLVS).to_ne_bytes());
    bytes.extend(7_u32.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend((-17_i32).to_ne_bytes());
    bytes.extend([0; 16]);
    bytes.extend(u16::try_from(attribute).unwrap().to_ne_bytes());
    bytes.extend(NLMSGERR_ATTR_MSG.to_ne_bytes());
    bytes.extend(words);
    bytes.resize(usize::try_from(length).unwrap(), 0);
    bytes
}

fn message(kind: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(HEADER_LEN + payload.len()).unwrap().to_ne_bytes().to_vec();
    bytes.extend([kind.to_ne_bytes(), flags.to_ne_bytes()].concat());
    bytes.extend([sequence.to_ne_bytes(), 42_u32.to_ne_bytes()].concat());
    bytes.extend(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap();
    let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn only(datagram: &[u8]) -> Message {
    let mut found: Vec<Message> = messages(datagram).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_link_is_read_with_its_name_its_mtu_and_its_mac() {
    let mut payload = vec![0; LINK_HEADER_LEN];
    payload[4..8].copy_from_slice(&7_u32.to_ne_bytes());
    payload[8..12].copy_from_slice(&0x1043_u32.to_ne_bytes());
    payload.extend(attribute(IFLA_IFNAME, b"eth0\0"));
    payload.extend(attribute(99, b"what a newer kernel invents"));
    payload.extend(attribute(IFLA_MTU, &9000_u32.to_ne_bytes()));
    payload.extend(attribute(IFLA_ADDRESS, &[2, 0, 0, 0, 0, 1]));
    let link = LinkNotice { index: 7, name: "eth0".into(), flags: 0x1043, mtu: 9000, mac: Some([2, 0, 0, 0, 0, 1]) };
    let told = only(&message(RTM_NEWLINK, 0, 3, &payload));
    assert_eq!(told, Message { sequence: 3, port: 42, body: Body::Link(link) });
    assert_eq!(only(&message(RTM_DELLINK, 0, 3, &payload)).body, Body::LinkGone(7));
}

#[test]
fn a_listing_goes_on_until_its_own_end_is_told() {
    let other = message(NLMSG_DONE, NLM_F_DUMP_INTR, 8, &[0; 4]);
    assert_eq!(listing(&other, 9), None, "another's");
    let part = message(RTM_NEWLINK, 2, 9, &[0; LINK_HEADER_LEN]);
    assert_eq!(listing(&[other.clone(), part.clone()].concat(), 9), Some(Listing::default()));
    let whole = [part.clone(), message(NLMSG_DONE, 2, 9, &[0; 4])].concat();
    assert_eq!(listing(&whole, 9), Some(Listing { interrupted: false, end: Some(Ok(())) }));
    let interrupted = [message(RTM_NEWLINK, NLM_F_DUMP_INTR, 9, &[]), part].concat();
    assert_eq!(listing(&interrupted, 9), Some(Listing { interrupted: true, end: None }));
}

#[test]
fn a_listing_that_fails_says_why() {
    let words = attribute(NLMSGERR_ATTR_MSG, b"not today\0");
    let payload = [(-95_i32).to_ne_bytes().to_vec(), words].concat();
    let refusal = Refusal { errno: 95, text: Some("not today".into()) };
    let end = |kind, payload: &[u8]| listing(&message(kind, 0, 9, payload), 9).and_then(|said| said.end);
    assert_eq!(end(NLMSG_DONE, &payload), Some(Err(refusal)));
    assert_eq!(
        end(NLMSG_ERROR, &payload),
        Some(Err(Refusal { errno: 95, text: None })),
        "nothing says that words follow"
    );
}

#[test]
fn words_are_found_behind_a_request_that_is_repeated_whole() {
    let request = message(RTM_NEWADDR, 5, 9, &[1, 2, 3, 4, 5]);
    let mut payload = [(-17_i32).to_ne_bytes().to_vec(), request].concat();
    payload[4..8].copy_from_slice(&21_u32.to_ne_bytes());
    payload.extend(attribute(2, &[0; 4]));
    payload.extend(attribute(NLMSGERR_ATTR_MSG, b"again\0"));
    let told = only(&message(NLMSG_ERROR, NLM_F_ACK_TLVS, 9, &payload));
    let refusal = Refusal { errno: 17, text: Some("again".into()) };
    assert_eq!(told.body, Body::Acknowledged(Err(refusal)));
    let done = only(&message(NLMSG_ERROR, NLM_F_CAPPED, 9, &[0; 20]));
    assert_eq!(done.body, Body::Acknowledged(Ok(())));
}

#[test]
fn flags_are_those_of_the_attribute_that_has_room_for_all() {
    let mut address = Address::new("fd00::1".parse().unwrap(), 64, "x");
    address.flags.noprefixroute = true;
    let mut bytes = Vec::new();
    encode(Request::Add { index: 5, address: &address, protocol: None }, 9, &mut bytes);
    let Body::Address(notice) = only(&bytes).body else { panic!("no address") };
    assert_eq!((notice.flags, notice.protocol), (0x202, None));
}

#[test]
fn the_kernels_words_are_found_behind_the_error_number() {
    let found: Vec<Message> = messages(&refusal_with_words()).collect();
    let refusal = Refusal { errno: 17, text: Some("ipv4: Address already assigned".into()) };
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].sequence, 7);
    assert_eq!(found[0].body, Body::Acknowledged(Err(refusal)));
    let mut silent = refusal_with_words();
    silent[6..8].copy_from_slice(&NLM_F_CAPPED.to_ne_bytes());
    let refusal = Refusal { errno: 17, text: None };
    assert_eq!(only(&silent).body, Body::Acknowledged(Err(refusal)), "it does not say that words follow");
}

#[test]
fn a_port_that_leaves_its_bridge_is_not_a_link_that_is_gone() {
    let mut bytes = vec![0; 32];
    bytes[..4].copy_from_slice(&32_u32.to_ne_bytes());
    bytes[4..6].copy_from_slice(&RTM_DELLINK.to_ne_bytes());
    bytes[16] = 7; // AF_BRIDGE
    assert_eq!(messages(&bytes).next().unwrap().body, Body::Other);
    bytes[16] = 0;
    assert_eq!(messages(&bytes).next().unwrap().body, Body::LinkGone(0));
}

#[test]
fn an_address_reads_back_as_the_key_it_was_encoded_from() {
    let mut far = Address::new([10, 0, 0, 1].into(), 32, "x");
    far.peer = Some(([10, 0, 9, 9].into(), 24));
    let near = Address::new([10, 0, 0, 1].into(), 24, "x");
    let six = Address::new("2001:db8::1".parse().unwrap(), 64, "x");
    for address in [far, near, six] {
        let mut bytes = Vec::new();
        encode(Request::Add { index: 5, address: &address, protocol: Some(112) }, 9, &mut bytes);
        let message = messages(&bytes).next().unwrap();
        let Body::Address(notice) = message.body else { panic!("{message:?}") };
        assert_eq!(notice.key, Key::of(5, &address));
        assert_eq!(notice.protocol, Some(112));
        assert_eq!(notice.prefix, address.effective_prefix());
        let whole: Vec<AddressMessage> = whole_addresses(&bytes).collect();
        assert_eq!(whole.iter().map(address_key).collect::<Vec<_>>(), [Some(notice.key)]);
        let mut bytes = Vec::new();
        encode(Request::Remove { key: notice.key, prefix: notice.prefix }, 10, &mut bytes);
        assert_eq!(messages(&bytes).next().unwrap().body, Body::AddressGone(notice.key));
        assert_eq!(whole_addresses(&bytes).count(), 0, "a removal lists nothing");
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_without_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = messages(&bytes).count();
        // With a header that fits, to get further in.
        let length = u32::try_from(bytes.len()).unwrap();
        for kind in [RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR, NLMSG_ERROR, NLMSG_DONE] {
            if bytes.len() >= 18 {
                bytes[..4].copy_from_slice(&length.to_ne_bytes());
                bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
                bytes[16] = 0;
            }
            let _ = (messages(&bytes).count(), listing(&bytes, 0), whole_addresses(&bytes).count());
        }
    }
}
