//! A VRRPv3 decoder as one writes it first: field by field, owned addresses, the checksum over a copy
//! of pseudo-header and message. It gives the benches their scale.

use core::net::IpAddr;

use vrrp_wire::IpPair;

/// A decoded VRRPv3 advertisement that owns its addresses.
#[derive(Debug)]
pub struct Decoded {
    /// Virtual Router Identifier.
    pub vrid: u8,
    /// Priority of the sender.
    pub priority: u8,
    /// Advertisement interval in centiseconds.
    pub centis: u16,
    /// The virtual addresses.
    pub addresses: Vec<IpAddr>,
}

/// Decodes a VRRPv3 message whose checksum covers the pseudo-header; `None` when anything is wrong.
pub fn decode(message: &[u8], ip: &IpPair) -> Option<Decoded> {
    let vrid = *message.get(1)?;
    let count = usize::from(*message.get(3)?);
    let size = if matches!(ip, IpPair::V4 { .. }) { 4 } else { 16 };
    let sound = *message.first()? == 0x31 && vrid != 0 && count != 0 && message.len() == 8 + count * size;
    if !sound || checksum(&pseudo_header(message, ip)?) != 0 {
        return None;
    }
    let centis = u16::from_be_bytes([*message.get(4)? & 0xf, *message.get(5)?]);
    let mut addresses = Vec::new();
    for octets in message.get(8..)?.chunks(size) {
        addresses.push(match <[u8; 4]>::try_from(octets) {
            Ok(octets) => IpAddr::from(octets),
            Err(_) => IpAddr::from(<[u8; 16]>::try_from(octets).ok()?),
        });
    }
    (centis != 0).then_some(Decoded { vrid, priority: *message.get(2)?, centis, addresses })
}

fn pseudo_header(message: &[u8], ip: &IpPair) -> Option<Vec<u8>> {
    let mut covered = Vec::new();
    match ip {
        IpPair::V4 { source, destination } => {
            covered.extend(source.octets());
            covered.extend(destination.octets());
        }
        IpPair::V6 { source, destination } => {
            covered.extend(source.octets());
            covered.extend(destination.octets());
        }
    }
    covered.extend([0, 112]);
    covered.extend(u16::try_from(message.len()).ok()?.to_be_bytes());
    covered.extend(message);
    Some(covered)
}

fn checksum(octets: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for pair in octets.chunks_exact(2) {
        sum += pair.iter().fold(0, |word, &octet| word << 8 | u32::from(octet));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}
