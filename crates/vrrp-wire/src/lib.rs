//! VRRPv2 and VRRPv3 advertisements between bytes and values, with gratuitous ARP and unsolicited
//! Neighbor Advertisement frames.
#![no_std]
#![forbid(unsafe_code)]

mod addresses;
mod advertisement;
mod auth;
mod error;
mod fields;

pub use addresses::Addresses;
pub use advertisement::{Advertisement, Coverage, IpPair};
pub use auth::Authentication;
pub use error::{DecodeError, EncodeError, FieldError};
pub use fields::{AdverInterval, Family, Priority, Version, Vrid};
