//! Sockets of the engine on the real kernel: two hosts on a LAN, in namespaces.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "this is how a test fails")]

mod channel;
mod filter;
mod frames;
mod lan;
mod passed_in;
mod wire;
