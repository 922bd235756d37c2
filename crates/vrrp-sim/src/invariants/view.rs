use vrrp_core::Name;
use vrrp_wire::Priority;

use crate::lan::{STATIONS, Station, Ways, bit, stations};

/// What is the case at one moment, for one virtual router; sets of routers have one bit each.
///
/// A world fills it from what it simulates. Whoever observes a real LAN fills it from captures, address tables and what
/// was done to it, with the moments of its own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct View {
    /// Who runs our daemon, and is asked for all that only ours promises.
    pub ours: u16,
    /// Against whom nothing stands.
    pub fit: u16,
    /// Who is fit, and would claim or serves.
    pub eligible: u16,
    /// By whose link nothing has come in since it came up.
    pub unproven: u16,
    /// Who has a daemon that does not stand still.
    pub running: u16,
    /// Who is told to stop.
    pub stopping: u16,
    /// Who is drained, relieved or not.
    pub banished: u16,
    /// Who hands over, for whatever reason.
    pub leaving: u16,
    /// Who is in a sync group.
    pub grouped: u16,
    /// Of whose sync group a member stops or hands over.
    pub group_leaves: u16,
    /// The members of whose sync group are not all in one state.
    pub mixed: u16,
    /// Who serves on because nobody relieved it.
    pub unrelieved: u16,
    /// Whose ways differ among the segments of its sync group.
    pub lopsided: u16,
    /// Whether some routers have a sync group here and others have none.
    pub at_odds: bool,
    /// Without a daemon.
    pub dead: u16,
    /// Who is Active.
    pub active: u16,
    /// Who is a Backup.
    pub backup: u16,
    /// Whose kernel has the address.
    pub holding: u16,
    /// Whose kernel has other addresses than are configured, while it is Active and hands nothing over.
    pub incomplete: u16,
    /// Who never preempts.
    pub defers: u16,
    /// Of these, who takes over from one all the same whose priority has fallen while it was Active.
    pub relieves: u16,
    /// Whom an operator has take over.
    pub urged: u16,
    /// Of whom a check fails for which it hands over: it preempts nobody.
    pub unwell: u16,
    /// Who is Active, hands nothing over, and was not left unrelieved.
    pub serves_on: u16,
    /// Whose effective priority is not what its configuration, its checks, its sync group and an operator make of it.
    pub mispriced: u16,
    /// Who preempts nobody for a while after it has preempted and fallen again and again.
    pub damps: u16,
    /// Who takes the addresses from a living router of lower priority.
    pub preempts: u16,
    /// The effective priority of each router that has a daemon.
    pub priority: [Option<Priority>; STATIONS],
    /// Who takes the advertisements of each router, and the frames of the client.
    pub heard_by: Ways,
    /// Which ways lose nothing by chance.
    pub clean: Ways,
    /// On which no frame overtakes another.
    pub in_order: Ways,
    /// The station of the client.
    pub client: Station,
    /// The router that the client takes for the one with the address.
    pub cached: Option<u8>,
}

impl View {
    /// The stations that `station` hears.
    pub(super) fn hears(&self, station: Station) -> u16 {
        (0..16)
            .zip(self.heard_by)
            .filter(|(_, heard)| heard & bit(station) != 0)
            .fold(0, |set, (from, _)| set | bit(from))
    }

    /// Whether some of what a router hears is lost by chance.
    pub(super) fn is_noisy(&self, router: Station) -> bool {
        let (heard, _, surely, _) = self.ways(router);
        heard != surely
    }

    /// Whom a router hears and who hears it, and of these those that lose nothing by chance.
    pub(crate) fn ways(&self, router: Station) -> (u16, u16, u16, u16) {
        let others = !bit(self.client);
        let reach = |from: &Station| self.reaches(*from, router);
        let surely = stations(self.hears(router) & others).filter(reach).fold(0, |set, from| set | bit(from));
        let reached = stations(self.heard_by(router) & others).filter(|to| self.reaches(router, *to));
        let to = reached.fold(0, |set, to| set | bit(to));
        (self.hears(router) & others, self.heard_by(router) & others, surely, to)
    }

    pub(super) fn heard_by(&self, station: Station) -> u16 {
        self.heard_by.get(usize::from(station)).copied().unwrap_or(0)
    }

    /// Whether all that `from` says reaches `to`.
    pub(super) fn reaches(&self, from: Station, to: Station) -> bool {
        let clean = self.clean.get(usize::from(from)).copied().unwrap_or(0);
        self.heard_by(from) & clean & bit(to) != 0
    }

    pub(super) fn joined(&self, a: Station, b: Station) -> bool {
        self.reaches(a, b) && self.reaches(b, a)
    }

    pub(super) const fn state(&self, router: Station) -> Name {
        if self.active & bit(router) != 0 {
            Name::Active
        } else if self.backup & bit(router) != 0 {
            Name::Backup
        } else {
            Name::Initialize
        }
    }

    pub(super) fn priority(&self, router: Station) -> Option<Priority> {
        self.priority.get(usize::from(router)).copied().flatten()
    }

    /// The parts, and whether the client is joined to each of their members.
    pub(super) fn parts(&self) -> Vec<(u16, bool)> {
        let mut parts = Vec::new();
        for router in stations(self.eligible) {
            let near = (self.hears(router) | self.heard_by(router)) & self.eligible | bit(router);
            let whole = stations(near).all(|a| {
                let apart = (self.hears(a) | self.heard_by(a)) & self.eligible & !near;
                apart == 0 && stations(near).all(|b| a == b || self.joined(a, b))
            });
            let has_client = stations(near).all(|member| self.joined(member, self.client));
            if whole && near & self.lopsided == 0 && !parts.contains(&(near, has_client)) {
                parts.push((near, has_client));
            }
        }
        parts
    }
}
