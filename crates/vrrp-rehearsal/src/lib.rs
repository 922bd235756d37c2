//! What a set of VRRP configurations does when nodes, links and checks fail, found out before they do.
//!
//! What it is: the configurations of all nodes in, every failure one at a time and in pairs through the simulator
//! (`vrrp-sim`, which is the production state machine in virtual time), and out comes who serves each address, after how
//! long, and what is suspicious. What is simulated is what `vrrp` would run: the configurations become virtual routers by
//! [`vrrp::Node::routers_of`] and by nothing else.
//!
//! What it is not: a proof, or a test of hosts. It opens no socket and runs no script: a check fails when a rehearsal says so.
//!
//! ```
//! use vrrp_config::Options;
//! use vrrp_rehearsal::{Node, Rehearsal};
//!
//! let file = |priority: u8| {
//!     format!("vrrp_instance VI_1 {{ interface eth0\n virtual_router_id 51\n priority {priority}\n \
//!              virtual_ipaddress {{ 10.0.0.100/24 }}\n }}")
//! };
//! let nodes = [("node-a", 150), ("node-b", 100)]
//!     .map(|(name, priority)| Node::parse(name, &file(priority), &Options::default()));
//! let report = Rehearsal::default().run(&nodes)?;
//! assert!(!report.is_suspicious(), "{report}");
//! let death = report.outcomes.iter().find(|outcome| outcome.name == "node-a fails").expect("it is rehearsed");
//! assert_eq!(death.services[0].during, ["node-b"]);
//! # Ok::<(), vrrp_rehearsal::SiteError>(())
//! ```
//!
//! [`Rehearsal`] says what is done, [`Report`] is what came of it: [`Display`](core::fmt::Display) for people, serde for
//! programs, [`Report::svg`] as a picture. [`Replay`] holds event logs of a real pair against the simulation.
#![forbid(unsafe_code)]

mod error;
mod failure;
mod finding;
mod node;
mod outcome;
mod recording;
mod rehearsal;
mod remark;
mod replay;
mod report;
mod site;
mod svg;
mod text;
mod trial;

pub use error::{JoinError, SiteError};
pub use finding::{Finding, FindingKind, Place};
pub use node::Node;
pub use outcome::{Outcome, Served, Transition};
pub use rehearsal::Rehearsal;
pub use remark::Remark;
pub use replay::{Compared, Difference, Done, Log, Replay, ReplayError};
pub use report::{NodeSummary, Report, RouterSummary, SegmentSummary, ServiceSummary};
pub use site::{Join, NodeCheck, Segment, Service, Site, SiteCheck, SiteRouter};
pub use vrrp_sim::Make;
