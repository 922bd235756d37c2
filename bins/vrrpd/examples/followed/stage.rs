//! Two routers with the same virtual routers, and a client.

use core::error::Error;
use core::time::Duration;
use std::process::Command;

use vrrp_lab::{Daemon, Host, Lab, Mac, Segment};

/// Beyond every deadline of the protocol.
pub(crate) const SOON: Duration = Duration::from_secs(60);
const CONFIG: &str = "/tmp/vrrp.conf";

/// The LAN.
pub(crate) struct Stage {
    pub(crate) a: Node,
    pub(crate) b: Node,
    pub(crate) client: Host,
    pub(crate) segment: Segment,
    _lab: Lab,
}

/// One router.
pub(crate) struct Node {
    pub(crate) host: Host,
    pub(crate) mac: Mac,
}

impl Stage {
    /// Two routers with so many virtual routers at this interval; `a` is to be the better one.
    pub(crate) fn set(routers: u8, interval: &str) -> Result<Self, Box<dyn Error>> {
        let lab = Lab::new()?;
        let segment = lab.bridge("lan0")?;
        let node = |name: &str, number: u8, priority: u8| -> Result<Node, Box<dyn Error>> {
            let host = lab.host(name)?;
            let mac = host.attach(&segment, "eth0", &[&format!("10.0.0.{number}/16")])?;
            let block = |vrid| block(vrid, priority, interval);
            host.write_file(CONFIG, (1..=routers).map(block).collect::<String>())?;
            Ok(Node { host, mac })
        };
        let (a, b) = (node("a", 1, 150)?, node("b", 2, 100)?);
        let client = lab.host("client")?;
        client.attach(&segment, "eth0", &["10.0.0.9/16"])?;
        Ok(Self { a, b, client, segment, _lab: lab })
    }
}

impl Node {
    /// Starts the daemon, and waits until it answers.
    pub(crate) fn start(&self) -> Result<Daemon, Box<dyn Error>> {
        // target/release/examples/followed
        let example = std::env::current_exe()?;
        let bins = example.ancestors().nth(2).ok_or("an example is two folders below the programs")?;
        let mut command = Command::new(bins.join("vrrpd"));
        command.args(["run", "--config", CONFIG]);
        let daemon = self.host.spawn(command)?;
        daemon.wait_for_log("Backup", SOON)?;
        Ok(daemon)
    }
}

fn block(vrid: u8, priority: u8, interval: &str) -> String {
    format!(
        "vrrp_instance V{vrid} {{\n  version 3\n  interface eth0\n  virtual_router_id {vrid}\n  priority {priority}\n  \
         advert_int {interval}\n  virtual_ipaddress {{\n    10.0.1.{vrid}/16\n  }}\n}}\n"
    )
}
