//! One node on one host: what it finds at the start, what a reload changes, and what it leaves behind at the end.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use core::future::Future;
use core::net::IpAddr;
use core::time::Duration;
use std::path::PathBuf;

use vrrp::{
    Address, AdverInterval, Builder, Cause, Delivery, Ended, Events, Family, Ineligible, Name, Node, Peer, Router,
    StartError, Stop, Vrid, What,
};
use vrrp_lab::{Host, Lab, isolated};

const PATIENCE: Duration = Duration::from_secs(20);

fn address(last: u8) -> Address {
    Address::new([10, 0, 0, last].into(), 24, "eth0")
}

/// The owner of its addresses, one advertisement a second: Active at once.
fn owner(addresses: impl IntoIterator<Item = Address>) -> Router {
    Router::new("web", "eth0", Vrid::new(51).unwrap(), addresses).priority(255)
}

/// A Backup that takes over after a third of a second.
fn quick() -> Router {
    let router = Router::new("web", "eth0", Vrid::new(51).unwrap(), [address(100)]).priority(100);
    router.protocol(|config| config.interval = AdverInterval::from_centis(10).unwrap())
}

/// The same router, unicast to these peers.
fn unicast(router: Router, peers: &[IpAddr]) -> Router {
    let peers = peers.iter().map(|peer| Peer { address: *peer, min_ttl: 0, max_ttl: 255 }).collect();
    router.protocol(|config| config.delivery = Delivery::Unicast { peers, ttl: 255, check_source: false })
}

/// A host, 10.0.0.1, and what keeps it alive.
fn host() -> (Host, Lab) {
    let lab = Lab::new().unwrap();
    let lan = lab.bridge("lan0").unwrap();
    let host = lab.host("one").unwrap();
    host.attach(&lan, "eth0", &["10.0.0.1/24"]).unwrap();
    (host, lab)
}

fn start(host: &Host, builder: Builder) -> (Node, Events) {
    host.on(|| builder.start()).unwrap().unwrap()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, future).await }).unwrap()
}

/// Reads events until the wanted one has come.
fn wait_for(events: &mut Events, wanted: impl Fn(&What) -> bool) {
    wait(async { while !wanted(&events.recv().await.unwrap().what) {} });
}

fn placed(events: &mut Events) {
    wait_for(events, |what| matches!(what, What::Placed { missing } if missing.is_empty()));
}

fn active(events: &mut Events) {
    wait_for(events, |what| matches!(what, What::Moved { to: Name::Active, .. }));
}

/// Waits until a cause has begun or ended.
fn cause(events: &mut Events, wanted: Ineligible, begins: bool) {
    wait_for(
        events,
        |what| matches!(what, What::Ineligible { cause, began, .. } if (*cause, *began) == (wanted, begins)),
    );
}

/// A directory of this test's own.
fn run_directory(test: &str) -> PathBuf {
    std::env::temp_dir().join(format!("vrrp-node-{test}-{}", std::process::id()))
}

#[test]
fn an_address_that_somebody_else_put_there_before_the_start_is_told_of_and_left_alone() {
    isolated(|| {
        let (host, _lab) = host();
        host.add_address("eth0", "10.0.0.100/24").unwrap();
        let (node, mut events) = start(&host, Node::builder().router(quick()));
        let here = IpAddr::from([10, 0, 0, 100]);
        wait_for(&mut events, |what| matches!(what, What::Leftover { address, began: true, .. } if *address == here));
        active(&mut events);
        drop(node);
        assert!(host.has_address("eth0", [10, 0, 0, 100]).unwrap());
    });
}

#[test]
fn what_an_earlier_run_left_is_removed_and_what_somebody_else_put_beside_it_is_not() {
    isolated(|| {
        let (host, _lab) = host();
        let directory = run_directory("left");
        let both = owner([address(100), address(101)]);
        let (mut node, mut events) = start(&host, Node::builder().router(both.clone()).run_directory(&directory));
        placed(&mut events);
        node.abandon();
        assert_eq!(wait(node.ended()), Ended::Stopped);
        host.remove_address("eth0", "10.0.0.101/24").unwrap();
        host.add_address("eth0", "10.0.0.101/24").unwrap();

        let again = Node::builder().router(both.priority(100)).run_directory(&directory).resume(false);
        let (_node, _events) = start(&host, again);
        host.wait_for_address("eth0", [10, 0, 0, 100], false, PATIENCE).unwrap();
        assert!(host.has_address("eth0", [10, 0, 0, 101]).unwrap());
    });
}

#[test]
fn a_startup_delay_does_not_hold_back_what_is_resumed() {
    isolated(|| {
        let (host, _lab) = host();
        let directory = run_directory("delay");
        let builder = || Node::builder().router(owner([address(100)])).run_directory(&directory);
        let (mut node, mut events) = start(&host, builder());
        placed(&mut events);
        node.abandon();
        assert_eq!(wait(node.ended()), Ended::Stopped);

        let (_node, mut events) = start(&host, builder().startup_delay(Duration::from_secs(3600)));
        wait_for(
            &mut events,
            |what| matches!(what, What::Moved { to, why, .. } if (*to, *why) == (Name::Active, Cause::Resumed)),
        );
    });
}

#[test]
fn a_router_whose_socket_cannot_be_opened_is_ineligible_until_it_can_be() {
    isolated(|| {
        let (host, _lab) = host();
        let useless = host.on(|| std::net::UdpSocket::bind("0.0.0.0:0")).unwrap().unwrap();
        let builder = Node::builder().router(quick()).socket("eth0", Family::V4, useless.into());
        let (_node, mut events) = start(&host, builder);
        cause(&mut events, Ineligible::NoSocket(0), true);
        cause(&mut events, Ineligible::NoSocket(0), false);
        active(&mut events);
    });
}

#[test]
fn a_reload_gives_a_router_its_peers_and_takes_them_away() {
    isolated(|| {
        let (host, _lab) = host();
        let (node, mut events) = start(&host, Node::builder().router(unicast(quick(), &[])));
        cause(&mut events, Ineligible::NoPeers, true);
        wait(node.reload(vec![unicast(quick(), &[[10, 0, 0, 2].into()])])).unwrap();
        cause(&mut events, Ineligible::NoPeers, false);
        placed(&mut events);
        wait(node.reload(vec![unicast(quick(), &[])])).unwrap();
        cause(&mut events, Ineligible::NoPeers, true);
        host.wait_for_address("eth0", [10, 0, 0, 100], false, PATIENCE).unwrap();
    });
}

#[test]
fn a_reload_during_a_stop_is_refused_and_leaves_nothing_behind() {
    isolated(|| {
        let (host, _lab) = host();
        let (mut node, mut events) = start(&host, Node::builder().router(owner([address(100)])));
        placed(&mut events);
        node.stop(Stop::HandOver);
        let other = Router::new("mail", "eth0", Vrid::new(52).unwrap(), [address(101)]).priority(255);
        let refused = wait(node.reload(vec![owner([address(100)]), other]));
        assert!(matches!(refused, Err(StartError::Engine)), "{refused:?}");
        assert_eq!(wait(node.ended()), Ended::Stopped);
        assert!(!host.has_address("eth0", [10, 0, 0, 100]).unwrap());
        assert!(!host.has_address("eth0", [10, 0, 0, 101]).unwrap());
    });
}

#[test]
fn a_node_that_loses_the_keeper_of_its_addresses_ends_and_takes_them_along() {
    isolated(|| {
        let (host, _lab) = host();
        let (mut node, mut events) = start(&host, Node::builder().router(owner([address(100)])));
        placed(&mut events);
        node.lose_keeper();
        let ended = wait(node.ended());
        assert!(matches!(ended, Ended::Died(_)), "{ended:?}");
        assert!(!host.has_address("eth0", [10, 0, 0, 100]).unwrap());
    });
}
