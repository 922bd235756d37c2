//! The same in native checks, without one script: the very files that the documentation shows.

use std::time::Instant;

use vrrp_lab::{Isolation, Lab};

use super::site::{ADDRESS, Site};
use super::{STORY, the_isolated_node_does_not_claim};
use crate::fixture::Vrrpd;

/// A file of the documentation.
fn example(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../docs/examples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Both daemons, `node-a` serving.
fn start(site: &Site) -> (Vrrpd, Vrrpd) {
    let a = site.a.ours(&example("mission-native-a.conf"));
    site.wait_served_by(&site.a);
    let b = site.b.ours(&example("mission-native-b.conf"));
    site.stays_with(&site.a);
    (a, b)
}

#[test]
#[ignore = "needs nginx"]
fn in_native_checks_a_dead_service_moves_the_address_at_once_and_either_way() {
    Isolation::default().deadline(STORY).run(|| {
        let lab = Lab::new().unwrap();
        let mut site = Site::new(&lab, "");
        let (a, b) = start(&site);
        let mark = b.mark();
        let died = Instant::now();
        site.a.kill_service();
        site.b.node.wait_holds(ADDRESS, true);
        eprintln!("the address was on the peer {:.0?} after the service died", died.elapsed());
        b.moved_since(mark, "active", "released");
        site.wait_served_by(&site.b);
        site.wait_advertised(0, &site.b, 90);
        // Well again it stays Backup: failback is manual.
        let mark = a.mark();
        site.a.start_service();
        a.wait_since(mark, &[("event", "priority"), ("priority", "100")]);
        site.stays_with(&site.b);
        // And is there when the other one's service dies, which nopreempt alone would not let it be.
        let mark = a.mark();
        site.b.kill_service();
        a.moved_since(mark, "active", "released");
        site.wait_served_by(&site.a);
    });
}

#[test]
#[ignore = "needs nginx"]
fn in_native_checks_the_isolated_node_does_not_claim() {
    Isolation::default().deadline(STORY).run(|| {
        let lab = Lab::new().unwrap();
        let site = Site::new(&lab, "");
        let (a, b) = start(&site);
        the_isolated_node_does_not_claim(&site, &a, &b);
    });
}

#[test]
#[ignore = "needs nginx"]
fn in_native_checks_a_node_without_the_gateway_gives_the_address_to_one_that_has_it() {
    Isolation::default().deadline(STORY).run(|| {
        let lab = Lab::new().unwrap();
        let site = Site::new(&lab, "");
        let (a, b) = start(&site);
        let mark = (a.mark(), b.mark());
        site.segment.partition(&[&site.a.node.host], &[&site.gateway.host]).unwrap();
        b.moved_since(mark.1, "active", "released");
        site.wait_served_by(&site.b);
        site.segment.heal_all().unwrap();
        a.wait_since(mark.0, &[("event", "priority"), ("priority", "100")]);
        site.stays_with(&site.b);
        // With the gateway gone for both, whoever has the address keeps it.
        let mark = (a.mark(), b.mark());
        site.segment.port_down(&site.gateway.host).unwrap();
        b.wait_since(mark.1, &[("event", "condition"), ("cause", "unrelieved"), ("began", "true")]);
        a.wait_since(mark.0, &[("event", "check"), ("about", "chk_gateway")]);
        site.stays_with(&site.b);
    });
}
