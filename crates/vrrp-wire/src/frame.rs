use etherparse::{EtherType, Ethernet2Header};

use crate::MacAddr;

/// An Ethernet header and what follows it, in an array of the length that the two have together.
pub(crate) fn ethernet<const LEN: usize>(
    source: MacAddr,
    destination: [u8; 6],
    ether_type: EtherType,
    payload: impl IntoIterator<Item = u8>,
) -> [u8; LEN] {
    let header = Ethernet2Header { source: source.octets(), destination, ether_type };
    let mut octets = header.to_bytes().into_iter().chain(payload);
    core::array::from_fn(|_| octets.next().unwrap_or(0))
}
