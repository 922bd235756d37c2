//! Why a router takes no part.

use vrrp_lab::isolated;

use super::{check, is_explained, tracking, wait};
use crate::ask::post;
use crate::fixture::{Lan, VIP, VIP6, instance, ip};
use crate::packet::Packet;
use crate::protocol::Protocol;

#[test]
fn a_check_without_a_result_then_one_that_fails_then_one_that_cannot_run() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.script("/tmp/slow", "exec sleep 1000");
        lan.a.script("/tmp/sick", "echo HTTP 503; exit 1");
        let a = lan.a.vrrpd(&tracking(&check("slow", "/tmp/slow", "timeout 1000"), "slow", 150, ""));
        is_explained(&lan.a, "V51", "A check has no result yet");
        a.reload(&tracking(&check("sick", "/tmp/sick", ""), "sick", 150, ""));
        is_explained(&lan.a, "V51", "A check fails");
        a.reload(&tracking(&check("lost", "/tmp/lost", ""), "lost", 150, ""));
        is_explained(&lan.a, "V51", "A check's program cannot run");
    });
}

#[test]
fn a_link_without_carrier_then_without_an_address_then_none_and_a_drain() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        is_explained(&lan.a, "V51", "Nobody was heard");
        lan.segment.port_down(&lan.a.host).unwrap();
        is_explained(&lan.a, "V51", "Cable out, port down");
        lan.segment.port_up(&lan.a.host).unwrap();
        lan.a.host.remove_address("eth0", "10.0.0.1/24").unwrap();
        is_explained(&lan.a, "V51", "No address on it");
        lan.a.host.add_address("eth0", "10.0.0.1/24").unwrap();
        a.reload(&instance(51, 150, "0.2", "").replace("eth0", "eth7"));
        is_explained(&lan.a, "V51", "Interface not there");
        a.reload(&instance(51, 150, "0.2", ""));
        is_explained(&lan.a, "V51", "Nobody was heard");
        assert_eq!(post(&lan.a, "/v1/drain", r#"{"force": true}"#).outcomes(), ["released"]);
        is_explained(&lan.a, "V51", "Drained");
        // What was the case before is no reason now.
        wait(&lan.a, "V51", "one reason", |explained| explained["because"].as_array().unwrap().len() == 1);
        assert_eq!(post(&lan.a, "/v1/drain", r#"{"force": true, "ttl": 3600}"#).outcomes(), ["idle"]);
        is_explained(&lan.a, "V51", "Drained for a while");
    });
}

#[test]
fn a_delay_after_the_start_and_a_member_that_holds_its_group_back() {
    isolated(|| {
        let lan = Lan::new();
        let _b =
            lan.b.vrrpd(&format!("global_defs {{\n  vrrp_startup_delay 1000\n}}\n{}", instance(51, 100, "0.2", "")));
        is_explained(&lan.b, "V51", "Just started, with a delay");
        let other = lan.lab.bridge("lan1").unwrap();
        lan.a.host.attach(&other, "eth1", &["10.1.0.1/24"]).unwrap();
        let second = instance(52, 150, "0.2", "").replace("eth0", "eth1").replace(VIP, "10.1.0.100");
        let group = "vrrp_sync_group G {\n  group {\n    V51\n    V52\n  }\n}\n";
        let _a = lan.a.vrrpd(&format!("{}{second}{group}", instance(51, 150, "0.2", "")));
        is_explained(&lan.a, "V51", "Nobody was heard");
        other.port_down(&lan.a.host).unwrap();
        is_explained(&lan.a, "V51", "Another member of its sync group is out");
        is_explained(&lan.a, "V52", "Cable out, port down");
    });
}

#[test]
fn an_address_that_the_kernel_refuses_is_missing_and_then_a_cause() {
    isolated(|| {
        let lan = Lan::new();
        lan.a.host.sysctl("net/ipv6/conf/eth0/disable_ipv6", "1").unwrap();
        let excluded = format!("virtual_ipaddress_excluded {{\n    {VIP6}/64\n  }}");
        let _a = lan.a.vrrpd(&instance(51, 150, "0.2", &excluded));
        is_explained(&lan.a, "V51", "The kernel does not hold an address");
        is_explained(&lan.a, "V51", "The kernel refuses an address");
    });
}

#[test]
fn a_double_that_speaks_from_our_address() {
    isolated(|| {
        let lan = Lan::new();
        // IPv4 packets from an own address end in the kernel.
        let packet = Packet::v3(51, lan.a.mac.link_local().into(), &[ip("fe80::100"), ip(VIP6)]);
        let frames = vec![packet.frame(lan.client.mac, lan.a.mac)];
        let double = lan.client.host.flood("eth0", frames, 20, super::LONG).unwrap();
        let _a = lan.a.vrrpd(&Protocol::V3Ipv6.config(1, 2, 150, ""));
        is_explained(&lan.a, "V51", "Somebody speaks from our own address");
        drop(double);
    });
}
