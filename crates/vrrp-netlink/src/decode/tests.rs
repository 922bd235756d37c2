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

#[test]
fn the_kernels_words_are_found_behind_the_error_number() {
    let found: Vec<Message> = messages(&refusal_with_words()).collect();
    let refusal = Refusal { errno: 17, text: Some("ipv4: Address already assigned".into()) };
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].sequence, 7);
    assert_eq!(found[0].body, Body::Acknowledged(Err(refusal)));
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
        let mut bytes = Vec::new();
        encode(Request::Remove { key: notice.key, prefix: notice.prefix }, 10, &mut bytes);
        assert_eq!(messages(&bytes).next().unwrap().body, Body::AddressGone(notice.key));
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
