use thiserror::Error;

use crate::{AdverInterval, Family, Version};

/// A number that no field of an advertisement can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldError {
    /// VRID 0.
    #[error("a VRID is 1 to 255, not 0")]
    Vrid,
    /// An interval outside 1 to 25500 centiseconds.
    #[error("an advertisement interval is 0.01 s to 255 s, not {centis} centiseconds")]
    Interval {
        /// The interval asked for, in centiseconds.
        centis: u32,
    },
}

/// Why bytes are no advertisement; one variant for each check of RFC 9568 §7.1 that the bytes alone decide,
/// in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Fewer bytes than the fixed part.
    #[error("truncated: {needed} bytes needed, {had} received")]
    Truncated {
        /// Bytes of the fixed part.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
    /// A version that is neither 2 nor 3.
    #[error("version {received}, not 2 or 3")]
    Version {
        /// The version nibble.
        received: u8,
    },
    /// VRRPv2 in an IPv6 packet: RFC 3768 knows IPv4 only.
    #[error("version 2 over IPv6")]
    V2OverIpv6,
    /// A type other than 1, ADVERTISEMENT.
    #[error("type {received}, not 1 (advertisement)")]
    Type {
        /// The type nibble.
        received: u8,
    },
    /// The address list ends before the count does.
    #[error("address list truncated: {needed} bytes needed for a count of {count}, {had} received")]
    AddressesTruncated {
        /// The count of addresses that the message gives.
        count: u8,
        /// Bytes up to the end of that many addresses.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
    /// VRRPv2 without its eight octets of Authentication Data.
    #[error("authentication data truncated: {needed} bytes needed, {had} received")]
    AuthenticationTruncated {
        /// Bytes of the whole message.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
    /// More bytes than the count of addresses explains: keepalived's `auth_hmac` trailer, for one.
    #[error("too long: {needed} bytes expected, {had} received")]
    TooLong {
        /// Bytes of the whole message.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
    /// The checksum is none that the version and family allow: VRRPv2 the message alone, IPv6 with the
    /// pseudo-header, VRRPv3 over IPv4 either. Both are given: the one not allowed tells what the sender did.
    #[error(
        "checksum {received:#06x}, computed {with_pseudo_header:#06x} with the pseudo-header \
         and {message_only:#06x} without"
    )]
    Checksum {
        /// The checksum field.
        received: u16,
        /// What it should be if it covered the pseudo-header.
        with_pseudo_header: u16,
        /// What it should be if it covered the message alone.
        message_only: u16,
    },
    /// A count of no addresses (RFC 9568 §5.2.5, erratum).
    #[error("no addresses")]
    CountZero,
    /// VRID 0.
    #[error("vrid 0")]
    VridZero,
    /// An advertisement interval of 0 (RFC 9568 §5.2.7, erratum).
    #[error("advertisement interval 0")]
    IntervalZero,
}

/// Why an advertisement cannot be put into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The addresses are not of the family of the IP packet (RFC 9568 §5.2.9).
    #[error("{addresses} addresses in an {carrier} packet")]
    Family {
        /// The family of the IP packet.
        carrier: Family,
        /// The family of the addresses.
        addresses: Family,
    },
    /// VRRPv2 in an IPv6 packet.
    #[error("version 2 over IPv6")]
    V2OverIpv6,
    /// No address is listed.
    #[error("no addresses")]
    NoAddresses,
    /// More addresses than the count's octet holds.
    #[error("{count} addresses, the most is 255")]
    TooManyAddresses {
        /// Addresses listed.
        count: usize,
    },
    /// The version cannot carry the interval: VRRPv2 has whole seconds, VRRPv3 at most 40.95 s.
    #[error("version {version} cannot carry an interval of {interval}")]
    Interval {
        /// The advertisement's version.
        version: Version,
        /// The advertisement's interval.
        interval: AdverInterval,
    },
    /// Authentication in VRRPv3, which has none.
    #[error("version 3 carries no authentication (type {number})")]
    AuthenticationInV3 {
        /// The type asked for.
        number: u8,
    },
    /// A type of authentication that this codec only names.
    #[error("authentication type {number} cannot be encoded")]
    AuthenticationType {
        /// The type asked for.
        number: u8,
    },
    /// The buffer is smaller than [`crate::Advertisement::encoded_len`].
    #[error("the buffer holds {had} bytes, the advertisement needs {needed}")]
    BufferTooSmall {
        /// Bytes the advertisement needs.
        needed: usize,
        /// Bytes the buffer has.
        had: usize,
    },
}

/// Why bytes are no whole IPv4 packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PacketError {
    /// Fewer bytes than the header, or than the packet by its own total length.
    #[error("IPv4 packet truncated: {needed} bytes needed, {had} received")]
    Truncated {
        /// Bytes of the header or of the packet.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
    /// Another version than 4.
    #[error("IP version {received}, not 4")]
    Version {
        /// The version nibble.
        received: u8,
    },
    /// A header shorter than five words.
    #[error("IPv4 header of {words} words, the least is 5")]
    HeaderLength {
        /// The header length field, in words of four octets.
        words: u8,
    },
    /// A total length smaller than the header.
    #[error("IPv4 total length {total} within a header of {header} bytes")]
    TotalLength {
        /// Bytes of the header.
        header: usize,
        /// The total length field.
        total: u16,
    },
    /// A part of a packet.
    #[error("a fragment of an IPv4 packet")]
    Fragment,
}
