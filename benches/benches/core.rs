//! What one packet and one timer cost a host of a thousand virtual routers, all consequences included.

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use vrrp_benches::thousand::Host;
use vrrp_core::Input;

fn receive(criterion: &mut Criterion) {
    let mut host = Host::new(Input::Startup);
    criterion.bench_function("core/one advertisement through a node of 1000", |bencher| {
        bencher.iter(|| black_box(host.hear()));
    });
    assert_eq!(host.takeovers(), 0);
}

fn fire(criterion: &mut Criterion) {
    let mut host = Host::new(Input::Resume);
    criterion.bench_function("core/one timer of a node of 1000", |bencher| bencher.iter(|| black_box(host.fire())));
}

criterion_group!(benches, receive, fire);
criterion_main!(benches);
