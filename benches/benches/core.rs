//! What one packet and one timer cost a host of a thousand virtual routers.
#![expect(clippy::unwrap_used, reason = "a bench that is surprised stops")]

use core::hint::black_box;
use core::net::IpAddr;
use core::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use vrrp_core::{AddressList, Config, Datagram, Input, Instant, InterfaceId, Node, Output, RouterId};
use vrrp_wire::{Coverage, Family, GROUP_V4, IpPair, Priority, Version, Vrid};

const INTERFACES: u32 = 4;
const VRIDS: u8 = 250;
const OURS: [u8; 4] = [10, 0, 0, 2];
const THEIRS: [u8; 4] = [10, 0, 0, 3];

/// A thousand virtual routers, and for each the advertisement of a better router.
struct Host {
    node: Node,
    ids: Vec<RouterId>,
    packets: Vec<(InterfaceId, Vec<u8>)>,
}

fn host(begin: Input) -> Host {
    let mut host = Host { node: Node::new(), ids: Vec::new(), packets: Vec::new() };
    let ip = IpPair::new(IpAddr::from(THEIRS), IpAddr::V4(GROUP_V4)).unwrap();
    for vrid in 1..=VRIDS {
        for interface in (0..INTERFACES).map(InterfaceId) {
            let addresses = AddressList::of(Family::V4, [IpAddr::from([10, 0, 1, vrid])]);
            let config = Config::new(Version::V3, Vrid::new(vrid).unwrap(), addresses);
            let id = host.node.insert(interface, config).unwrap();
            let _ = host.node.handle(Instant::ORIGIN, id, Input::Source(IpAddr::from(OURS)));
            let _ = host.node.handle(Instant::ORIGIN, id, begin);
            let _ = host.node.handle(Instant::ORIGIN, id, Input::Claimed);
            let router = host.node.router(id).unwrap();
            let mut buf = [0; 64];
            let advertisement = router.advertisement(Priority::new(200));
            let packet = advertisement.encode(&ip, Coverage::PseudoHeader, &mut buf).unwrap().to_vec();
            host.ids.push(id);
            host.packets.push((interface, packet));
        }
    }
    host
}

/// The cycle of a Backup of a thousand: every router hears its Active router once a second, then the clock goes on and
/// whatever woke up is dealt with. The time is that of one packet, all its consequences included.
fn receive(criterion: &mut Criterion) {
    let mut host = host(Input::Startup);
    let mut now = Instant::ORIGIN;
    let mut turn = host.packets.iter().cycle();
    criterion.bench_function("core/receive one advertisement of 1000 routers", |bencher| {
        bencher.iter(|| {
            let (interface, packet) = turn.next().unwrap();
            now = now + Duration::from_millis(1);
            let datagram = Datagram {
                source: IpAddr::from(THEIRS),
                destination: IpAddr::V4(GROUP_V4),
                hop_limit: 255,
                payload: packet,
            };
            let receipt = host.node.receive(now, *interface, black_box(&datagram));
            while let Some((_, orders)) = host.node.expire(now) {
                let _ = black_box(orders);
            }
            black_box(receipt.outputs.len())
        });
    });
    assert!(host.ids.iter().all(|id| host.node.router(*id).unwrap().counters().became_active == 0));
}

/// One `Adver_Timer` of a thousand Active routers.
fn advertise(criterion: &mut Criterion) {
    let mut host = host(Input::Resume);
    let mut sent = 0_u64;
    criterion.bench_function("core/one timer of 1000 routers", |bencher| {
        bencher.iter(|| {
            let due = host.node.next_timeout().unwrap();
            if let Some((_, orders)) = host.node.expire(due) {
                sent += u64::from(orders.iter().any(|order| matches!(order, Output::Advertise(_))));
                let _ = black_box(orders);
            }
        });
    });
    assert!(sent > 0);
}

criterion_group!(benches, receive, advertise);
criterion_main!(benches);
