//! Hosts on a LAN reach each other, until something is in the way.

use core::time::Duration;
use std::process::Command;

use vrrp_lab::{Frame, Host, Lab, ProbeConfig, Segment, Signal, isolated};

const SOON: Duration = Duration::from_secs(10);

fn pair(lab: &Lab) -> (Segment, Host, Host) {
    let lan = lab.bridge("lan0").expect("a bridge");
    let [one, two] = ["one", "two"].map(|name| lab.host(name).expect("a host"));
    one.attach(&lan, "eth0", &["10.0.0.1/24", "2001:db8::1/64"]).expect("a link");
    two.attach(&lan, "eth0", &["10.0.0.2/24", "2001:db8::2/64"]).expect("a link");
    (lan, one, two)
}

#[test]
fn a_host_has_its_addresses_at_once_and_loses_the_ipv6_ones_with_its_link() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, _two) = pair(&lab);
        let addresses = one.addresses("eth0").unwrap();
        let ips: Vec<_> = addresses.iter().map(|address| format!("{}/{}", address.ip, address.prefix_len)).collect();
        assert_eq!(ips, ["10.0.0.1/24", "2001:db8::1/64", "fe80::56:52ff:fe00:101/64"]);
        assert!(addresses.iter().all(|address| !address.is_tentative()), "{addresses:?}");
        assert_eq!(addresses[0].broadcast, Some([10, 0, 0, 255].into()));
        one.link_down("eth0").unwrap();
        assert_eq!(one.addresses("eth0").unwrap().len(), 1);
        one.link_up("eth0").unwrap();
        assert_eq!(one.addresses("eth0").unwrap().len(), 3);
    });
}

#[test]
fn a_program_on_a_host_sees_its_own_network_and_its_own_run_directory() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, two) = pair(&lab);
        let mut command = Command::new("sh");
        command.args(["-c", "echo mine > /run/name; ls /sys/class/net; echo ready >&2; exec sleep 1000"]);
        let daemon = one.spawn(command).unwrap();
        daemon.wait_for_log("ready", SOON).unwrap();
        assert!(daemon.log().contains("eth0"));
        assert_eq!(one.run(&["cat", "/run/name"]).unwrap().stdout, "mine\n");
        assert!(two.run(&["cat", "/run/name"]).is_err());
        assert!(daemon.is_running());
        daemon.signal(Signal::SIGTERM).unwrap();
        let status = daemon.exit_status(SOON).unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
        assert!(daemon.signal(Signal::SIGTERM).is_err());
        let missing = daemon.wait_for_log("never", SOON).unwrap_err().to_string();
        assert!(missing.contains("has ended") && missing.contains("ready"), "{missing}");
    });
}

#[test]
fn a_killed_program_takes_its_children_along() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let host = lab.host("h1").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo child $!; wait"]);
        let daemon = host.spawn(command).unwrap();
        daemon.wait_for_log("child", SOON).unwrap();
        let child = daemon.log().tail(1).replace("child ", "");
        let stat = format!("/proc/{child}/stat");
        assert!(host.read_file(&stat).is_ok());
        // The leader alone first: the group must be found all the same.
        daemon.signal(Signal::SIGKILL).unwrap();
        daemon.exit_status(SOON).unwrap();
        assert!(host.read_file(&stat).is_ok());
        daemon.kill().unwrap();
        assert!(host.read_file(&stat).is_err());
    });
}

#[test]
fn an_interface_can_be_removed_and_made_anew() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        for _ in 0..5 {
            one.detach("eth0").unwrap();
            assert!(one.addresses("eth0").is_err());
            one.attach(&lan, "eth0", &["10.0.0.1/24"]).unwrap();
        }
        assert!(reaches(&two, [10, 0, 0, 1]));
        lan.port_down(&one).unwrap();
        assert!(!reaches_soon(&two, [10, 0, 0, 1]));
    });
}

/// Says whether echo requests are answered; ARP may have to ask a second time, a second later.
fn reaches(from: &Host, to: [u8; 4]) -> bool {
    answers(from, to, SOON)
}

/// Says whether an echo request is answered within a fifth of a second.
fn reaches_soon(from: &Host, to: [u8; 4]) -> bool {
    answers(from, to, Duration::from_millis(200))
}

fn answers(from: &Host, to: [u8; 4], deadline: Duration) -> bool {
    let probe = from.probe(&ProbeConfig::new("eth0", to)).expect("a probe");
    probe.wait_for_replies(3, deadline).is_ok()
}

#[test]
fn hosts_on_a_segment_reach_each_other_until_a_port_goes_down() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        assert!(reaches(&one, [10, 0, 0, 2]));
        lan.port_down(&two).unwrap();
        assert!(!reaches_soon(&one, [10, 0, 0, 2]));
        lan.port_up(&two).unwrap();
        assert!(reaches(&one, [10, 0, 0, 2]));
    });
}

#[test]
fn a_cut_drops_one_direction_only_and_heals() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        let (at_one, at_two) = (one.capture("eth0").unwrap(), two.capture("eth0").unwrap());
        let cross = |marker: u8| {
            for (host, mac) in [(&one, 1), (&two, 2)] {
                host.inject("eth0", &frame(mac, marker)).unwrap();
            }
        };
        lan.cut(&one, &two).unwrap();
        cross(1);
        at_one.wait_for(|frame| arrived(frame, 1), SOON).unwrap();
        lan.heal(&one, &two).unwrap();
        cross(2);
        at_two.wait_for(|frame| arrived(frame, 2), SOON).unwrap();
        let cut = at_two.frames().iter().filter(|frame| arrived(frame, 1)).count();
        assert_eq!(cut, 0, "the frame sent during the cut came through");
    });
}

#[test]
fn a_loss_drops_its_share_of_frames() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        lan.lose(&one, &two, 0.25).unwrap();
        let at_two = two.capture("eth0").unwrap();
        let flood = one.flood("eth0", vec![frame(1, 3)], 20_000, Duration::from_millis(200)).unwrap();
        assert_eq!(flood.finish().unwrap(), 4000);
        lan.heal_all().unwrap();
        one.inject("eth0", &frame(1, 4)).unwrap();
        at_two.wait_for(|frame| arrived(frame, 4), SOON).unwrap();
        let came = at_two.frames().iter().filter(|frame| arrived(frame, 3)).count();
        assert!((2800..3200).contains(&came), "{came} of 4000 came");
    });
}

#[test]
fn a_partition_holds_both_ways_and_carriers_stay() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (lan, one, two) = pair(&lab);
        lan.partition(&[&one], &[&two]).unwrap();
        assert!(!reaches_soon(&one, [10, 0, 0, 2]));
        assert!(!reaches_soon(&two, [10, 0, 0, 1]));
        assert_eq!(one.run(&["cat", "/sys/class/net/eth0/carrier"]).unwrap().stdout, "1\n");
        lan.heal_all().unwrap();
        assert!(reaches(&one, [10, 0, 0, 2]));
    });
}

/// Says whether this is a frame of [`frame`] with this marker, from another host.
fn arrived(frame: &Frame, marker: u8) -> bool {
    !frame.outgoing && frame.ethertype() == Some(0x88b5) && frame.bytes.last() == Some(&marker)
}

/// A broadcast frame of an EtherType for experiments, from host `mac`, with a marker as its last byte.
fn frame(mac: u8, marker: u8) -> Vec<u8> {
    let mut frame = vec![0xff; 6];
    frame.extend([0x02, 0x56, 0x52, 0, 1, mac, 0x88, 0xb5]);
    frame.resize(63, 0);
    frame.push(marker);
    frame
}
