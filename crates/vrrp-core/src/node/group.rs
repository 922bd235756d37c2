//! Sync groups: one election identity, one eligibility, and members that move together (`vrrp_sync_group`).
//!
//! A member that moves pulls the others. Each pull is a deadline that is due at once, so that the whole group has moved
//! by the time [`Node::expire`] gives nothing more.

use alloc::vec::Vec;

use vrrp_wire::Priority;

use super::{Node, RouterId};
use crate::{Ineligible, Input, Instant, Name, Output, Outputs, Pull, State, VirtualRouter};

/// One sync group. Its first member decides ties for all: of two routers with equal priorities one may have the greater
/// IPv4 address and the other the greater IPv6 address.
#[derive(Debug)]
pub(super) struct Group {
    members: Vec<RouterId>,
    /// When the first member last heard an advertisement.
    leader_heard: Option<Instant>,
}

impl Group {
    /// One member fewer; the others keep their places.
    pub(super) fn forget(&mut self, id: RouterId) {
        self.members.retain(|member| *member != id);
    }
}

impl Node {
    /// Makes these the sync groups of the host, in place of those that there were; what follows from it is due at once.
    /// A router that is in two belongs to the first.
    pub fn group(&mut self, groups: impl IntoIterator<Item = Vec<RouterId>>) {
        let ungrouped: Vec<RouterId> = self.groups.drain(..).flat_map(|group| group.members).collect();
        for slot in self.slots.iter_mut().flatten() {
            slot.group = None;
        }
        for (index, mut members) in groups.into_iter().enumerate() {
            members.retain(|id| match self.slot_mut(*id) {
                Some(slot) if slot.group.is_none() => slot.group.replace(index).is_none(),
                Some(_) | None => false,
            });
            self.groups.push(Group { members, leader_heard: None });
            self.judge_group(index);
        }
        for id in ungrouped {
            if self.members(id).is_empty() {
                self.settle_group_cause(id, None);
                self.settle_ceiling(id, None);
                self.set_breaks_ties(id, true);
            }
        }
    }

    /// The members of the sync group that a router is in; none when it is in no group.
    pub fn members(&self, id: RouterId) -> &[RouterId] {
        let group = self.slot(id).and_then(|slot| slot.group).and_then(|group| self.groups.get(group));
        group.map_or(&[], |group| &group.members)
    }

    /// After a member worked: the others follow it, and what stands against one stands against all.
    pub(super) fn sync(&mut self, id: RouterId, group: usize, outputs: &Outputs) {
        for output in outputs.iter() {
            if let Output::Moved { from, to, .. } = output {
                self.follow(id, from, to);
            }
        }
        self.judge_group(group);
    }

    fn follow(&mut self, id: RouterId, from: Name, to: Name) {
        match (from, to) {
            (_, Name::Active) => {
                for other in self.others_that_are(Name::Backup, id) {
                    self.pull(other, Input::Group(Pull::To(Name::Active, id)));
                }
            }
            (Name::Active, Name::Backup) => {
                for other in self.others_that_are(Name::Active, id) {
                    self.pull(other, Input::Group(Pull::To(Name::Backup, id)));
                }
            }
            // One that joins a group that serves, serves with it.
            (Name::Initialize | Name::Backup, Name::Backup) => {
                if let Some(active) = self.others_that_are(Name::Active, id).first() {
                    self.pull(id, Input::Group(Pull::To(Name::Active, *active)));
                }
            }
            (_, Name::Initialize) => {}
        }
    }

    fn others_that_are(&self, state: Name, id: RouterId) -> Vec<RouterId> {
        let stands = |other: &RouterId| self.router(*other).is_some_and(|router| router.state().name() == state);
        self.members(id).iter().copied().filter(|other| *other != id && stands(other)).collect()
    }

    /// One eligibility and one priority: those of the member that has the worst.
    fn judge_group(&mut self, group: usize) {
        let Some(members) = self.groups.get(group).map(|group| group.members.clone()) else {
            return;
        };
        let unfit = |node: &Self, id: &RouterId| node.router(*id).is_some_and(has_cause_of_its_own);
        let own = |id: &RouterId| self.router(*id).filter(|router| !router.config().is_owner());
        let lowest = members.iter().filter_map(own).map(VirtualRouter::own_priority).min();
        for id in &members {
            let because = members.iter().find(|other| *other != id && unfit(self, other));
            self.settle_group_cause(*id, because.copied());
            self.settle_ceiling(*id, lowest);
        }
    }

    /// Sees to it that of the causes that are other members, a router has exactly this one.
    fn settle_group_cause(&mut self, id: RouterId, because: Option<RouterId>) {
        let Some(router) = self.router(id) else { return };
        let of_group = |cause: &&Ineligible| matches!(cause, Ineligible::Group(_));
        let held: Vec<Ineligible> = router.causes().iter().filter(of_group).copied().collect();
        let wanted = because.map(Ineligible::Group);
        if let Some(wanted) = wanted.filter(|wanted| !held.contains(wanted)) {
            self.pull(id, Input::Raise(wanted));
        }
        for over in held.into_iter().filter(|cause| Some(*cause) != wanted) {
            self.pull(id, Input::Clear(over));
        }
    }

    fn settle_ceiling(&mut self, id: RouterId, ceiling: Option<Priority>) {
        if self.router(id).is_some_and(|router| router.ceiling() != ceiling) {
            self.pull(id, Input::Group(Pull::Ceiling(ceiling)));
        }
    }

    /// Has a router take an input as soon as [`Node::expire`] is called.
    fn pull(&mut self, id: RouterId, input: Input) {
        if !self.pulls.contains(&(id, input)) {
            self.pulls.push_back((id, input));
        }
    }

    /// Before a member takes a packet: whether it decides a tie by itself. It does when the first member cannot.
    pub(super) fn settle_tie(&mut self, id: RouterId, now: Instant) {
        let Some(group) = self.slot(id).and_then(|slot| slot.group).and_then(|group| self.groups.get(group)) else {
            return;
        };
        let leads = group.members.first() == Some(&id);
        let silent = |heard: Instant, router: &VirtualRouter| now.since(heard) > router.down_interval_of_its_own();
        let cut = match (group.leader_heard, self.router(id)) {
            (Some(heard), Some(router)) => silent(heard, router),
            (None, _) | (_, None) => true,
        };
        self.set_breaks_ties(id, leads || cut);
    }

    /// Notes that a member has heard an advertisement.
    pub(super) fn note_heard(&mut self, id: RouterId, now: Instant) {
        let group = self.slot(id).and_then(|slot| slot.group).and_then(|group| self.groups.get_mut(group));
        if let Some(group) = group.filter(|group| group.members.first() == Some(&id)) {
            group.leader_heard = Some(now);
        }
    }

    fn set_breaks_ties(&mut self, id: RouterId, breaks: bool) {
        if let Some(slot) = self.slot_mut(id) {
            slot.router.set_breaks_ties(breaks);
        }
    }

    /// What a member takes whose deadline has come: where another has heard the Active router for more than an interval
    /// of its silence, that one lives, and a claim would only be undone.
    pub(super) fn due_input(&self, id: RouterId, now: Instant) -> Input {
        let due = |router: &VirtualRouter| match router.state() {
            State::Backup(backup) => now >= backup.active_down_timer,
            State::Initialize | State::Active(_) | State::Leaving(_) => false,
        };
        let members = self.members(id);
        let router = self.router(id).filter(|router| !members.is_empty() && due(router));
        let Some((router, silent_since)) = router.and_then(|router| Some((router, router.silent_since()?))) else {
            return Input::Timeout;
        };
        let interval = router.config().interval.duration();
        let lives = |other: &&RouterId| {
            let heard = self.router(**other).and_then(VirtualRouter::followed);
            **other != id && heard.is_some_and(|heard| heard.at > silent_since + interval * 3 / 2)
        };
        match members.iter().find(lives) {
            Some(other) => Input::Group(Pull::HoldBack(*other)),
            None => Input::Timeout,
        }
    }
}

/// Whether something stands against a router that is not only another member's trouble.
fn has_cause_of_its_own(router: &VirtualRouter) -> bool {
    router.causes().iter().any(|cause| !matches!(cause, Ineligible::Group(_)))
}
