use core::time::Duration;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use vrrp_lab::{Capture, CaptureConfig, Daemon, Host, Lab, Mac, Probe, ProbeConfig, Segment};

use super::error::DemoError;

/// The virtual address, out of a range for documentation (RFC 5737).
pub(crate) const ADDRESS: [u8; 4] = [192, 0, 2, 100];
/// The interface of every machine.
pub(crate) const INTERFACE: &str = "eth0";

const WITH_PREFIX: &str = "192.0.2.100/24";
const CONFIG: &str = "/tmp/keepalived.conf";
const RUNTIME_DIRECTORY: &str = "/run/vrrpd";

/// The LAN: a switch, two routers, a client that probes.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) routers: [Router; 2],
    pub(crate) probe: Probe,
    segment: Segment,
    _lab: Lab,
}

/// One of the two routers.
#[derive(Debug)]
pub(crate) struct Router {
    pub(crate) name: &'static str,
    pub(crate) priority: u8,
    pub(crate) mac: Mac,
    pub(crate) config: String,
    host: Host,
}

impl Stage {
    /// Makes the LAN, writes each router its file, and starts to probe an address that nobody has yet.
    pub(crate) fn set(interval: Duration) -> Result<Self, DemoError> {
        let lab = Lab::new()?;
        let segment = lab.bridge("lan")?;
        let first = Router::place(&lab, &segment, ("r1", "192.0.2.1/24"), 150, interval)?;
        let second = Router::place(&lab, &segment, ("r2", "192.0.2.2/24"), 100, interval)?;
        let client = lab.host("client")?;
        client.attach(&segment, INTERFACE, &["192.0.2.250/24"])?;
        let probe = client.probe(&ProbeConfig::new(INTERFACE, ADDRESS))?;
        Ok(Self { routers: [first, second], probe, segment, _lab: lab })
    }

    /// Takes a machine off the LAN and kills what runs on it: what the others see when its power fails.
    pub(crate) fn power_off(&self, router: &Router, daemon: &Daemon) -> Result<(), DemoError> {
        self.segment.port_down(&router.host)?;
        daemon.kill()?;
        Ok(())
    }

    /// Puts a machine that was off back on the LAN as a boot does: without the address, and without a memory of it.
    pub(crate) fn power_on(&self, router: &Router) -> Result<(), DemoError> {
        router.host.remove_address(INTERFACE, WITH_PREFIX)?;
        // It may not be there; what could not be removed would show as a router that resumes.
        let _ = router.host.on(|| fs::remove_dir_all(RUNTIME_DIRECTORY))?;
        self.segment.port_up(&router.host)?;
        Ok(())
    }
}

impl Router {
    fn place(
        lab: &Lab,
        segment: &Segment,
        (name, address): (&'static str, &str),
        priority: u8,
        interval: Duration,
    ) -> Result<Self, DemoError> {
        let host = lab.router(name)?;
        let mac = host.attach(segment, INTERFACE, &[address])?;
        let config = config(priority, interval);
        host.write_file(CONFIG, &config)?;
        Ok(Self { name, priority, mac, config, host })
    }

    /// Starts this very program as the router's daemon.
    pub(crate) fn start(&self) -> Result<Arc<Daemon>, DemoError> {
        let mut command = Command::new("/proc/self/exe");
        command.arg0("vrrpd").args(["run", "--config", CONFIG, "--runtime-dir", RUNTIME_DIRECTORY]);
        Ok(Arc::new(self.host.spawn(command)?))
    }

    /// Starts to keep the advertisements that reach this router.
    pub(crate) fn hear(&self) -> Result<Capture, DemoError> {
        let config = CaptureConfig::default().only(|frame| !frame.outgoing && frame.vrrp().is_some());
        Ok(self.host.capture_with(INTERFACE, config)?)
    }

    /// Removes the virtual address behind the daemon's back.
    pub(crate) fn remove_address(&self) -> Result<(), DemoError> {
        Ok(self.host.remove_address(INTERFACE, WITH_PREFIX)?)
    }
}

/// What keepalived would be given on such a machine.
fn config(priority: u8, interval: Duration) -> String {
    format!(
        "global_defs {{\n    vrrp_version 3\n}}\n\nvrrp_instance gateway {{\n    interface {INTERFACE}\n    \
         virtual_router_id 51\n    priority {priority}\n    advert_int {}\n    virtual_ipaddress {{\n        \
         {WITH_PREFIX}\n    }}\n}}\n",
        interval.as_secs_f64()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_shown_are_sound() {
        let path = std::env::temp_dir().join(format!("vrrpd-demo-{}.conf", std::process::id()));
        fs::write(&path, config(150, Duration::from_millis(250))).unwrap();
        let loaded = vrrp_config::load(&path, &vrrp_config::Options::default());
        fs::remove_file(&path).unwrap();
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        assert_eq!(loaded.model.routers.len(), 1);
    }
}
