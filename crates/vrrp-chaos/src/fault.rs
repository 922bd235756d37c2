use core::fmt;
use core::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// One thing that is done to one router, or to the LAN before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The daemon and its children are killed (SIGKILL), and the daemon is started again later.
    Kill,
    /// The daemon is asked to stop (SIGTERM), and started again later.
    Terminate,
    /// The daemon and its children stand still (SIGSTOP) for a while.
    Freeze,
    /// The interface of the host is set down for a while.
    LinkDown,
    /// The switch takes the host's port down for a while: the host loses its carrier.
    PortDown,
    /// The host hears nothing of the other router for a while.
    Deaf,
    /// The other router hears nothing of the host for a while.
    Mute,
    /// The host is parted from all others for a while.
    Partition,
    /// Somebody removes the virtual address from the host.
    Theft,
    /// The daemon reads a configuration with another priority, and later the old one again.
    Reprioritise,
    /// The daemon reads its configuration again, and nothing in it has changed.
    Reload,
    /// A check that decides over the router fails for a while.
    Sick,
    /// Somebody floods the segment with ARP requests for a while.
    ArpFlood,
    /// Somebody floods the segment with advertisements of another virtual router and broken ones for a while.
    VrrpFlood,
}

impl Fault {
    /// Every kind of fault.
    pub const ALL: [Self; 14] = [
        Self::Kill,
        Self::Terminate,
        Self::Freeze,
        Self::LinkDown,
        Self::PortDown,
        Self::Deaf,
        Self::Mute,
        Self::Partition,
        Self::Theft,
        Self::Reprioritise,
        Self::Reload,
        Self::Sick,
        Self::ArpFlood,
        Self::VrrpFlood,
    ];

    /// The kinds that may come beside another, upon the other router.
    pub const BESIDE: [Self; 5] = [Self::Kill, Self::Freeze, Self::Theft, Self::ArpFlood, Self::VrrpFlood];

    /// Returns the name that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Terminate => "terminate",
            Self::Freeze => "freeze",
            Self::LinkDown => "link-down",
            Self::PortDown => "port-down",
            Self::Deaf => "deaf",
            Self::Mute => "mute",
            Self::Partition => "partition",
            Self::Theft => "theft",
            Self::Reprioritise => "reprioritise",
            Self::Reload => "reload",
            Self::Sick => "sick",
            Self::ArpFlood => "arp-flood",
            Self::VrrpFlood => "vrrp-flood",
        }
    }

    /// Chooses how long it lasts: some are over before the peer's patience ends, and some are not.
    pub(crate) fn lasts(self, rng: &mut Rng) -> Duration {
        let millis = match self {
            Self::Kill => 200..8_000,
            Self::Terminate | Self::LinkDown | Self::PortDown => 500..6_000,
            Self::Freeze => 1_000..5_000,
            Self::Deaf | Self::Mute | Self::Partition => 1_000..8_000,
            Self::Reprioritise | Self::Sick => 2_000..6_000,
            Self::ArpFlood | Self::VrrpFlood => 1_000..2_000,
            Self::Theft | Self::Reload => return Duration::ZERO,
        };
        Duration::from_millis(rng.u64(millis))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
