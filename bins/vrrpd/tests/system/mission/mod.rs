//! The example that this project was created from: two hosts with nginx in front of a model cluster, its configuration
//! and scripts as they stand, on a LAN with its addresses.

mod files;
mod native;
mod site;

use core::time::Duration;
use std::thread;
use std::time::Instant;

use vrrp_lab::{Isolation, Lab};

use crate::fixture::{SOON, Vrrpd};
use site::{ADDRESS, Member, Running, Site};

/// Longer than the whole story takes on a busy machine.
const STORY: Duration = Duration::from_secs(240);

const NOPREEMPT: &str = "\n    nopreempt";

/// What happened, and who was Active after it.
type Table = Vec<(&'static str, &'static str)>;

/// The story of the example, seen from outside: what is on the wire, where the address is, which nginx answers on it.
fn story(who: &str, mut site: Site, start: impl Fn(&Member, &str) -> Running) -> Table {
    let a = start(&site.a, &files::config(100, NOPREEMPT));
    site.wait_served_by(&site.a);
    let _b = start(&site.b, &files::config(90, ""));
    site.stays_with(&site.a);
    let addresses = site.a.node.run("ip -o addr show dev eth0");
    assert!(addresses.contains("192.168.1.100/24 scope global secondary eth0:0"), "{addresses}");
    let mut table = vec![("both are started", "node-a")];

    let mark = site.wire.mark();
    let died = Instant::now();
    site.a.kill_service();
    site.wait_advertised(mark, &site.a, 80);
    let lower = died.elapsed();
    site.b.node.wait_holds(ADDRESS, true);
    eprintln!(
        "{who}: after the service died, priority 80 after {lower:.1?}, the address on the peer {:.1?}",
        died.elapsed()
    );
    site.wait_advertised(mark, &site.b, 90);
    site.wait_served_by(&site.b);
    site.a.wait_stopped();
    table.push(("the service on node-a dies", "node-b"));

    let mark = a.mark();
    site.a.start_service();
    a.wait_priority(mark, 100);
    site.stays_with(&site.b);
    table.push(("the service on node-a is back", "node-b"));

    let mark = site.wire.mark();
    site.b.kill_service();
    site.wait_advertised(mark, &site.b, 70);
    site.stays_with(&site.b);
    table.push(("the service on node-b dies", "node-b"));

    let mark = site.wire.mark();
    site.b.start_service();
    site.wait_advertised(mark, &site.b, 90);
    table.push(("the service on node-b is back", "node-b"));

    site.segment.port_down(&site.b.node.host).unwrap();
    site.wait_served_by(&site.a);
    table.push(("node-b loses its link", "node-a"));

    site.segment.port_up(&site.b.node.host).unwrap();
    site.stays_with(&site.a);
    table.push(("the link of node-b is back", "node-a"));
    table
}

#[test]
#[ignore = "needs keepalived, nginx"]
fn the_example_runs_as_it_stands_and_goes_as_it_does_under_keepalived() {
    // In a user namespace keepalived runs no script at all: it wants to set their groups.
    Isolation::default().real_root().deadline(STORY).run(|| {
        let lab = Lab::new().unwrap();
        let (ours, theirs) = (Site::new(&lab, "o"), Site::new(&lab, "k"));
        let (ours, theirs) = thread::scope(|scope| {
            let ours = scope.spawn(|| story("vrrpd", ours, |member, config| Running::Ours(member.ours(config))));
            let theirs =
                scope.spawn(|| story("keepalived", theirs, |member, config| Running::Theirs(member.theirs(config))));
            (ours.join().unwrap(), theirs.join().unwrap())
        });
        eprintln!("{:<32} {:<10} {:<10}", "who is Active after", "vrrpd", "keepalived");
        for ((what, ours), (_, theirs)) in ours.iter().zip(&theirs) {
            eprintln!("{what:<32} {ours:<10} {theirs:<10}");
        }
        assert_eq!(ours, theirs);
    });
}

/// Waits until this daemon would have claimed, and does not for want of this check.
fn withheld(vrrpd: &Vrrpd, mark: usize) {
    let line = vrrpd.wait_since(
        mark,
        &[("event", "condition"), ("cause", "withheld_requires"), ("about", "chk_gateway"), ("began", "true")],
    );
    assert!(line.text("message").contains("would have claimed"), "{line:?}");
}

/// `node-b` is cut off from the LAN.
fn the_isolated_node_does_not_claim(site: &Site, a: &Vrrpd, b: &Vrrpd) {
    let (mark, mark_a) = (b.mark(), a.mark());
    site.isolate(&site.b);
    withheld(b, mark);
    // Twice more: for as long as it is on its own.
    site.stays_with(&site.a);
    assert!(!site.b.node.holds(ADDRESS));
    assert_eq!(b.moves_since(mark), []);
    let mark = b.mark();
    site.segment.heal_all().unwrap();
    b.wait_since(mark, &[("event", "condition"), ("cause", "withheld_requires"), ("began", "false")]);
    b.wait_since(mark, &[("event", "check"), ("about", "chk_gateway")]);
    site.stays_with(&site.a);
    assert_eq!((b.moves_since(mark), a.moves_since(mark_a)), (vec![], vec![]));
    // Well again, it claims what it is to claim.
    let mark = b.mark();
    site.segment.port_down(&site.a.node.host).unwrap();
    b.moved_since(mark, "active", "active_down");
    site.b.node.host.wait_for_address("eth0", crate::fixture::ip(ADDRESS), true, SOON).unwrap();
}

#[test]
#[ignore = "needs nginx"]
fn with_one_line_more_the_isolated_node_does_not_claim() {
    Isolation::default().deadline(STORY).run(|| {
        let lab = Lab::new().unwrap();
        let site = Site::new(&lab, "");
        let more =
            |config: String| config.replace("    track_script", "    claim_requires chk_gateway\n    track_script");
        let a = site.a.ours(&more(files::config(100, NOPREEMPT)));
        site.wait_served_by(&site.a);
        let b = site.b.ours(&more(files::config(90, "")));
        site.stays_with(&site.a);
        // The script looks every two seconds and waits for one: a Backup may claim before it has looked at an empty link.
        let mark = b.mark();
        site.segment.partition(&[&site.b.node.host], &[&site.gateway.host]).unwrap();
        b.wait_since(mark, &[("event", "check"), ("about", "chk_gateway")]);
        the_isolated_node_does_not_claim(&site, &a, &b);
    });
}
