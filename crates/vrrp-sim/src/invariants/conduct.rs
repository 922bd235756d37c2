use core::time::Duration;
use std::collections::VecDeque;

use vrrp_core::{Instant, Name};
use vrrp_wire::Priority;

use super::falls::Falls;
use super::{Bounds, Invariant, MOVES, View};
use crate::lan::{STATIONS, bit, stations};

/// In which [`MOVES`] are counted.
const MINUTE: Duration = Duration::from_secs(60);

/// What one router is answerable for by itself.
#[derive(Debug, Clone)]
pub(super) struct Conduct {
    router: u8,
    /// Since when it has been Active without the address, or had it without being Active.
    misplaced: Option<Instant>,
    /// Since when it has been in Initialize without a cause.
    out: Option<Instant>,
    /// Since when it has been told to stop, or to be out whether it is relieved or not, and has not.
    stopping: Option<Instant>,
    /// Since when it has been handing over, for whatever reason.
    leaving: Option<Instant>,
    /// Since when its sync group has been mixed, and whether a member was handing over meanwhile.
    mixed: Option<(Instant, bool)>,
    /// Since when its priority has been another than it should be.
    mispriced: Option<Instant>,
    /// Whether it has served while it was well, and is to hand over once it is not.
    served_well: bool,
    /// Since when it has served on though a check fails for which it is to hand over.
    unwell: Option<Instant>,
    /// Since when it has been a Backup.
    waits: Option<Instant>,
    /// Where it stands, as far as it told.
    told: Name,
    /// Since when it has heard each other router to be Active.
    heard: [Option<Instant>; STATIONS],
    /// The highest priority that each router has had while it has been Active.
    peak: [Option<Priority>; STATIONS],
    pub(super) falls: Falls,
    moves: VecDeque<Instant>,
}

impl Conduct {
    pub(super) const fn new(router: u8) -> Self {
        Self {
            router,
            misplaced: None,
            out: None,
            stopping: None,
            leaving: None,
            mixed: None,
            mispriced: None,
            served_well: false,
            unwell: None,
            waits: None,
            told: Name::Initialize,
            heard: [None; STATIONS],
            peak: [None; STATIONS],
            falls: Falls::new(),
            moves: VecDeque::new(),
        }
    }

    /// What may not go on for longer than a bound, with since when it has and the bound.
    pub(super) fn pending(&self, bounds: &Bounds) -> impl Iterator<Item = (Invariant, Instant, Duration)> {
        let since = |invariant, since: Option<Instant>, bound| since.map(|since| (invariant, since, bound));
        let all = [
            since(Invariant::S4, self.misplaced, bounds.placed),
            since(Invariant::L2, self.out, bounds.recovered),
            since(Invariant::L3, self.stopping, bounds.left),
            since(Invariant::L3, self.leaving, bounds.left),
            since(Invariant::S11, self.mispriced, bounds.recovered),
            since(Invariant::L6, self.unwell, bounds.recovered),
            self.mixed
                .map(|(since, leaves)| (Invariant::S8, since, if leaves { bounds.left } else { bounds.together })),
        ];
        all.into_iter().flatten()
    }

    /// Takes note of what is the case; says whether what was told is something else.
    pub(super) fn observe(&mut self, now: Instant, view: &View) -> Option<Invariant> {
        let me = bit(self.router);
        let is = |set: u16| set & me != 0;
        let state = view.state(self.router);
        if is(view.dead) {
            self.told = Name::Initialize;
            self.falls = Falls::new();
        }
        self.listen(now, view);
        for (other, peak) in (0..16).zip(&mut self.peak) {
            let serves = view.active & bit(other) != 0;
            *peak = if serves { view.priority(other).max(*peak) } else { None };
        }
        if !is(view.running & view.ours) {
            (self.misplaced, self.out, self.stopping, self.leaving) = (None, None, None, None);
            (self.mixed, self.mispriced, self.unwell, self.served_well) = (None, None, None, false);
            return None;
        }
        let since = |held: Option<Instant>, holds: bool| if holds { held.or(Some(now)) } else { None };
        self.misplaced = since(self.misplaced, is(view.active) != is(view.holding) || is(view.incomplete));
        self.out = since(self.out, is(view.fit) && state == Name::Initialize);
        self.stopping = since(self.stopping, is(view.stopping | view.banished) && state != Name::Initialize);
        self.leaving = since(self.leaving, is(view.leaving));
        self.mispriced = since(self.mispriced, is(view.mispriced));
        let alone = !is(view.grouped);
        let owns = view.priority(self.router) == Some(Priority::OWNER);
        self.served_well = is(view.serves_on) && alone && (self.served_well || !is(view.unwell) && !owns);
        self.unwell = since(self.unwell, self.served_well && is(view.unwell));
        let (since, left) = self.mixed.unwrap_or((now, false));
        self.mixed = is(view.mixed).then_some((since, left || is(view.group_leaves)));
        (self.told != state).then_some(Invariant::S6)
    }

    /// Since when it has heard another router to be Active, with nobody else falling silent.
    pub(super) fn heard(&self, other: u8) -> Option<Instant> {
        self.heard.get(usize::from(other)).copied().flatten()
    }

    /// Takes note of whom it hears. One that falls silent is waited for by its own interval, though another serves beside
    /// it that advertises more seldom: that one, too, is heard anew.
    fn listen(&mut self, now: Instant, view: &View) {
        let me = bit(self.router);
        let listens = view.running & (view.active | view.backup) & me != 0;
        let lives = view.active & view.eligible & view.running & !me;
        let hears = |other: u8| listens && lives & bit(other) != 0 && view.reaches(other, self.router);
        let silenced = (0..16).zip(self.heard).any(|(other, heard)| heard.is_some() && !hears(other));
        for (other, heard) in (0..16).zip(&mut self.heard) {
            *heard = if hears(other) { heard.filter(|_| !silenced).or(Some(now)) } else { None };
        }
    }

    /// Something was done to `router`: whoever heard it may follow another from now on.
    pub(super) fn struck(&mut self, router: Option<u8>) {
        let concerns = |router: u8| self.heard.get(usize::from(router)).is_some_and(Option::is_some);
        if router.is_none_or(|router| router == self.router || concerns(router)) {
            self.heard = [None; STATIONS];
        }
    }

    /// It told of a move; `view` is what was the case before, and nothing has been done to the world since `quiet`.
    pub(super) fn moved(
        &mut self,
        now: Instant,
        (from, to): (Name, Name),
        view: &View,
        bounds: &Bounds,
        quiet: Instant,
    ) -> Option<(Invariant, Instant)> {
        let gap = core::mem::replace(&mut self.told, to) != from;
        if view.ours & bit(self.router) == 0 {
            return self.counts(now, quiet + bounds.settled, view);
        }
        if gap {
            return Some((Invariant::S6, now));
        }
        let waits = core::mem::replace(&mut self.waits, (to == Name::Backup).then_some(now));
        let me = bit(self.router);
        let urged = view.urged & me != 0;
        let hasty = !urged && view.relieves & me == 0 && waits.is_some_and(|since| now < since + bounds.patience);
        let unwell = !urged && view.unwell & me != 0;
        let held_off = view.damps & me != 0 && self.falls.holds_off(now);
        let barred = hasty || unwell || held_off;
        let robbed = stations(u16::MAX).find_map(|other| {
            let heard = self.heard.get(usize::from(other)).copied().flatten()?;
            let no_lesser = view.priority(other) >= view.priority(self.router);
            let peak = self.peak.get(usize::from(other)).copied().flatten();
            let well = view.relieves & bit(self.router) == 0 || view.priority(other) >= peak;
            let right = no_lesser || barred || (view.defers & bit(self.router) != 0 && well);
            (right && heard + bounds.dual <= now).then_some(heard)
        });
        match robbed {
            Some(heard) if to == Name::Active && view.lopsided & bit(self.router) == 0 => Some((Invariant::S7, heard)),
            Some(_) | None => self.counts(now, quiet + bounds.settled, view),
        }
    }

    /// Counts the moves of the last minute, those after `rest`, where nothing is lost by chance.
    fn counts(&mut self, now: Instant, rest: Instant, view: &View) -> Option<(Invariant, Instant)> {
        if now < rest || view.is_noisy(self.router) {
            self.moves.clear();
            return None;
        }
        self.moves.push_back(now);
        while self.moves.front().is_some_and(|first| *first + MINUTE < now) {
            self.moves.pop_front();
        }
        let first = self.moves.front().copied()?;
        (self.moves.len() > MOVES).then_some((Invariant::S9, first))
    }
}
