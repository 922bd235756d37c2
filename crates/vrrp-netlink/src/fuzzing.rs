//! The door for the fuzz target of what the kernel says. No part of the interface.

use crate::decode::{Body, address_key, listing, messages, whole_addresses};

/// Reads a datagram in every way in which this crate reads one.
///
/// # Panics
/// When the two ways to read an address differ.
pub fn read(datagram: &[u8]) {
    let said: Vec<_> = messages(datagram).collect();
    for message in &said {
        let _ = listing(datagram, message.sequence);
    }
    let whole: Vec<_> = whole_addresses(datagram).map(|message| address_key(&message)).collect();
    let told = said.iter().filter_map(|message| match &message.body {
        Body::Address(notice) => Some(notice.key),
        Body::Link(_) | Body::LinkGone(_) | Body::AddressGone(_) | Body::Acknowledged(_) | Body::Other => None,
    });
    // Only where each reads every message can they be compared one by one.
    let told: Vec<_> = told.map(Some).collect();
    if said.len() == told.len() && told.len() == whole.len() {
        assert_eq!(told, whole, "two readings of one address");
    }
}
