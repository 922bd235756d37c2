//! Checks that ask another host.

use core::net::{Ipv4Addr, SocketAddr};

use vrrp_lab::isolated;

use super::Guarded;
use super::servers::{Answer, Server, listen};
use crate::fixture::{Lan, Node};

const PONG: Answer = Answer::Http("200 OK", "pong");

fn at(port: u16) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 9], port))
}

#[test]
fn an_http_check_follows_status_body_and_silence() {
    isolated(|| {
        let lan = Lan::new();
        let server = Server::http(&lan.client, at(8080), PONG);
        let guarded = Guarded::native(&lan, "http http://10.0.0.9:8080/ping\nbody_equals pong");
        for wrong in [Answer::Http("503 Service Unavailable", "pong"), Answer::Http("200 OK", "ping"), Answer::Silence]
        {
            guarded.fails_when(|| server.answers(wrong));
            guarded.recovers_when(|| server.answers(PONG));
        }
    });
}

#[test]
fn a_value_of_a_json_body_decides() {
    isolated(|| {
        let lan = Lan::new();
        let server = Server::http(&lan.client, at(8080), Answer::Http("200 OK", r#"{"ready": true}"#));
        let guarded = Guarded::native(&lan, "http http://10.0.0.9:8080/status\njson .ready true");
        guarded.fails_when(|| server.answers(Answer::Http("200 OK", r#"{"ready": false}"#)));
        guarded.recovers_when(|| server.answers(Answer::Http("200 OK", r#"{"ready": true}"#)));
    });
}

#[test]
fn an_https_check_wants_a_certificate_that_it_trusts() {
    isolated(|| {
        let lan = Lan::new();
        let (server, certificate) = Server::https(&lan.client, at(8443), PONG);
        lan.a.write("/tmp/ca.pem", &certificate);
        let body = "https https://10.0.0.9:8443/\nca_file /tmp/ca.pem\nbody_equals pong";
        // A handshake on a busy machine takes its time.
        let block = format!("check c {{\n{body}\ninterval 0.5\n}}");
        let guarded = Guarded::new(&lan, &block, "track_check");
        guarded.fails_when(|| server.answers(Answer::Http("500 Internal Server Error", "pong")));
        guarded.recovers_when(|| server.answers(PONG));
        let (_other, unknown) = Server::https(&lan.client, at(9443), PONG);
        assert_ne!(unknown, certificate);
        guarded.fails_when(|| guarded.vrrpd.reload(&super::config(&block.replace(":8443", ":9443"), "track_check")));
    });
}

#[test]
fn a_tcp_check_follows_whoever_listens() {
    isolated(|| {
        let lan = Lan::new();
        let listener = listen(&lan.client, at(5432));
        let guarded = Guarded::native(&lan, "tcp 10.0.0.9:5432");
        guarded.fails_when(|| drop(listener));
        let mut listener = None;
        guarded.recovers_when(|| listener = Some(listen(&lan.client, at(5432))));
        drop(listener);
    });
}

#[test]
fn a_gateway_on_the_link_is_asked_by_arp() {
    isolated(|| {
        let lan = Lan::new();
        let capture = lan.client.host.capture("eth0").unwrap();
        let guarded = Guarded::native(&lan, "gateway 10.0.0.9");
        let asks = |arp: vrrp_lab::Arp| arp.sender_mac == lan.a.mac && arp.target_ip == Ipv4Addr::new(10, 0, 0, 9);
        assert!(capture.frames().iter().any(|frame| frame.arp().is_some_and(asks)));
        guarded.fails_when(|| lan.segment.cut(&lan.client.host, &lan.a.host).unwrap());
        guarded.recovers_when(|| lan.segment.heal_all().unwrap());
    });
}

#[test]
fn a_gateway_of_ipv6_on_the_link_is_asked_by_a_neighbor_solicitation() {
    isolated(|| {
        let lan = Lan::new();
        let guarded = Guarded::native(&lan, "gateway 2001:db8::9");
        guarded.fails_when(|| lan.segment.cut(&lan.client.host, &lan.a.host).unwrap());
        guarded.recovers_when(|| lan.segment.heal_all().unwrap());
    });
}

#[test]
fn witnesses_beyond_a_router_are_asked_by_icmp_and_counted() {
    isolated(|| {
        let lan = Lan::new();
        let far = lan.lab.bridge("lan1").unwrap();
        let router = lan.lab.router("router").unwrap();
        router.attach(&lan.segment, "eth0", &["10.0.0.254/24"]).unwrap();
        router.attach(&far, "eth1", &["10.1.0.254/24"]).unwrap();
        let witness = |name: &str, last: u8| {
            let host = lan.lab.host(name).unwrap();
            let mac = host.attach(&far, "eth0", &[&format!("10.1.0.{last}/24")]).unwrap();
            let witness = Node { host, mac };
            witness.run("ip route add default via 10.1.0.254");
            witness
        };
        let [one, two, _three] = [("one", 1), ("two", 2), ("three", 3)].map(|(name, last)| witness(name, last));
        lan.a.run("ip route add 10.1.0.0/24 via 10.0.0.254");
        let guarded = Guarded::native(&lan, "gateway 10.1.0.1 10.1.0.2 10.1.0.3\nquorum 2");
        let mark = guarded.vrrpd.mark();
        far.port_down(&one.host).unwrap();
        // Two of three are enough, however often they are asked: only with the second is there news.
        guarded.fails_when(|| far.port_down(&two.host).unwrap());
        assert_eq!(guarded.vrrpd.moves_since(mark).len(), 1);
        guarded.recovers_when(|| far.port_up(&one.host).unwrap());
    });
}

#[test]
fn a_dns_check_follows_the_answer() {
    isolated(|| {
        let lan = Lan::new();
        let right = Answer::Address(Ipv4Addr::new(10, 9, 9, 9));
        let server = Server::dns(&lan.client, at(53), right);
        let guarded = Guarded::native(&lan, "dns 10.0.0.9 model.example A\nexpect 10.9.9.9");
        for wrong in [Answer::Address(Ipv4Addr::new(10, 9, 9, 8)), Answer::NoSuchName, Answer::Silence] {
            guarded.fails_when(|| server.answers(wrong));
            guarded.recovers_when(|| server.answers(right));
        }
    });
}
