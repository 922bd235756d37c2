use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CheckProbe, InterfaceProbe, text};

/// One health check: a `vrrp_script`, `track_file`, `vrrp_track_process`, `check`, or a link that `track_interface` names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name, unique among all kinds; `interface IF` for a link.
    pub name: String,
    /// What is looked at.
    pub probe: CheckProbe,
    /// `interval`: from start to start; files, processes, links and units are watched rather than asked.
    #[serde(with = "text::duration")]
    pub interval: Duration,
    /// `timeout`: the deadline of one run; unless the file says otherwise the interval, and of a native check at most 3 s
    /// of it.
    #[serde(with = "text::duration")]
    pub timeout: Duration,
    /// `rise`: successes in a row that make it up, at least 1.
    pub rise: u32,
    /// `fall`: failures in a row that make it down, at least 1.
    pub fall: u32,
    /// `weight`: what its state does to the priority of those that track it and say nothing else.
    pub weight: Weight,
    /// `init_fail`: down until `rise` successes, rather than up at the first.
    pub init_fail: bool,
}

/// `weight NUMBER [reverse]`
///
/// Of a file, the number in it is multiplied by the amount; -254 or less is then a fault.
/// Of everything else, a positive amount is added while up, and a negative one subtracted while down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// -253 to 253, of a file -254 to 254; 0 is unweighted: down makes the router ineligible.
    pub amount: i16,
    /// `reverse`: up and down change places.
    pub reverse: bool,
}

/// One check that a router or a group tracks, with the weight that counts there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// The name of a [`Check`] of the model.
    pub check: String,
    /// The entry's own weight, or the check's.
    pub weight: Weight,
}

impl Check {
    /// A check with the defaults of a block that says no more than what is looked at.
    pub const fn new(name: String, probe: CheckProbe) -> Self {
        let amount = if matches!(probe, CheckProbe::File(_)) { 1 } else { 0 };
        Self {
            name,
            probe,
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
            rise: 1,
            fall: 1,
            weight: Weight { amount, reverse: false },
            init_fail: false,
        }
    }
}

impl Check {
    /// The check of a link, as `track_interface` makes it: it is called `interface NAME`.
    pub fn link(interface: &str) -> Self {
        let probe = CheckProbe::Interface(InterfaceProbe { name: interface.to_owned() });
        Self::new(format!("{LINK}{interface}"), probe)
    }

    /// The link whose check is called so; no other check is.
    pub(crate) fn link_of(name: &str) -> Option<&str> {
        name.strip_prefix(LINK)
    }
}

/// What the names of the checks of links begin with.
const LINK: &str = "interface ";

impl Weight {
    /// No weight: down makes the router ineligible.
    pub const NONE: Self = Self { amount: 0, reverse: false };

    /// Whether it changes the priority rather than the eligibility.
    pub const fn is_weighted(self) -> bool {
        self.amount != 0
    }
}
