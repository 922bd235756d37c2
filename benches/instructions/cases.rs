//! What is counted.

use core::hint::black_box;

use vrrp_benches::straightforward;
use vrrp_benches::thousand::Host;
use vrrp_benches::vectors::{V2_IPV4, V3_IPV4, V3_IPV6, Vector};
use vrrp_core::Input;
use vrrp_wire::{Advertisement, Coverage};

/// One call that is counted, made `times` times.
pub(crate) type Work = fn(times: u32);

/// Every case by its name; those that are held against the committed figures first.
pub(crate) const CASES: [(&str, Work); 7] = [
    ("decode_v3_ipv4", |times| decode(times, &V3_IPV4)),
    ("decode_v3_ipv6", |times| decode(times, &V3_IPV6)),
    ("decode_v2_ipv4", |times| decode(times, &V2_IPV4)),
    ("encode_v3_ipv4", |times| encode(times, &V3_IPV4)),
    ("hear_among_1000_routers", hear),
    ("fire_among_1000_routers", fire),
    (STRAIGHTFORWARD, by_the_book),
];

/// The decoder that is there to be compared with, and is held against nothing.
pub(crate) const STRAIGHTFORWARD: &str = "straightforward";

fn decode(times: u32, vector: &Vector) {
    for _ in 0..times {
        _ = black_box(Advertisement::decode(black_box(vector.message), black_box(&vector.ip)));
    }
}

fn encode(times: u32, vector: &Vector) {
    let Ok((advertisement, coverage)) = Advertisement::decode(vector.message, &vector.ip) else { return };
    let mut buf = [0; Advertisement::MAX_LEN];
    for _ in 0..times {
        let encoded = black_box(&advertisement).encode(black_box(&vector.ip), coverage, black_box(&mut buf));
        assert!(black_box(encoded).is_ok() && coverage == Coverage::PseudoHeader, "a vector encodes");
    }
}

fn hear(times: u32) {
    let mut host = Host::new(Input::Startup);
    (0..times).for_each(|_| _ = black_box(host.hear()));
    black_box(host.takeovers());
}

fn fire(times: u32) {
    let mut host = Host::new(Input::Resume);
    (0..times).for_each(|_| _ = black_box(host.fire()));
    black_box(host.takeovers());
}

fn by_the_book(times: u32) {
    for _ in 0..times {
        _ = black_box(straightforward::decode(black_box(V3_IPV4.message), black_box(&V3_IPV4.ip)));
    }
}
