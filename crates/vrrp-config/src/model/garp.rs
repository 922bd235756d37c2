use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::text;

/// When and how often addresses are announced, by gratuitous ARP or unsolicited Neighbor Advertisement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Garp {
    /// `garp_master_delay`: from the first burst to the second; zero is no second burst.
    #[serde(with = "text::duration")]
    pub master_delay: Duration,
    /// `garp_master_repeat`: announcements of each address in a burst, at least 1.
    pub master_repeat: u32,
    /// `garp_master_refresh`: between announcements while Active; zero is none.
    ///
    /// Deviates from keepalived: 30 s where the file says nothing, for peers that miss an announcement.
    #[serde(with = "text::duration")]
    pub master_refresh: Duration,
    /// `garp_master_refresh_repeat`: announcements of each address in a refresh, at least 1.
    pub master_refresh_repeat: u32,
    /// `garp_lower_prio_delay`: from the first to the second burst after a lower-priority advertisement.
    #[serde(with = "text::duration")]
    pub lower_prio_delay: Duration,
    /// `garp_lower_prio_repeat`: announcements of each address in such a burst; 0 is none.
    pub lower_prio_repeat: u32,
    /// `garp_extra_if`: the same on other interfaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_if: Option<GarpExtraInterfaces>,
}

/// `garp_extra_if [all] SECONDS`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GarpExtraInterfaces {
    /// On every interface that holds addresses, rather than on virtual MAC interfaces only.
    pub all: bool,
    /// Between announcements; zero switches the global setting off.
    #[serde(with = "text::duration")]
    pub interval: Duration,
}

impl Garp {
    /// The refresh of a file that says nothing.
    pub const DEFAULT_REFRESH: Duration = Duration::from_secs(30);
}

impl Default for Garp {
    fn default() -> Self {
        Self {
            master_delay: Duration::from_secs(5),
            master_repeat: 5,
            master_refresh: Self::DEFAULT_REFRESH,
            master_refresh_repeat: 1,
            lower_prio_delay: Duration::from_secs(5),
            lower_prio_repeat: 5,
            extra_if: None,
        }
    }
}
