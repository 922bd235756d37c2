//! A panic of the engine leaves nothing behind: priority 0 is said, the addresses are released, the owner of the node is told.

use core::time::Duration;

use vrrp::{Address, AdverInterval, Ended, Name, Node, Router, Vrid, What};
use vrrp_lab::{Lab, isolated};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_panic_of_the_engine_releases_and_is_told() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let lan = lab.bridge("lan0").unwrap();
        let host = lab.host("one").unwrap();
        host.attach(&lan, "eth0", &["10.0.0.1/24"]).unwrap();
        let client = lab.host("client").unwrap();
        client.attach(&lan, "eth0", &["10.0.0.9/24"]).unwrap();
        let capture = client.capture("eth0").unwrap();
        let address = Address::new([10, 0, 0, 100].into(), 24, "eth0");
        let router = Router::new("web", "eth0", Vrid::new(51).unwrap(), [address]).priority(150);
        let router = router.protocol(|config| config.interval = AdverInterval::from_centis(10).unwrap());
        let (mut node, mut events) = host.on(|| Node::builder().router(router).start()).unwrap().unwrap();
        host.wait_for_address("eth0", [10, 0, 0, 100], true, PATIENCE).unwrap();

        node.panic();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ended = runtime.block_on(node.ended());
        assert!(matches!(ended, Ended::Died(_)), "{ended:?}");
        assert!(!host.has_address("eth0", [10, 0, 0, 100]).unwrap());
        capture.wait_for(|frame| frame.vrrp().is_some_and(|vrrp| vrrp.priority == 0), PATIENCE).unwrap();
        let told: Vec<What> = core::iter::from_fn(|| events.try_recv()).map(|event| event.what).collect();
        assert!(told.iter().any(|what| matches!(what, What::Moved { to: Name::Active, .. })), "{told:?}");
        assert!(matches!(told.last(), Some(What::Died { .. })), "{told:?}");
    });
}
