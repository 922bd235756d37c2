//! Hosts on a LAN reach each other, until something is in the way.

use std::process::Command;
use std::time::Duration;

use vrrp_lab::{Host, Lab, Segment, Signal, isolated};

const SOON: Duration = Duration::from_secs(10);

fn pair(lab: &Lab) -> (Segment, Host, Host) {
    let lan = lab.bridge("lan0").expect("a bridge");
    let [one, two] = ["one", "two"].map(|name| lab.host(name).expect("a host"));
    one.attach(&lan, "eth0", &["10.0.0.1/24", "2001:db8::1/64"])
        .expect("a link");
    two.attach(&lan, "eth0", &["10.0.0.2/24", "2001:db8::2/64"])
        .expect("a link");
    (lan, one, two)
}

#[test]
fn a_host_has_its_addresses_at_once_and_loses_the_ipv6_ones_with_its_link() {
    isolated(|| {
        let lab = Lab::new().unwrap();
        let (_lan, one, _two) = pair(&lab);
        let addresses = one.addresses("eth0").unwrap();
        let ips: Vec<_> = addresses
            .iter()
            .map(|address| format!("{}/{}", address.ip, address.prefix_len))
            .collect();
        assert_eq!(
            ips,
            ["10.0.0.1/24", "2001:db8::1/64", "fe80::56:52ff:fe00:101/64"]
        );
        assert!(
            addresses.iter().all(|address| !address.is_tentative()),
            "{addresses:?}"
        );
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
        command.args([
            "-c",
            "echo mine > /run/name; ls /sys/class/net; echo ready >&2; exec sleep 1000",
        ]);
        let daemon = one.spawn(command).unwrap();
        daemon.wait_for_log("ready", SOON).unwrap();
        assert!(daemon.log().contains("eth0"));
        assert_eq!(one.run(&["cat", "/run/name"]).unwrap().stdout, "mine\n");
        assert!(two.run(&["cat", "/run/name"]).is_err());
        assert!(daemon.is_running());
        daemon.signal(Signal::SIGTERM).unwrap();
        let status = daemon.exit_status(SOON).unwrap();
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&status),
            Some(15)
        );
        assert!(daemon.signal(Signal::SIGTERM).is_err());
        let missing = daemon.wait_for_log("never", SOON).unwrap_err().to_string();
        assert!(
            missing.contains("has ended") && missing.contains("ready"),
            "{missing}"
        );
    });
}
