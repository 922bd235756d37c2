use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::Moment;

/// Something that happened, with its number. Numbers grow by one from 1 on, as long as the daemon runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// The virtual router that it is about; empty for what concerns the whole node.
    #[serde(default)]
    pub router: String,
    /// What it is: `moved`, `condition`, `check`, `near_miss`, ...
    pub event: String,
    /// Whether a person should look.
    #[serde(default)]
    pub warning: bool,
    /// In words.
    pub words: String,
    /// The state left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The state entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why, as a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The interface, check or virtual router that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Whether something began or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<bool>,
    /// The effective priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Another router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// An address of the virtual router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// How many there were of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// Events since a number: `GET /v1/events?since=N`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct EventPage {
    /// The number of the oldest event that is still kept; zero when there is none.
    pub first: u64,
    /// The number of the newest; ask for what is since it next time.
    pub last: u64,
    /// How many of those asked for are no longer kept.
    pub lost: u64,
    /// The events, the oldest first.
    pub events: Vec<Event>,
}
