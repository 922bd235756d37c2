use core::net::IpAddr;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Family, Histogram, Moment, Seconds, State, Verdict};

/// How one virtual router stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RouterStatus {
    /// Its label.
    pub name: String,
    /// The interface that the protocol runs on.
    pub interface: String,
    /// The Virtual Router Identifier.
    pub vrid: u8,
    /// The address family of the protocol.
    pub family: Family,
    /// The version of VRRP, 2 or 3.
    pub version: u8,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Moment,
    /// Whether it is Active and handing over.
    #[serde(default)]
    pub leaving: bool,
    /// Its priority.
    pub priority: PriorityStatus,
    /// Whether it preempts (RFC 9568 §6.1 `Preempt_Mode`).
    pub preempt: bool,
    /// From now until a `preempt_delay` that it waits out is over.
    #[serde(default)]
    pub preempts_in: Option<Seconds>,
    /// Whether it takes over from a router that has fallen sick, even where it preempts no healthy one (`failback`).
    #[serde(default)]
    pub preempts_degraded: bool,
    /// Whether it gives up, and preempts nobody, while a check that moves its priority fails (`on_degraded resign`).
    #[serde(default)]
    pub resigns_degraded: bool,
    /// `Advertisement_Interval`.
    pub advertisement_interval: Seconds,
    /// `Active_Down_Interval` as it is now.
    pub active_down_interval: Seconds,
    /// The address that its advertisements come from.
    pub source: Option<IpAddr>,
    /// Where its advertisements go: the multicast group, or the unicast peers.
    pub destinations: Vec<IpAddr>,
    /// Its sync group.
    pub group: Option<String>,
    /// Whether a check that moves its priority is failing.
    pub degraded: bool,
    /// Set while it is drained, or is to be.
    pub drain: Option<DrainStatus>,
    /// Set while it was told to take over.
    pub takeover: Option<TakeoverStatus>,
    /// Why it may not serve; empty when it is eligible.
    pub causes: Vec<Remark>,
    /// What is odd.
    pub conditions: Vec<Remark>,
    /// The Active router, where it is another one and was heard.
    pub active_router: Option<HeardStatus>,
    /// The addresses that it moves.
    pub addresses: Vec<AddressStatus>,
    /// The checks that it tracks or requires.
    #[serde(default)]
    pub tracks: Vec<TrackStatus>,
    /// The last transition, with its evidence.
    pub transition: Option<Transition>,
    /// What it has counted since it was made.
    pub counters: RouterCounters,
    /// The last packet of each kind that was discarded.
    #[serde(default)]
    pub discards: Vec<DiscardStatus>,
    /// Who advertises other addresses than ours, and which.
    #[serde(default)]
    pub other_lists: Vec<OtherList>,
    /// The last advertisements heard, the oldest first.
    pub recent: Vec<Arrival>,
    /// Who advertises this virtual router, or did; a bounded number of them.
    pub peers: Vec<PeerStatus>,
    /// The next timer.
    pub timer: Option<TimerStatus>,
    /// Time between two advertisements of the followed router, in parts of the interval that it announces: 1 is in time.
    #[serde(default)]
    pub inter_arrival: Histogram,
}

/// The priorities of a virtual router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityStatus {
    /// As configured.
    pub base: u8,
    /// What is advertised: with the weights of checks, the sync group's least, and a takeover.
    pub effective: u8,
}

/// Something that is the case: a word for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// The word, without its evidence.
    pub token: String,
    /// The sentence, with it.
    pub words: String,
    /// The interface, check or virtual router that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The other router that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<IpAddr>,
    /// When it ends by itself, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// Packets for a virtual router that were discarded for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiscardStatus {
    /// The reason as a word, the key of [`RouterCounters::rejected`].
    pub reason: String,
    /// The reason of the last one, with its evidence.
    pub words: String,
    /// Who sent the last one.
    pub source: IpAddr,
    /// When the last one arrived.
    pub at: Moment,
    /// How many there were.
    pub times: u64,
}

/// The addresses that another router advertises for this virtual router, where they are not ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherList {
    /// Who advertises.
    pub source: IpAddr,
    /// What.
    pub addresses: Vec<IpAddr>,
}

/// A virtual router that is out of service because somebody asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DrainStatus {
    /// Since when.
    pub since: Moment,
    /// When it ends by itself; `None` if it does not.
    pub until: Option<Moment>,
    /// Whether it still serves: nobody took over.
    pub serving: bool,
}

/// A virtual router that was told to take over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TakeoverStatus {
    /// The priority that it advertises at least.
    pub priority: u8,
    /// When it ends by itself; `None` if it does not.
    pub until: Option<Moment>,
}

/// Another router, as last heard.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeardStatus {
    /// Its address.
    pub address: IpAddr,
    /// Its priority.
    pub priority: u8,
    /// When its last advertisement arrived.
    pub last_heard: Moment,
}

/// One address of a virtual router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressStatus {
    /// With its prefix length: `192.0.2.10/24`.
    pub address: String,
    /// The link that it belongs on.
    pub link: String,
    /// Whether this host holds it. On an Active router it should, on any other it should not.
    pub present: bool,
    /// Whether it is advertised (`virtual_ipaddress`), and not only moved (`virtual_ipaddress_excluded`).
    pub advertised: bool,
}

/// A check that a virtual router tracks or requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackStatus {
    /// Its name.
    pub check: String,
    /// What it says.
    pub verdict: Verdict,
    /// How much a failure moves the priority; `None` where it makes the router ineligible, or is only required.
    pub weight: Option<i32>,
    /// Whether the router claims nothing without it (`claim_requires`).
    #[serde(default)]
    pub required: bool,
}

/// A move from one state to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// When.
    pub at: Moment,
    /// The state left.
    pub from: State,
    /// The state entered.
    pub to: State,
    /// Why.
    pub cause: Remark,
    /// The effective priority then.
    pub priority: u8,
    /// The last advertisements that had been heard then, the oldest first.
    pub heard: Vec<Arrival>,
    /// How late the engine was.
    pub engine_late: Seconds,
}

/// One advertisement that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// When, by the kernel's stamp.
    pub at: Moment,
    /// Who sent it.
    pub source: IpAddr,
    /// The priority it carried.
    pub priority: u8,
}

/// Another router that advertises, or did, a virtual router of ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeerStatus {
    /// Its address.
    pub address: IpAddr,
    /// Its last priority.
    pub priority: u8,
    /// Its interval.
    pub interval: Seconds,
    /// When its last advertisement arrived.
    pub last_heard: Moment,
    /// Advertisements heard from it.
    pub received: u64,
    /// Advertisements that are missing between those that were heard.
    pub missed: u64,
}

/// The timer that fires next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimerStatus {
    /// Its name: `active_down`, `adver`, `announce`, ...
    pub timer: String,
    /// From now until it fires.
    pub fires_in: Seconds,
}

/// What a virtual router has counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RouterCounters {
    /// Advertisements sent, priority 0 among them.
    pub advertised: u64,
    /// Advertisements that could not be sent.
    pub send_failed: u64,
    /// Advertisements received and accepted.
    pub received: u64,
    /// Packets discarded, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Priority 0 received.
    pub release_received: u64,
    /// Priority 0 sent.
    pub release_sent: u64,
    /// Times that it became Active.
    pub became_active: u64,
    /// Times that it ceased to be Active.
    pub ceased_active: u64,
    /// Transitions by their causes.
    pub transitions: BTreeMap<String, u64>,
    /// Times that all but one of the advertisements were missed that would have made it take over.
    pub near_misses: u64,
    /// Rounds of announcements.
    pub announced: u64,
}

impl RouterStatus {
    /// Whether somebody asked for it to be out of service, and it is.
    pub fn is_drained(&self) -> bool {
        self.drain.is_some_and(|drain| !drain.serving)
    }

    /// Where it stands, in both vocabularies; drained is a word of its own.
    pub fn standing(&self) -> String {
        if self.is_drained() {
            "Drained (FAULT)".to_owned()
        } else if self.leaving {
            "Active (MASTER), handing over".to_owned()
        } else {
            self.state.to_string()
        }
    }

    /// Whether another router claims the addresses that this one serves.
    pub fn is_contested(&self) -> bool {
        self.conditions.iter().any(|condition| condition.token == "contested" || condition.token == "two_owners")
    }
}
