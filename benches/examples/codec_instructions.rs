//! Decodes or encodes one advertisement a million times, for `valgrind --tool=callgrind`: the instructions of a
//! run, less those of `none`, divided by a million are the instructions of one call with its loop.
//!
//! ```text
//! cargo build --release -p vrrp-benches --example codec_instructions
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null codec_instructions decode
//! ```
#![expect(clippy::unwrap_used, clippy::panic, reason = "an example stops where its input is wrong")]

use core::hint::black_box;

use vrrp_benches::straightforward;
use vrrp_benches::vectors::V3_IPV4;
use vrrp_wire::Advertisement;

const TIMES: usize = 1_000_000;

fn main() {
    let (message, ip) = (V3_IPV4.message, V3_IPV4.ip);
    let (advertisement, coverage) = Advertisement::decode(message, &ip).unwrap();
    let mut buf = [0; Advertisement::MAX_LEN];
    match std::env::args().nth(1).as_deref() {
        Some("none") => repeat(|| _ = black_box(black_box(message).len())),
        Some("decode") => repeat(|| _ = black_box(Advertisement::decode(black_box(message), black_box(&ip)))),
        Some("encode") => repeat(|| {
            _ = black_box(black_box(&advertisement).encode(black_box(&ip), coverage, black_box(&mut buf)));
        }),
        Some("straightforward") => {
            repeat(|| _ = black_box(straightforward::decode(black_box(message), black_box(&ip))));
        }
        other => panic!("{other:?} is none of none, decode, encode, straightforward"),
    }
}

#[inline]
fn repeat(mut call: impl FnMut()) {
    for _ in 0..TIMES {
        call();
    }
}
