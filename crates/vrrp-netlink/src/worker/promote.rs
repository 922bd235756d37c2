//! Removing an IPv4 primary without its secondaries.
//!
//! Without `promote_secondaries` the kernel drops with a primary every other address of its subnet,
//! whoever added it. The switch is set for as long as such a removal takes; where it cannot be set
//! (`/proc/sys` is read-only in many containers), what others lost is put back at once.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use netlink_packet_route::address::AddressMessage;

use crate::decode::address_key;
use crate::encode::Request;
use crate::key::Key;
use crate::plan::{Action, Step};
use crate::present::SECONDARY;
use crate::socket::BATCH;

use super::Worker;

/// What is to be undone after the removals.
#[derive(Debug, Default)]
pub(super) struct Spared {
    switches: Vec<PathBuf>,
    copies: Vec<AddressMessage>,
}

impl Worker {
    /// Prepares for removals that would take other addresses with them.
    pub(super) fn spare_secondaries(&mut self, steps: &[Step]) -> Spared {
        let endangered = self.endangered(steps);
        let mut spared = Spared::default();
        let mut unguarded = BTreeSet::new();
        for index in endangered.iter().map(|key| key.index).collect::<BTreeSet<_>>() {
            let Some(link) = self.links.name_of(index) else {
                continue;
            };
            let switch = PathBuf::from(format!("/proc/sys/net/ipv4/conf/{link}/promote_secondaries"));
            match switch_on(&switch) {
                Ok(true) => spared.switches.push(switch),
                Ok(false) => {}
                Err(error) => {
                    tracing::debug!(%link, %error, "cannot set promote_secondaries");
                    unguarded.insert(index);
                }
            }
        }
        let lost = |key: &Key| unguarded.contains(&key.index) && endangered.contains(key);
        if endangered.iter().any(|key| lost(key) && self.present.find(key).is_some_and(|found| !found.ours)) {
            match self.requests.list_whole() {
                Ok(whole) => spared.copies = whole,
                Err(error) => tracing::warn!(%error, "cannot list addresses"),
            }
            let foreign = |key: &Key| self.present.find(key).is_none_or(|found| !found.ours);
            spared.copies.retain(|copy| address_key(copy).is_some_and(|key| lost(&key) && foreign(&key)));
        }
        spared
    }

    /// Undoes the preparation.
    pub(super) fn restore_secondaries(&mut self, spared: &Spared) {
        for switch in &spared.switches {
            if let Err(error) = fs::write(switch, "0") {
                tracing::warn!(switch = %switch.display(), %error, "cannot reset");
            }
        }
        for copies in spared.copies.chunks(BATCH) {
            let requests: Vec<Request<'_>> = copies.iter().map(Request::Copy).collect();
            // What is still there says EEXIST.
            if let Err(error) = self.requests.apply(&requests) {
                tracing::warn!(%error, "cannot put back what the kernel dropped");
            }
        }
    }

    /// Finds the addresses in the subnets of the primaries that go, other than those that are to go too.
    fn endangered(&self, steps: &[Step]) -> BTreeSet<Key> {
        let removals = || steps.iter().filter(|step| step.action == Action::Remove).map(|step| step.key);
        let primary = |key: &Key| self.present.find(key).is_some_and(|found| !found.has(SECONDARY));
        let subnets: BTreeSet<_> = removals().filter(primary).filter_map(|key| key.subnet()).collect();
        if subnets.is_empty() {
            return BTreeSet::new();
        }
        let gone: BTreeSet<Key> = removals().collect();
        let there = self.present.iter().map(|(key, _)| *key);
        let stays = |key: &Key| {
            let ours = self.present.find(key).is_some_and(|found| found.ours);
            !gone.contains(key) && (!ours || self.wanted.claims(key, &self.links))
        };
        there.filter(|key| stays(key) && key.subnet().is_some_and(|subnet| subnets.contains(&subnet))).collect()
    }
}

/// Sets a switch; whether it was off.
fn switch_on(switch: &PathBuf) -> io::Result<bool> {
    let off = fs::read_to_string(switch)?.trim() == "0";
    if off {
        fs::write(switch, "1")?;
    }
    Ok(off)
}
