//! A LAN out of unprivileged network namespaces: hosts, bridges, cuts, captures, probes.
//!
//! A [`Lab`] is a switch namespace with one bridge per [`Segment`], and [`Host`]s on it, each with its
//! own network and mount namespace. Real daemons run on the hosts, with the kernel's own network stack
//! between them, and everything is measured where a client would feel it: [`Capture`] takes frames with
//! the kernel's receive time stamps, [`Probe`] pings an address every millisecond and says which MAC
//! address answered and for how long nobody did.
//!
//! No privilege is needed. [`isolated`] runs a test again in a child process inside new user, network,
//! mount and PID namespaces, and [`enter()`] does the same for a program. The namespaces have no names and
//! no files; they end with the process that made them, however it ends.
//!
//! What it is not: a simulator (time is real), a container runtime (hosts share the file system, except
//! `/run`, `/var/run` and `/tmp`), or a place to reach other networks from (there is no way out).
//!
//! ```no_run
//! # use core::time::Duration;
//! // The body of a #[test]:
//! vrrp_lab::isolated(|| {
//!     let lab = vrrp_lab::Lab::new().unwrap();
//!     let lan = lab.bridge("lan0").unwrap();
//!     let server = lab.host("server").unwrap();
//!     let client = lab.host("client").unwrap();
//!     server.attach(&lan, "eth0", &["10.0.0.1/24"]).unwrap();
//!     client.attach(&lan, "eth0", &["10.0.0.2/24"]).unwrap();
//!     let probe = client.probe(&vrrp_lab::ProbeConfig::new("eth0", [10, 0, 0, 1])).unwrap();
//!     probe.wait_for_replies(100, Duration::from_secs(5)).unwrap();
//!     assert!(probe.stop().outages.is_empty());
//! });
//! ```
//!
//! Next: [`Daemon`] for programs on a host, [`Segment`] for what can go wrong on the LAN.

mod addresses;
mod capture;
mod carrier;
mod daemon;
mod enter;
mod error;
mod flood;
mod forbidden;
mod frame;
mod host;
mod inside;
mod isolation;
mod lab;
mod links;
mod log;
mod monitor;
mod netns;
mod pace;
mod packet_socket;
mod pcap;
mod probe;
mod report;
mod rtnl;
mod segment;
mod stamp;
mod sys;
mod watch;

pub use addresses::Address;
pub use capture::{Capture, CaptureConfig};
pub use daemon::Daemon;
pub use enter::{Entered, enter, enter_with, is_real_root};
pub use error::{DaemonError, EnterError, LabError, RunError};
pub use flood::Flood;
pub use forbidden::{Forbidden, Setting, forbidden};
pub use frame::{Arp, EchoReply, Frame, NeighborAdvertisement, Vrrp};
pub use host::{Host, Mac, Output};
pub use inside::is_inside;
pub use isolation::{Isolation, Privilege, isolated};
pub use lab::Lab;
pub use log::Log;
pub use nix::sys::signal::Signal;
pub use probe::{Probe, ProbeConfig};
pub use report::{Answerer, Outage, ProbeReport, Sample};
pub use segment::Segment;
pub use stamp::Stamp;
pub use watch::{AddressChange, AddressWatch};
