use std::collections::HashMap;

use vrrp_config::Model;
use vrrp_config::model::{Check, Router, Track};
use vrrp_control::{CheckStatus, RouterStatus, Status, Verdict};

/// What a file is made of: how everything stands, and what was configured.
pub(super) struct View<'a> {
    pub(super) status: &'a Status,
    pub(super) model: &'a Model,
}

/// Whoever tracks a check: its name, and how it weighs there.
pub(super) struct Tracker<'a> {
    pub(super) name: &'a str,
    pub(super) track: &'a Track,
}

impl<'a> View<'a> {
    /// The virtual routers in the order of the file, each as configured and as it stands. One whose block is wrong is
    /// left out, as keepalived leaves it out: there is too little to say of it.
    pub(super) fn routers(&self) -> impl Iterator<Item = (&'a Router, &'a RouterStatus)> {
        let by_name: HashMap<_, _> = self.status.routers.iter().map(|router| (router.name.as_str(), router)).collect();
        self.model.routers.iter().filter_map(move |router| Some((router, *by_name.get(router.name.as_str())?)))
    }

    /// The check of this name.
    pub(super) fn check(&self, name: &str) -> Option<&'a Check> {
        self.model.checks.iter().find(|check| check.name == name)
    }

    /// What a check says.
    pub(super) fn verdict(&self, name: &str) -> Verdict {
        let status = self.status.checks.iter().find(|check: &&CheckStatus| check.name == name);
        status.map_or(Verdict::Unknown, |check| check.verdict)
    }

    /// The routers and groups that track a check.
    pub(super) fn trackers(&self, check: &'a str) -> impl Iterator<Item = Tracker<'a>> {
        let routers = self.model.routers.iter().map(|router| (router.name.as_str(), &router.track));
        let groups = self.model.sync_groups.iter().map(|group| (group.name.as_str(), &group.track));
        routers.chain(groups).flat_map(move |(name, tracks)| {
            let here = tracks.iter().filter(move |track| track.check == check);
            here.map(move |track| Tracker { name, track })
        })
    }
}
