//! Control messages in the kernel's layout, as octets: a header of length, level and type, then the data,
//! each message aligned to a machine word.

use core::net::Ipv6Addr;

use super::clock::WallTime;
use super::sys::Control;

/// Octets of the length field, and the alignment of all.
const WORD: usize = size_of::<usize>();
/// Octets of a control message's header.
const HEADER: usize = WORD + 8;

/// `SO_TIMESTAMPNS` with 64-bit times on 32-bit machines; the other is in libc.
const SO_TIMESTAMPNS_NEW: i32 = 64;

/// What the control messages of one received packet say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) stamp: Option<WallTime>,
    pub(super) hop_limit: Option<u8>,
    pub(super) destination: Option<Ipv6Addr>,
    /// Packets lost on this socket so far, said only once there are any.
    pub(super) lost: Option<u32>,
}

impl Told {
    /// Reads the first `len` octets of `control`.
    pub(super) fn read(control: &Control, len: usize) -> Self {
        let mut told = Self::default();
        let mut rest = control.0.get(..len).unwrap_or(&control.0);
        while let Some((level, kind, data, after)) = split(rest) {
            told.take(level, kind, data);
            rest = after;
        }
        told
    }

    fn take(&mut self, level: i32, kind: i32, data: &[u8]) {
        match (level, kind) {
            (libc::SOL_SOCKET, libc::SO_TIMESTAMPNS | SO_TIMESTAMPNS_NEW) => {
                self.stamp = timespec(data);
            }
            (libc::SOL_SOCKET, libc::SO_RXQ_OVFL) => {
                self.lost = data.first_chunk().map(|octets| u32::from_ne_bytes(*octets));
            }
            (libc::IPPROTO_IPV6, libc::IPV6_HOPLIMIT) => {
                self.hop_limit = data.first_chunk().and_then(|octets| u8::try_from(i32::from_ne_bytes(*octets)).ok());
            }
            (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                self.destination = data.first_chunk::<16>().map(|octets| (*octets).into());
            }
            _ => {}
        }
    }
}

/// Level, type and data of the first control message, and what comes after it.
fn split(octets: &[u8]) -> Option<(i32, i32, &[u8], &[u8])> {
    let (len, rest) = octets.split_first_chunk::<WORD>()?;
    let (level, rest) = rest.split_first_chunk()?;
    let (kind, _) = rest.split_first_chunk()?;
    let len = usize::from_ne_bytes(*len);
    let data = octets.get(HEADER..len)?;
    let after = octets.get(len.next_multiple_of(WORD)..).unwrap_or_default();
    Some((i32::from_ne_bytes(*level), i32::from_ne_bytes(*kind), data, after))
}

/// A `timespec` of two 64-bit or two 32-bit numbers.
fn timespec(data: &[u8]) -> Option<WallTime> {
    let (secs, nanos) = match *data {
        [a, b, c, d, e, f, g, h] => {
            (i64::from(i32::from_ne_bytes([a, b, c, d])), i64::from(i32::from_ne_bytes([e, f, g, h])))
        }
        _ => {
            let (secs, rest) = data.split_first_chunk()?;
            (i64::from_ne_bytes(*secs), i64::from_ne_bytes(*rest.first_chunk()?))
        }
    };
    WallTime::from_parts(secs, nanos)
}

impl Control {
    /// `IPV6_PKTINFO` and `IPV6_HOPLIMIT` for a packet to be sent, and their length.
    pub(super) fn v6(source: Ipv6Addr, index: u32, hop_limit: u8) -> (Self, usize) {
        let info = source.octets().into_iter().chain(index.to_ne_bytes());
        let hop_limit = i32::from(hop_limit).to_ne_bytes();
        let mut octets = message(libc::IPV6_PKTINFO, 20, info).chain(message(libc::IPV6_HOPLIMIT, 4, hop_limit));
        let len = space(20) + space(4);
        (Self(core::array::from_fn(|_| octets.next().unwrap_or(0))), len)
    }
}

/// The octets of one control message of IPv6 with `len` octets of data.
fn message(kind: i32, len: usize, data: impl IntoIterator<Item = u8>) -> impl Iterator<Item = u8> {
    let header = (HEADER + len).to_ne_bytes().into_iter();
    header
        .chain(libc::IPPROTO_IPV6.to_ne_bytes())
        .chain(kind.to_ne_bytes())
        .chain(data)
        .chain(core::iter::repeat(0))
        .take(space(len))
}

/// What a control message with `len` octets of data takes up.
const fn space(len: usize) -> usize {
    (HEADER + len).next_multiple_of(WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_sending_reads_back() {
        let source = "fe80::1:2".parse().unwrap();
        let (control, len) = Control::v6(source, 7, 254);
        let told = Told::read(&control, len);
        assert_eq!(told.destination, Some(source));
        assert_eq!(told.hop_limit, Some(254));
        assert_eq!(told.stamp, None);
    }

    #[test]
    fn control_messages_cut_short_or_of_absurd_length_are_left_alone() {
        let (control, len) = Control::v6(Ipv6Addr::LOCALHOST, 7, 254);
        for short in 0..space(20) {
            if short < HEADER + 20 {
                assert_eq!(Told::read(&control, short), Told::default(), "{short}");
            }
        }
        for absurd in [0, 1, HEADER - 1, 129, usize::MAX] {
            let mut control = control;
            control.0[..WORD].copy_from_slice(&absurd.to_ne_bytes());
            assert_eq!(Told::read(&control, len), Told::default(), "{absurd}");
        }
    }
}
