//! The examples, as programs on hosts of a LAN.
#![expect(clippy::unwrap_used, reason = "this is how a test fails")]

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use vrrp::socket::{Channel, ChannelOptions, Hears, Transmit, VridSet};
use vrrp::{Coverage, Family};
use vrrp_lab::{Daemon, Host, Lab, Segment, Signal, isolated};
use vrrp_wire::{Addresses, AdverInterval, Advertisement, Authentication, IpPair, Priority, Version, Vrid};

const SOON: Duration = Duration::from_secs(15);
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 100);

struct Lan {
    one: Host,
    two: Host,
    client: Host,
    segment: Segment,
    _lab: Lab,
}

fn lan() -> Lan {
    let lab = Lab::new().unwrap();
    let segment = lab.bridge("lan0").unwrap();
    let [one, two, client] = ["one", "two", "client"].map(|name| lab.host(name).unwrap());
    for (host, address) in [(&one, "192.0.2.1/24"), (&two, "192.0.2.2/24"), (&client, "192.0.2.9/24")] {
        host.attach(&segment, "eth0", &[address]).unwrap();
    }
    Lan { one, two, client, segment, _lab: lab }
}

/// Starts an example: cargo builds it beside the tests, `cargo test --test` alone does not.
fn example(host: &Host, name: &str, arguments: &[&str]) -> Daemon {
    let test = std::env::current_exe().unwrap();
    let target: PathBuf = test.ancestors().nth(2).unwrap().into();
    let program = target.join("examples").join(name);
    assert!(program.exists(), "{} is missing: cargo build -p vrrp --examples", program.display());
    let mut command = Command::new(program);
    command.args(arguments);
    host.spawn(command).unwrap()
}

/// What the gateway on the virtual address says.
fn ask(client: &Host) -> std::io::Result<String> {
    client
        .on(|| {
            let mut stream = TcpStream::connect_timeout(&SocketAddr::from((ADDRESS, 8080)), SOON)?;
            stream.set_read_timeout(Some(SOON))?;
            stream.write_all(b"GET / HTTP/1.1\r\nHost: gateway\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        })
        .unwrap()
}

fn assert_answered_by(client: &Host, priority: u8) {
    let answer = ask(client).unwrap();
    assert!(answer.ends_with(&format!("answered by the router of priority {priority}\n")), "{answer}");
}

#[test]
fn gateway_answers_on_the_virtual_address_wherever_it_is() {
    isolated(|| {
        let Lan { one, two, client, segment, .. } = &lan();
        let second = example(two, "gateway", &["eth0", "51", "192.0.2.100/24", "100"]);
        let first = example(one, "gateway", &["eth0", "51", "192.0.2.100/24", "200"]);
        first.wait_for_log("serving on 192.0.2.100:8080", SOON).unwrap();
        assert_answered_by(client, 200);
        assert!(!second.log().contains("serving on"), "{:?}", second.log());
        // The machine of the first one dies.
        segment.port_down(one).unwrap();
        first.kill().unwrap();
        second.wait_for_log("serving on 192.0.2.100:8080", SOON).unwrap();
        assert_answered_by(client, 100);
        // It returns and takes the address back: the second one lets its listener go.
        one.remove_address("eth0", "192.0.2.100/24").unwrap();
        segment.port_up(one).unwrap();
        let first = example(one, "gateway", &["eth0", "51", "192.0.2.100/24", "200"]);
        second.wait_for_log("no longer serving", SOON).unwrap();
        first.wait_for_log("serving on 192.0.2.100:8080", SOON).unwrap();
        assert_answered_by(client, 200);
        // A gateway that is stopped hands the address over.
        let mark = second.log_mark();
        first.signal(Signal::SIGTERM).unwrap();
        second.wait_for_log_since(mark, "serving on 192.0.2.100:8080", SOON).unwrap();
        assert!(first.exit_status(SOON).unwrap().success());
        assert_answered_by(client, 100);
    });
}

/// An advertisement of VRID 51 by 192.0.2.1.
fn message(version: Version, vrid: u8, coverage: Coverage) -> Vec<u8> {
    let advertisement = Advertisement {
        version,
        vrid: Vrid::new(vrid).unwrap(),
        priority: Priority::new(150),
        interval: AdverInterval::DEFAULT,
        addresses: Addresses::V4(&[[192, 0, 2, 100]]),
        authentication: Authentication::None,
    };
    let mut buffer = [0; 64];
    advertisement.encode(&from_one(), coverage, &mut buffer).unwrap().to_vec()
}

const fn from_one() -> IpPair {
    IpPair::multicast(core::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)))
}

fn channel(host: &Host) -> Channel {
    let index = host.on(|| nix::net::if_::if_nametoindex("eth0")).unwrap().unwrap();
    let hears = Hears::Except(VridSet::EMPTY);
    let options = ChannelOptions { index, family: Family::V4, hears, receive_buffer: None };
    host.on(|| Channel::open(&options)).unwrap().unwrap()
}

#[test]
fn observe_tells_valid_packets_and_what_is_wrong_with_the_others() {
    isolated(|| {
        let Lan { one, two, client, .. } = &lan();
        let anybody = example(two, "observe", &["eth0"]);
        let router = example(client, "observe", &["eth0", "51", "3", "192.0.2.100"]);
        let judges = [&anybody, &router];
        for judge in judges {
            judge.wait_for_log("listening on eth0", SOON).unwrap();
        }
        let sender = channel(one);
        let good = message(Version::V3, 51, Coverage::PseudoHeader);
        let mut wrong_sum = good.clone();
        wrong_sum[6] ^= 1;
        let without = message(Version::V3, 51, Coverage::Message);
        let (v2, foreign) = (message(Version::V2, 51, Coverage::Message), message(Version::V3, 7, Coverage::Message));
        let line = "VRRPv3 Advertisement vrid 51 prio 150 intvl 1s length 12 addrs 192.0.2.100";
        let valid = |how: &str| format!("{line}, checksum {how} pseudo-header; valid");
        let same = |verdict: String| [verdict.clone(), verdict];
        let v2_valid = "authtype none intvl 1s length 20 addrs 192.0.2.100, checksum right; valid";
        let cases: [(&[u8], u8, [String; 2]); 7] = [
            (&good, 255, same(valid("with"))),
            (&without, 255, same(valid("without"))),
            (&good, 64, same("ttl 64: VRRPv3 Advertisement".into())),
            (&wrong_sum, 255, same("12 bytes; INVALID: checksum 0x".into())),
            (&good[..5], 255, same("5 bytes; INVALID: truncated: 8 bytes needed, 5 received".into())),
            (&v2, 255, [v2_valid.into(), "INVALID: version 2 is not the configured one".into()]),
            (&foreign, 255, ["vrid 7 prio 150".into(), "INVALID: no such virtual router here".into()]),
        ];
        for (payload, hop_limit, verdicts) in cases {
            let marks = judges.map(Daemon::log_mark);
            sender.send(Transmit { ip: from_one(), hop_limit, payload }).unwrap();
            for ((judge, mark), verdict) in judges.iter().zip(marks).zip(&verdicts) {
                judge.wait_for_log_since(mark, verdict, SOON).unwrap();
            }
        }
        for judge in judges {
            assert!(judge.log().contains("INVALID: hop limit 64, at least 255 needed"), "{}", judge.log().tail(20));
            assert!(judge.log().contains("in 02:56:52:00:01:01 192.0.2.1 > 224.0.0.18 ttl 255"), "{:?}", judge.log());
        }
    });
}
