use core::hash::{Hash, Hasher};
use std::collections::hash_map::DefaultHasher;

use vrrp_core::Instant;
use vrrp_wire::Priority;

use crate::host::Host;
use crate::lan::{Faults, Lan};
use crate::print::{Age, LONG_AGO};

/// The LAN at one moment.
#[derive(Debug, Clone)]
pub struct State {
    /// What time it is.
    pub now: Instant,
    /// The routers.
    pub hosts: Vec<Host>,
    /// What is under way.
    pub wire: Vec<Frame>,
    /// What may still go wrong.
    pub left: Faults,
    /// When something last went wrong, or was mended.
    pub disturbed: Instant,
    /// Since when two have been Active.
    pub dual: Option<Instant>,
    /// Since when nobody has served though somebody could.
    pub unserved: Option<Instant>,
    /// What a router did that it may not, whatever the others do.
    pub broken: Option<&'static str>,
}

/// An advertisement under way to one router.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frame {
    /// The index of the router it is for.
    pub to: usize,
    /// The index of its sender.
    pub from: usize,
    /// For which of the virtual routers.
    pub place: usize,
    /// When it was sent.
    pub sent: Instant,
    /// What it says.
    pub priority: Priority,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl State {
    /// The moment by which something that is under way has to be done.
    pub(crate) fn due(&self, lan: &Lan) -> Option<Instant> {
        let frames = self.wire.iter().map(|frame| frame.sent);
        let kernels = self.hosts.iter().filter_map(Host::oldest_order);
        frames.chain(kernels).min().map(|begun| begun + lan.slowest)
    }

    /// The first timer of any router.
    pub(crate) fn first_timer(&self) -> Option<Instant> {
        self.hosts.iter().filter_map(Host::timer).min()
    }

    /// Where everybody stands, and what is under way, in a line.
    pub fn brief(&self) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(Host::brief).collect();
        let frames = self.wire.iter().map(|frame| format!("r{}>r{} {}", frame.from, frame.to, frame.priority.get()));
        format!("{} [{}]", hosts.join(" "), frames.collect::<Vec<_>>().join(", "))
    }

    /// Something went wrong, or was mended: what is bounded is bounded from here.
    pub(crate) const fn disturb(&mut self) {
        self.disturbed = self.now;
    }

    /// Takes note of what is the case now.
    pub(crate) fn look(&mut self) {
        self.wire.sort_unstable();
        let active = self.hosts.iter().filter(|host| host.is_active()).count();
        self.dual = if active > 1 { self.dual.or(Some(self.now)) } else { None };
        let served = self.hosts.iter().any(Host::serves);
        let could = self.hosts.iter().any(Host::is_eligible);
        self.unserved = if could && !served { self.unserved.or(Some(self.now)) } else { None };
        for host in &mut self.hosts {
            host.print(self.now);
        }
    }
}

/// As the checker sees it: what time it is makes no difference.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let number = |state: &Self| {
            let mut to = DefaultHasher::new();
            state.hash(&mut to);
            to.finish()
        };
        number(self) == number(other)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, to: &mut H) {
        let age = |moment: Instant| Age::of(moment, self.now, LONG_AGO);
        for host in &self.hosts {
            host.hash_at(self.now, to);
        }
        for frame in &self.wire {
            (frame.to, frame.from, frame.place, frame.priority.get(), age(frame.sent)).hash(to);
        }
        (self.left, age(self.disturbed), self.dual.map(age), self.unserved.map(age), self.broken).hash(to);
    }
}
