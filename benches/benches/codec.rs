//! The codec: one advertisement decoded with its checksum verified, and encoded; beside a
//! straightforward decoder for scale.
#![expect(clippy::unwrap_used, reason = "a bench stops where its input is wrong")]

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use vrrp_benches::straightforward;
use vrrp_benches::vectors::{V2_IPV4, V3_IPV4, V3_IPV6, Vector};
use vrrp_wire::Advertisement;

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for Vector { name, ip, message } in [V3_IPV4, V3_IPV6, V2_IPV4] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| Advertisement::decode(black_box(message), black_box(&ip)));
        });
    }
    group.finish();
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    for Vector { name, ip, message } in [V3_IPV4, V3_IPV6, V2_IPV4] {
        let (advertisement, coverage) = Advertisement::decode(message, &ip).unwrap();
        let mut buf = [0; Advertisement::MAX_LEN];
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(&advertisement).encode(black_box(&ip), coverage, black_box(&mut buf)).map(<[u8]>::len)
            });
        });
    }
    group.finish();
}

fn scale(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("straightforward decode");
    for Vector { name, ip, message } in [V3_IPV4, V3_IPV6] {
        assert!(straightforward::decode(message, &ip).is_some(), "{name} is sound");
        group.bench_function(name, |bencher| {
            bencher.iter(|| straightforward::decode(black_box(message), black_box(&ip)));
        });
    }
    group.finish();
}

criterion_group!(codec, decode, encode, scale);
criterion_main!(codec);
