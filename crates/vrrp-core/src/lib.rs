//! The VRRP state machine (RFC 9568), sans IO.
#![no_std]
#![forbid(unsafe_code)]
