//! VRRP on the wire: bytes to values and back, without allocation.
//!
//! - [`Advertisement`]: VRRPv2 over IPv4 (RFC 3768), VRRPv3 over IPv4 and IPv6 (RFC 9568).
//! - [`arp`] and [`ndp`]: the frames with which a new Active router announces its addresses.
//! - [`ipv4`]: the header before an advertisement on a raw IPv4 socket.
//! - [`MacAddr::virtual_router`], [`GROUP_V4`], [`GROUP_V6`] and the other constants of the protocol.
//!
//! It is not a state machine, and it knows neither sockets nor clocks. What needs to know more than
//! the bytes (is this VRID ours, is the TTL 255, does the password match) is decided by its caller.
//!
//! ```
//! use vrrp_wire::{Addresses, AdverInterval, Advertisement, Authentication, Coverage, IpPair, Priority, Version, Vrid};
//!
//! let ip = IpPair::V4 { source: [10, 0, 0, 2].into(), destination: vrrp_wire::GROUP_V4 };
//! let advertisement = Advertisement {
//!     version: Version::V3,
//!     vrid: Vrid::try_from(51)?,
//!     priority: Priority::new(150),
//!     interval: AdverInterval::DEFAULT,
//!     addresses: Addresses::V4(&[[10, 0, 0, 100], [10, 0, 0, 101]]),
//!     authentication: Authentication::None,
//! };
//!
//! let mut buf = [0; 64];
//! let message = advertisement.encode(&ip, Coverage::PseudoHeader, &mut buf)?;
//! assert_eq!(message, b"\x31\x33\x96\x02\x00\x64\x39\x08\x0a\x00\x00\x64\x0a\x00\x00\x65");
//!
//! let (decoded, coverage) = Advertisement::decode(message, &ip)?;
//! assert_eq!((decoded, coverage), (advertisement, Coverage::PseudoHeader));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
#![no_std]
#![forbid(unsafe_code)]

mod addresses;
mod advertisement;
pub mod arp;
mod auth;
mod checksum;
mod decode;
mod display;
mod encode;
mod error;
mod fields;
mod frame;
mod ip;
pub mod ipv4;
mod mac;
pub mod ndp;

pub use addresses::{Addresses, Iter};
pub use advertisement::{Advertisement, Coverage};
pub use auth::Authentication;
pub use decode::peek_vrid;
pub use error::{DecodeError, EncodeError, FieldError, PacketError};
pub use fields::{AdverInterval, Family, Priority, Version, Vrid};
pub use ip::{GROUP_V4, GROUP_V6, HOP_LIMIT, IpPair, PROTOCOL, TRAFFIC_CLASS};
pub use mac::MacAddr;
