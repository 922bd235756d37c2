//! A router alone on its LAN, drained without force: whatever happens meanwhile, nobody is left without a router.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "functions that tests share")]

use core::future::Future;
use core::time::Duration;
use std::path::PathBuf;
use std::sync::Arc;

use vrrp::{
    Address, AdverInterval, Builder, Drain, DrainOutcome, Drained, Ended, Events, Name, Node, Operator, Router, Stop,
    Vrid, What,
};
use vrrp_lab::{Host, Lab, isolated};

const PATIENCE: Duration = Duration::from_secs(30);

/// Active a third of a second after its start; a hand-over waits for a successor for a fifth of a second.
fn quick() -> Router {
    router(10)
}

/// Backup for two minutes.
fn slow() -> Router {
    router(4000)
}

/// Active at once; a hand-over waits for three seconds.
fn patient() -> Router {
    router(300).priority(255)
}

fn router(interval: u16) -> Router {
    let address = Address::new([10, 0, 0, 100].into(), 24, "eth0");
    let router = Router::new("web", "eth0", Vrid::new(51).unwrap(), [address]).priority(100);
    router.protocol(|config| config.interval = AdverInterval::from_centis(interval).unwrap())
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

fn becomes(events: &mut Events, state: Name) {
    wait(async { while !matches!(events.recv().await.unwrap().what, What::Moved { to, .. } if to == state) {} });
}

fn outcomes(drained: &[Drained]) -> Vec<DrainOutcome> {
    drained.iter().map(|drained| drained.outcome).collect()
}

/// The state of the one router, and whether it is drained.
fn stands(operator: &Operator) -> (Name, bool) {
    let status = wait(operator.status()).unwrap();
    (status.routers[0].state, status.routers[0].drain.is_some())
}

/// A directory of this test's own.
fn run_directory(test: &str) -> PathBuf {
    std::env::temp_dir().join(format!("vrrp-drains-{test}-{}", std::process::id()))
}

#[test]
fn an_only_router_that_is_stopped_while_it_is_drained_serves_again_after_the_restart() {
    isolated(|| {
        let (host, _lab) = host();
        let builder = || Node::builder().router(quick()).run_directory(run_directory("stop"));
        let (mut node, mut events) = start(&host, builder());
        becomes(&mut events, Name::Active);
        let operator = node.operator();
        let drained = wait(async {
            let stop = async { node.stop(Stop::HandOver) };
            tokio::join!(operator.drain(None, Drain::IfRelieved, None), stop).0
        });
        assert_eq!(outcomes(&drained.unwrap()), [DrainOutcome::Unrelieved]);
        assert_eq!(wait(node.ended()), Ended::Stopped);
        let (node, mut events) = start(&host, builder());
        becomes(&mut events, Name::Active);
        assert_eq!(stands(&node.operator()), (Name::Active, false));
    });
}

#[test]
fn an_only_router_that_dies_while_it_is_drained_serves_again_after_the_restart() {
    isolated(|| {
        let (host, _lab) = host();
        let builder = || Node::builder().router(quick()).run_directory(run_directory("death")).resume(false);
        let (mut node, mut events) = start(&host, builder());
        becomes(&mut events, Name::Active);
        let operator = node.operator();
        let drained = wait(async {
            let death = async { node.abandon() };
            tokio::join!(operator.drain(None, Drain::IfRelieved, None), death).0
        });
        assert!(outcomes(&drained.unwrap()).iter().all(|outcome| *outcome == DrainOutcome::Unrelieved));
        assert_eq!(wait(node.ended()), Ended::Stopped);
        let (node, mut events) = start(&host, builder());
        becomes(&mut events, Name::Active);
        assert_eq!(stands(&node.operator()), (Name::Active, false));
    });
}

#[test]
fn a_backup_that_hears_nobody_is_drained_only_by_force() {
    isolated(|| {
        let (host, _lab) = host();
        let (node, mut events) = start(&host, Node::builder().router(slow()));
        becomes(&mut events, Name::Backup);
        let operator = node.operator();
        let drained = wait(operator.drain(None, Drain::IfRelieved, None)).unwrap();
        assert_eq!(outcomes(&drained), [DrainOutcome::Unrelieved]);
        assert_eq!(stands(&operator), (Name::Backup, false));
        let drained = wait(operator.drain(None, Drain::Force, None)).unwrap();
        assert_eq!(outcomes(&drained), [DrainOutcome::Idle]);
        assert_eq!(stands(&operator), (Name::Initialize, true));
    });
}

#[test]
fn a_forced_drain_that_is_taken_back_while_it_hands_over_releases_nothing() {
    isolated(|| {
        let (host, _lab) = host();
        let (node, mut events) = start(&host, Node::builder().router(patient()));
        becomes(&mut events, Name::Active);
        let operator = node.operator();
        let (drained, undrained) =
            wait(async { tokio::join!(operator.drain(None, Drain::Force, None), operator.undrain(None)) });
        assert_eq!(undrained.unwrap(), [Arc::from("web")]);
        assert_eq!(outcomes(&drained.unwrap()), [DrainOutcome::Undone]);
        assert_eq!(stands(&operator), (Name::Active, false));
    });
}
