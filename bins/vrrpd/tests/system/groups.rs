//! Sync groups on two links: members move together, alone and beside keepalived.

use vrrp_lab::{Segment, Stamp, isolated};

use crate::fixture::{Lan, Node, VIP, VIP6, Vrrpd, instance, ms};

/// The address on the second link.
const VIP1: &str = "10.1.0.100";
const GROUP: &str = "vrrp_sync_group G {\n  group {\n    V51\n    V52\n  }\n}\n";

/// Two routers on two links.
struct TwoLinks {
    lan: Lan,
    other: Segment,
}

impl TwoLinks {
    /// On the second link the addresses end in these numbers.
    fn new(of_a: u8, of_b: u8) -> Self {
        let lan = Lan::new();
        let other = lan.lab.bridge("lan1").unwrap();
        for (node, number) in [(&lan.a, of_a), (&lan.b, of_b)] {
            node.host.attach(&other, "eth1", &[&format!("10.1.0.{number}/24")]).unwrap();
        }
        Self { lan, other }
    }

    /// Waits until one node holds the addresses of both members and the other none.
    fn serves(&self, who: &Node, not: &Node, first: &str) {
        for (interface, address) in [("eth0", first), ("eth1", VIP1)] {
            let wait = |node: &Node, present| {
                let ip = crate::fixture::ip(address);
                node.host.wait_for_address(interface, ip, present, crate::fixture::SOON).unwrap();
            };
            wait(who, true);
            wait(not, false);
        }
    }
}

fn second(priority: u8) -> String {
    instance(52, priority, "0.2", "").replace("eth0", "eth1").replace(VIP, VIP1)
}

fn grouped(priority: u8) -> String {
    format!("{}{}{GROUP}", instance(51, priority, "0.2", ""), second(priority))
}

/// When each member moved to this state for the first time after a mark.
fn moved_at(vrrpd: &Vrrpd, mark: usize, to: &str) -> Vec<Stamp> {
    ["V51", "V52"].iter().for_each(|router| {
        vrrpd.wait_since(mark, &[("event", "moved"), ("to", to), ("router", router)]);
    });
    let log = vrrpd.daemon.log();
    let wanted = format!("\"to\":\"{to}\"");
    log.since(mark).filter(|(_, line)| line.contains(&wanted)).map(|(stamp, _)| stamp).collect()
}

/// Asserts that both members moved to this state, each once, within a moment of each other.
fn together(vrrpd: &Vrrpd, mark: usize, to: &str) {
    let stamps = moved_at(vrrpd, mark, to);
    assert_eq!(stamps.len(), 2, "{}", vrrpd.daemon.log().tail(20));
    let apart = stamps[1].since(stamps[0]);
    assert!(apart < ms(500), "{apart:?} between the members");
}

#[test]
fn equal_priorities_and_opposite_address_orders_have_one_active_node() {
    isolated(|| {
        // By IPv6 (V51) b is the greater one, by IPv4 (V52) a.
        let links = TwoLinks::new(9, 2);
        let lan = &links.lan;
        let six = instance(51, 100, "0.2", "").replace(&format!("{VIP}/24"), &format!("fe80::100/64\n    {VIP6}/64"));
        let config = format!("{six}{}{GROUP}", second(100));
        // Both are Active until they hear each other.
        for segment in [&lan.segment, &links.other] {
            segment.partition(&[&lan.a.host], &[&lan.b.host]).unwrap();
        }
        let (a, b) = (lan.a.vrrpd(&config), lan.b.vrrpd(&config));
        moved_at(&a, 0, "active");
        moved_at(&b, 0, "active");
        let mark = a.mark();
        for segment in [&links.other, &lan.segment] {
            segment.heal_all().unwrap();
        }
        moved_at(&a, mark, "backup");
        links.serves(&lan.b, &lan.a, VIP6);
        assert_eq!(b.count(&[("event", "moved"), ("from", "active")]), 0);
        let marks = (a.mark(), b.mark());
        std::thread::sleep(ms(2000));
        assert_eq!((a.moves_since(marks.0), b.moves_since(marks.1)), (vec![], vec![]), "it goes on and on");
        links.serves(&lan.b, &lan.a, VIP6);
    });
}

#[test]
fn the_link_of_one_member_moves_both_in_one_step() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let a = lan.a.vrrpd(&grouped(150));
        links.serves(&lan.a, &lan.b, VIP);
        let b = lan.b.vrrpd(&grouped(100));
        b.wait(&[("event", "moved"), ("to", "backup"), ("router", "V52")]);
        for link in ["eth0", "eth1"] {
            let marks = (a.mark(), b.mark());
            lan.a.host.link_down(link).unwrap();
            together(&a, marks.0, "initialize");
            together(&b, marks.1, "active");
            lan.b.wait_holds(VIP, true);
            let marks = (a.mark(), b.mark());
            lan.a.host.link_up(link).unwrap();
            together(&a, marks.0, "active");
            together(&b, marks.1, "backup");
            links.serves(&lan.a, &lan.b, VIP);
            assert_eq!(b.count(&[("event", "condition"), ("cause", "contested")]), 0, "{link}");
        }
    });
}

#[test]
fn with_nopreempt_a_link_that_flaps_never_leaves_a_group_in_two_halves() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let config = |priority| {
            let first = instance(51, priority, "0.2", "nopreempt");
            format!("{first}{}{GROUP}", second(priority).replace("advert_int", "nopreempt\n  advert_int"))
        };
        let a = lan.a.vrrpd(&config(150));
        moved_at(&a, 0, "active");
        links.serves(&lan.a, &lan.b, VIP);
        let b = lan.b.vrrpd(&config(100));
        b.wait(&[("event", "moved"), ("to", "backup"), ("router", "V52")]);
        // The Backup's link moves nobody who serves.
        let marks = (a.mark(), b.mark());
        for _ in 0..3 {
            links.other.port_down(&lan.b.host).unwrap();
            b.wait_since(marks.1, &[("event", "moved"), ("to", "initialize"), ("router", "V51")]);
            links.other.port_up(&lan.b.host).unwrap();
        }
        b.wait_since(marks.1, &[("event", "moved"), ("to", "backup"), ("router", "V52")]);
        assert_eq!(a.moves_since(marks.0), []);
        // The Active router's moves both, once, however often it flaps.
        let marks = (a.mark(), b.mark());
        for _ in 0..3 {
            let mark = a.mark();
            links.other.port_down(&lan.a.host).unwrap();
            together(&a, mark, "initialize");
            links.serves(&lan.b, &lan.a, VIP);
            let mark = a.mark();
            links.other.port_up(&lan.a.host).unwrap();
            together(&a, mark, "backup");
        }
        together(&b, marks.1, "active");
        std::thread::sleep(ms(1500));
        links.serves(&lan.b, &lan.a, VIP);
        assert_eq!(b.moves_since(marks.1).iter().filter(|(from, ..)| from == "active").count(), 0);
    });
}

#[test]
fn advertisements_of_one_member_that_get_lost_move_nothing_and_are_told() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let a = lan.a.vrrpd(&grouped(150));
        links.serves(&lan.a, &lan.b, VIP);
        let b = lan.b.vrrpd(&grouped(100));
        b.wait(&[("event", "moved"), ("to", "backup"), ("router", "V52")]);
        for segment in [&lan.segment, &links.other] {
            let marks = (a.mark(), b.mark());
            segment.cut(&lan.a.host, &lan.b.host).unwrap();
            let told = b.wait_since(marks.1, &[("event", "condition"), ("cause", "withheld_group"), ("began", "true")]);
            assert!(told.text("message").contains("would have claimed"), "{told:?}");
            // Several times the down interval.
            std::thread::sleep(ms(3000));
            assert_eq!((a.moves_since(marks.0), b.moves_since(marks.1)), (vec![], vec![]));
            segment.heal_all().unwrap();
            b.wait_since(marks.1, &[("event", "condition"), ("cause", "withheld_group"), ("began", "false")]);
        }
        // Silence on both links is the death of a node.
        let mark = b.mark();
        a.daemon.kill().unwrap();
        together(&b, mark, "active");
    });
}

#[test]
fn reloads_regroup_and_take_members_away_without_a_move() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let first = instance(51, 150, "0.2", "");
        let alone = format!("{first}{}", second(150));
        let a = lan.a.vrrpd(&alone);
        moved_at(&a, 0, "active");
        links.serves(&lan.a, &lan.b, VIP);
        let reload = |config: &str| {
            let mark = a.mark();
            a.reload(config);
            a.wait_since(mark, &[("event", "reloaded")]);
            a.wait_since(mark, &[("event", "configuration")]);
            a.moves_since(mark)
        };
        assert_eq!(reload(&grouped(150)), []);
        let mark = a.mark();
        lan.a.host.link_down("eth1").unwrap();
        together(&a, mark, "initialize");
        // Without the group, the one with a link serves.
        let mark = a.mark();
        a.reload(&alone);
        a.wait_since(mark, &[("event", "moved"), ("to", "active"), ("router", "V51")]);
        lan.a.wait_holds(VIP, true);
        let mark = a.mark();
        a.reload(&grouped(150));
        a.wait_since(mark, &[("event", "moved"), ("to", "initialize"), ("router", "V51")]);
        lan.a.wait_holds(VIP, false);
        // The member that held the other back is removed.
        let mark = a.mark();
        a.reload(&format!("{first}{}", GROUP.replace("    V52\n", "")));
        a.wait_since(mark, &[("event", "moved"), ("to", "active"), ("router", "V51")]);
        lan.a.wait_holds(VIP, true);
        lan.a.host.link_up("eth1").unwrap();
        // Outside the group first: what it says shows that it has heard of the link.
        let mark = a.mark();
        a.reload(&alone);
        a.wait_since(mark, &[("event", "moved"), ("to", "active"), ("router", "V52")]);
        assert_eq!(reload(&grouped(150)), [], "a member that joins takes nothing from the one that serves");
        links.serves(&lan.a, &lan.b, VIP);
    });
}

#[test]
#[ignore = "needs keepalived"]
fn beside_keepalived_ours_takes_over_and_gives_back() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let theirs = lan.b.keepalived(&grouped(150));
        links.serves(&lan.b, &lan.a, VIP);
        let ours = lan.a.vrrpd(&grouped(100));
        ours.wait(&[("event", "moved"), ("to", "backup"), ("router", "V52")]);
        let mark = ours.mark();
        theirs.stop();
        together(&ours, mark, "active");
        links.serves(&lan.a, &lan.b, VIP);
        let mark = ours.mark();
        let theirs = lan.b.keepalived(&grouped(150));
        together(&ours, mark, "backup");
        links.serves(&lan.b, &lan.a, VIP);
        // One of its links: it moves both, and so do we.
        let mark = ours.mark();
        links.other.port_down(&lan.b.host).unwrap();
        together(&ours, mark, "active");
        links.serves(&lan.a, &lan.b, VIP);
        let mark = ours.mark();
        links.other.port_up(&lan.b.host).unwrap();
        together(&ours, mark, "backup");
        links.serves(&lan.b, &lan.a, VIP);
        drop(theirs);
    });
}

#[test]
#[ignore = "needs keepalived"]
fn beside_keepalived_ours_is_the_better_one() {
    isolated(|| {
        let links = TwoLinks::new(1, 2);
        let lan = &links.lan;
        let ours = lan.a.vrrpd(&grouped(150));
        links.serves(&lan.a, &lan.b, VIP);
        let theirs = lan.b.keepalived(&grouped(100));
        let marks = (ours.mark(), theirs.mark());
        lan.segment.port_down(&lan.a.host).unwrap();
        together(&ours, marks.0, "initialize");
        theirs.became_active_since(marks.1);
        lan.b.wait_holds(VIP, true);
        let mark = ours.mark();
        lan.segment.port_up(&lan.a.host).unwrap();
        together(&ours, mark, "active");
        links.serves(&lan.a, &lan.b, VIP);
    });
}
