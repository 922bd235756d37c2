//! Sync groups: one election identity, one eligibility, and members that move together (`vrrp_sync_group`).
//!
//! A member that moves pulls the others. Each pull is a deadline that is due at once, so that the whole group has moved
//! by the time [`Node::expire`] gives nothing more.

use alloc::vec::Vec;
use core::time::Duration;

use vrrp_wire::Priority;

use super::{Node, RouterId};
use crate::{Cause, Ineligible, Input, Instant, Name, Output, Outputs, Pull, State, VirtualRouter};

/// One sync group. Its first member decides ties for all: of two routers with equal priorities one may have the greater
/// IPv4 address and the other the greater IPv6 address.
#[derive(Debug, Clone)]
pub(super) struct Group {
    members: Vec<RouterId>,
    /// When the first member last heard an advertisement.
    leader_heard: Option<Instant>,
    /// From when to when only others have heard one.
    others_heard: Option<(Instant, Instant)>,
}

/// What the others have to know of a member, before and after it worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    causes: usize,
    /// How many of these are checks without a result, which one that fails may replace.
    pending: usize,
    priority: Priority,
    hands_over: bool,
}

impl Group {
    fn of(members: Vec<RouterId>) -> Self {
        Self { members, leader_heard: None, others_heard: None }
    }

    /// Notes who has heard an advertisement; `patience` is after how much silence it is news.
    fn note_heard(&mut self, id: RouterId, now: Instant, patience: Duration) {
        if self.members.first() == Some(&id) {
            (self.leader_heard, self.others_heard) = (Some(now), None);
        } else if !self.leader_hears(now, patience) {
            let since = self.others_heard.filter(|(_, last)| now.since(*last) <= patience).map(|(since, _)| since);
            self.others_heard = Some((since.unwrap_or(now), now));
        }
    }

    fn leader_hears(&self, now: Instant, patience: Duration) -> bool {
        self.leader_heard.is_some_and(|heard| now.since(heard) <= patience)
    }

    /// Whether the first member is deaf to what the others hear, and not only the last to hear it.
    fn leader_is_cut(&self, now: Instant, patience: Duration, interval: Duration) -> bool {
        let deaf =
            |(since, last): (Instant, Instant)| now.since(last) <= patience && now.since(since) > interval * 3 / 2;
        !self.leader_hears(now, patience) && self.others_heard.is_some_and(deaf)
    }
}

impl Standing {
    pub(super) fn of(router: &VirtualRouter) -> Self {
        let pending = router.causes().iter().filter(|cause| matches!(cause, Ineligible::CheckPending(_))).count();
        Self {
            causes: router.causes().len(),
            pending,
            priority: router.own_priority(),
            hands_over: router.hands_over(),
        }
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
            let active = members.iter().copied().find(|id| self.serves(*id));
            self.groups.push(Group::of(members));
            self.judge_group(index);
            if let Some(active) = active {
                self.follow(active, Name::Backup, Name::Active);
            }
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
    pub(super) fn sync(&mut self, id: RouterId, group: usize, before: Standing, outputs: &Outputs) {
        for output in outputs.iter() {
            if let Output::Moved { from, to, why } = output {
                // Whoever was pulled pulls nobody: the one that pulled it has pulled all, and two that moved apart in the
                // same moment would chase the others round for ever.
                if !matches!(why, Cause::Group(_)) {
                    self.follow(id, from, to);
                }
                // What stands against nobody who serves may stand against a Backup.
                if from == Name::Active {
                    self.judge_group(group);
                }
            }
        }
        let Some(now) = self.router(id).map(Standing::of).filter(|now| *now != before) else {
            return;
        };
        if now.hands_over && !before.hands_over {
            for other in self.others_that_are(Name::Active, id) {
                self.pull(other, Input::Group(Pull::HandOver(id)));
            }
        } else if before.hands_over && self.serves(id) {
            self.follow(id, Name::Backup, Name::Active);
        }
        self.judge_group(group);
    }

    /// A member that goes away is none any more, and nothing of it stands against the others.
    pub(super) fn leave_group(&mut self, id: RouterId, index: usize) {
        if let Some(group) = self.groups.get_mut(index) {
            let others = group.members.iter().copied().filter(|member| *member != id).collect();
            *group = Group::of(others);
            self.judge_group(index);
        }
    }

    /// Before a member resumes: that a check of another has no result yet stops nothing that runs.
    pub(super) fn lift_pending(&mut self, id: RouterId) {
        let because = self.because(id, true);
        let Some(slot) = self.slot_mut(id) else { return };
        slot.router.forget_groups(because);
    }

    /// Before a member resumes: it advertises in the same moment, and a priority that falls right after for the sake of
    /// another member would pass for a failing check of its own.
    pub(super) fn hold_down(&mut self, id: RouterId, now: Instant, out: &mut Outputs) {
        let lowest = self.lowest(self.members(id));
        let Some(slot) = self.slot_mut(id).filter(|slot| slot.router.ceiling() != lowest) else { return };
        slot.router.handle_into(now, Input::Group(Pull::Ceiling(lowest)), out);
    }

    /// Whether what a member was to take in from another is still so, now that its turn has come.
    pub(super) fn still_holds(&self, id: RouterId, input: Input) -> bool {
        if let Input::Raise(Ineligible::Group(by)) = input {
            self.because(id, self.is_active(id)) == Some(by)
        } else if let Input::Clear(Ineligible::Group(by)) = input {
            self.because(id, self.is_active(id)) != Some(by)
        } else if let Input::Group(Pull::To(name, by)) = input {
            self.members(id).contains(&by) && self.router(by).is_some_and(|router| router.state().name() == name)
        } else if let Input::Group(Pull::Ceiling(ceiling)) = input {
            ceiling == self.lowest(self.members(id))
        } else if let Input::Group(Pull::HandOver(by)) = input {
            self.members(id).contains(&by) && self.router(by).is_some_and(VirtualRouter::hands_over)
        } else {
            true
        }
    }

    /// Whether it is Active, and not about to leave.
    fn serves(&self, id: RouterId) -> bool {
        self.router(id).is_some_and(|router| matches!(router.state(), State::Active(_)))
    }

    fn is_active(&self, id: RouterId) -> bool {
        self.router(id).is_some_and(|router| router.state().name() == Name::Active)
    }

    /// The other member that stands against a router, if one does. Against one that is Active, a check without a result is
    /// nothing; a Backup waits for it, or it would take over alone.
    fn because(&self, id: RouterId, serves: bool) -> Option<RouterId> {
        let of_another = |cause: &Ineligible| matches!(cause, Ineligible::Group(_));
        let pending = |cause: &Ineligible| matches!(cause, Ineligible::CheckPending(_));
        let stands = |cause: &Ineligible| !(of_another(cause) || (serves && pending(cause)));
        let unfit = |other: &&RouterId| {
            **other != id && self.router(**other).is_some_and(|router| router.causes().iter().any(stands))
        };
        self.members(id).iter().find(unfit).copied()
    }

    /// Has the others of its group do as this one did. Whoever moved last leads: what they were to do before is void.
    fn follow(&mut self, id: RouterId, from: Name, to: Name) {
        match (from, to) {
            (_, Name::Active) => {
                self.forget_pulls(id);
                for other in self.others_that_are(Name::Backup, id) {
                    self.pull(other, Input::Group(Pull::To(Name::Active, id)));
                }
            }
            (Name::Active, Name::Backup) => {
                self.forget_pulls(id);
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

    /// Forgets into which states the members of a router's group were to be pulled.
    fn forget_pulls(&mut self, id: RouterId) {
        let members = self.members(id).to_vec();
        let moves = |input: &Input| matches!(input, Input::Group(Pull::To(..)));
        self.pulls.retain(|(pulled, input)| !(moves(input) && members.contains(pulled)));
    }

    fn others_that_are(&self, state: Name, id: RouterId) -> Vec<RouterId> {
        let stands = |other: &RouterId| self.router(*other).is_some_and(|router| router.state().name() == state);
        self.members(id).iter().copied().filter(|other| *other != id && stands(other)).collect()
    }

    /// The lowest of the priorities that members would have by themselves; an owner's is never moved.
    fn lowest(&self, members: &[RouterId]) -> Option<Priority> {
        let own = |id: &RouterId| self.router(*id).filter(|router| !router.config().is_owner());
        members.iter().filter_map(own).map(VirtualRouter::own_priority).min()
    }

    /// One eligibility and one priority: those of the member that has the worst.
    fn judge_group(&mut self, group: usize) {
        let Some(members) = self.groups.get(group).map(|group| group.members.clone()) else {
            return;
        };
        let lowest = self.lowest(&members);
        for id in &members {
            let because = self.because(*id, self.is_active(*id));
            self.settle_group_cause(*id, because);
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
        let cut = self.router(id).is_none_or(|router| {
            let interval = router.config().interval.duration();
            group.leader_is_cut(now, router.down_interval_of_its_own(), interval)
        });
        self.set_breaks_ties(id, leads || cut);
    }

    /// Notes that a member has heard an advertisement.
    pub(super) fn note_heard(&mut self, id: RouterId, now: Instant) {
        let Some((group, router)) = self.slot(id).and_then(|slot| Some((slot.group?, &slot.router))) else {
            return;
        };
        let patience = router.down_interval_of_its_own();
        if let Some(group) = self.groups.get_mut(group) {
            group.note_heard(id, now, patience);
        }
    }

    fn set_breaks_ties(&mut self, id: RouterId, breaks: bool) {
        if let Some(slot) = self.slot_mut(id) {
            slot.router.set_breaks_ties(breaks);
        }
    }

    /// What a member takes whose deadline has come: where another has heard the Active router for more than an interval
    /// of its silence, and is not overdue itself, that one lives, and a claim would only be undone. A member that was held
    /// back or undone lately is deaf, and leaves it to the others whatever their intervals are. Nor does one preempt while
    /// another member defers to the same router.
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
        let heard = |other: &RouterId| {
            let hears = self.router(*other).filter(|_| *other != id)?;
            let lately = hears.followed()?.at > silent_since + interval * 3 / 2;
            let waits_until = hears.waits_until().filter(|until| now < *until)?;
            let defers = router.is_to_preempt() && hears.follows_a_lower();
            (lately || defers || router.is_overruled(now)).then_some(Input::Group(Pull::HoldBack(*other, waits_until)))
        };
        members.iter().find_map(heard).unwrap_or(Input::Timeout)
    }
}
