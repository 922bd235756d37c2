use super::Place;
use crate::model::CheckProbe;

/// What kind of block gives a check, in the order of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Script,
    File,
    Process,
    Native,
    Link,
}

impl Kind {
    /// The kind that a keyword at the top level begins.
    pub(crate) fn of_block(keyword: &str) -> Option<Self> {
        match keyword {
            "vrrp_script" => Some(Self::Script),
            "track_file" | "vrrp_track_file" => Some(Self::File),
            "vrrp_track_process" => Some(Self::Process),
            "check" => Some(Self::Native),
            _ => None,
        }
    }

    /// The kind whose names a list holds.
    pub(crate) fn of_list(keyword: &str) -> Option<Self> {
        let kinds = [Self::Script, Self::File, Self::Process, Self::Native, Self::Link];
        kinds.into_iter().find(|kind| kind.list() == keyword)
    }

    /// The kind of a check of the model.
    pub(crate) const fn of(probe: &CheckProbe) -> Self {
        match probe {
            CheckProbe::Script(_) => Self::Script,
            CheckProbe::File(_) => Self::File,
            CheckProbe::Process(_) => Self::Process,
            CheckProbe::Http(_)
            | CheckProbe::Tcp(_)
            | CheckProbe::Gateway(_)
            | CheckProbe::Dns(_)
            | CheckProbe::Unit(_) => Self::Native,
            CheckProbe::Interface(_) => Self::Link,
        }
    }

    /// The keyword of its block; links have none.
    pub(crate) const fn block(self) -> &'static str {
        match self {
            Self::Script => "vrrp_script",
            Self::File => "track_file",
            Self::Process => "vrrp_track_process",
            Self::Native => "check",
            Self::Link => "interface",
        }
    }

    /// The keyword of the list that names it.
    pub(crate) const fn list(self) -> &'static str {
        match self {
            Self::Script => "track_script",
            Self::File => "track_file",
            Self::Process => "track_process",
            Self::Native => "track_check",
            Self::Link => "track_interface",
        }
    }

    /// The largest weight, of either sign.
    pub(crate) const fn most_weight(self) -> i64 {
        match self {
            Self::File | Self::Process => 254,
            Self::Script | Self::Native | Self::Link => 253,
        }
    }

    /// The place of its keywords.
    pub(crate) const fn place(self) -> Place {
        match self {
            Self::Script => Place::Script,
            Self::File => Place::TrackFile,
            Self::Process => Place::TrackProcess,
            Self::Native | Self::Link => Place::Check,
        }
    }
}
