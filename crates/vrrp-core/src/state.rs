use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Priority};

use crate::timers::announcement_gap;
use crate::{AnnouncePolicy, Drain, Heard, Instant, Name};

/// Where a virtual router stands (RFC 9568 §6.4), each state with the timers that run in it and no others.
#[derive(Debug, Clone)]
pub enum State {
    /// Not taking part.
    Initialize,
    /// Watching the Active router.
    Backup(Backup),
    /// Serving.
    Active(Active),
    /// To hand over, priority 0 sent; serves on without advertising until the successor speaks. Active to the world.
    Leaving(Leaving),
}

/// What a Backup knows and waits for.
#[derive(Debug, Clone, Copy)]
pub struct Backup {
    /// `Active_Down_Timer`.
    pub active_down_timer: Instant,
    /// `Active_Adver_Interval`.
    pub active_adver_interval: AdverInterval,
    /// The router whose advertisements are followed, as last heard.
    pub(crate) active: Option<Heard>,
    /// Who gave up by priority 0, until somebody else is heard.
    pub(crate) released: Option<IpAddr>,
    /// The last advertisement discarded for its lower priority since the timer was set.
    pub(crate) lower: Option<Heard>,
    /// When a `preempt_delay` that is running ends.
    pub(crate) preempt_at: Option<Instant>,
    /// By when the last lower advertisement goes out, if it has not.
    pub(crate) farewell: Option<Instant>,
    /// When a router last spoke that has the better right than this one, and a worse one than the router that is followed.
    pub(crate) bystander: Option<Instant>,
    /// `Active_Down_Timer` was set to no more than `Skew_Time`, for a router whose priority fell below ours.
    pub(crate) hastened: bool,
    /// The highest priority that the followed router has had.
    pub(crate) peak: Option<Priority>,
    pub(crate) doubts: Doubts,
}

/// What keeps a Backup from believing the silence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Doubts {
    /// The carrier came up and nothing has been received since.
    pub(crate) unproven: bool,
    /// The LAN was asked in this silence.
    pub(crate) probed: bool,
    /// The claim was held back for a requirement in this silence.
    pub(crate) withheld: bool,
    /// It was held back for a check that is up and was not found well since the silence began.
    pub(crate) stale: bool,
    /// An answer held it back in this silence.
    pub(crate) answered: bool,
}

/// What an Active router does next and when.
#[derive(Debug, Clone, Copy)]
pub struct Active {
    /// `Adver_Timer`.
    pub adver_timer: Instant,
    /// Whether the second interval after the claim has been shortened to bring the router into its slot.
    pub(crate) in_slot: bool,
    pub(crate) announcing: Option<Announcing>,
    pub(crate) assertions: Bucket,
    /// The answer that the bucket had no room for: paid when it refills.
    pub(crate) owed: Option<Answer>,
    /// Whether the addresses were announced against another router's claim since `Adver_Timer` last fired: it may yield
    /// to the next advertisement only, and announce until then.
    pub(crate) asserted: bool,
    /// The router that was preempted, until its last lower advertisement is heard or is overdue: that one contests
    /// nothing, and succeeds nobody.
    pub(crate) displaced: Option<IpAddr>,
    /// Whether the kernel has acknowledged any of the addresses.
    pub(crate) claimed: bool,
    /// Whether the first advertisement waits for the addresses: the router that is preempted serves until it hears it.
    pub(crate) unspoken: bool,
    /// When one that nobody relieved of its failing check asks again.
    pub(crate) asks_again: Option<Instant>,
}

/// What another router's wrong claim is answered with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    /// By an advertisement.
    pub(crate) advertise: bool,
    /// By announcing the addresses again.
    pub(crate) announce: bool,
}

/// What a router that hands over waits for.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// When priority 0 is sent a second time.
    pub repeat: Option<Instant>,
    /// When it stops waiting for a successor, or serving on after one was heard.
    pub until: Instant,
    /// As in [`Active`].
    pub(crate) displaced: Option<IpAddr>,
    /// Whether somebody else has announced the addresses, as far as that is listened for.
    pub(crate) announced: bool,
    /// The successor, once heard.
    pub(crate) successor: Option<Heard>,
    pub(crate) purpose: Purpose,
}

/// Why a router hands over, which decides what comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It stops.
    Stop,
    /// It is drained.
    Drain(Drain),
    /// A check fails (`on_degraded resign`).
    Degraded,
}

/// The announcements still to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announcing {
    pub(crate) due: Instant,
    kind: Announcements,
    round: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Announcements {
    Claim,
    SecondBurst,
    LowerPriority,
    Refresh,
}

/// A bucket of five assertions that refills one per half `Adver_Interval`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    tokens: u8,
    refilled: Instant,
}

impl State {
    /// The state's name; a router that is leaving is still Active to the world.
    pub const fn name(&self) -> Name {
        match self {
            Self::Initialize => Name::Initialize,
            Self::Backup(_) => Name::Backup,
            Self::Active(_) | Self::Leaving(_) => Name::Active,
        }
    }
}

impl Backup {
    /// A Backup that has heard nobody, until `active_down_timer`.
    pub(crate) const fn waiting(active_down_timer: Instant, active_adver_interval: AdverInterval) -> Self {
        Self {
            active_down_timer,
            active_adver_interval,
            active: None,
            released: None,
            lower: None,
            preempt_at: None,
            farewell: None,
            bystander: None,
            hastened: false,
            peak: None,
            doubts: Doubts { unproven: false, probed: false, withheld: false, stale: false, answered: false },
        }
    }
}

impl Active {
    /// One that has its addresses and goes on after a hand-over to nobody.
    pub(crate) fn again(now: Instant, interval: Duration) -> Self {
        Self {
            adver_timer: now + interval,
            in_slot: false,
            announcing: Some(Announcing::claim(now)),
            assertions: Bucket::full(now),
            displaced: None,
            owed: None,
            asserted: false,
            claimed: true,
            unspoken: false,
            asks_again: None,
        }
    }

    /// When the next round of announcements is due. None is before the kernel has an address to announce.
    pub(crate) fn announces_at(&self) -> Option<Instant> {
        self.announcing.filter(|_| self.claimed).map(|announcing| announcing.due)
    }
}

impl Answer {
    /// One answer to two occasions.
    pub(crate) const fn and(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) => {
                Self { advertise: self.advertise || earlier.advertise, announce: self.announce || earlier.announce }
            }
            None => self,
        }
    }
}

impl Announcing {
    /// The first burst, due at once.
    pub(crate) const fn claim(now: Instant) -> Self {
        Self { due: now, kind: Announcements::Claim, round: 1 }
    }

    /// The burst after a lower-priority advertisement, due at once.
    pub(crate) const fn lower_priority(now: Instant) -> Self {
        Self { due: now, kind: Announcements::LowerPriority, round: 1 }
    }

    /// What follows the round that was just made: the next round, the second burst, or a refresh after `jitter`.
    pub(crate) fn next(self, policy: &AnnouncePolicy, jitter: Duration) -> Option<Self> {
        let rounds = match self.kind {
            Announcements::Claim | Announcements::SecondBurst => policy.repeat,
            Announcements::LowerPriority => policy.lower_prio_repeat,
            Announcements::Refresh => policy.refresh_repeat,
        };
        if self.round < rounds {
            return Some(Self { due: self.due + announcement_gap(self.round), round: self.round + 1, ..self });
        }
        let second = match self.kind {
            Announcements::Claim => policy.delay,
            Announcements::LowerPriority => policy.lower_prio_delay,
            Announcements::SecondBurst | Announcements::Refresh => Duration::ZERO,
        };
        if !second.is_zero() {
            return Some(Self { due: self.due + second, kind: Announcements::SecondBurst, round: 1 });
        }
        if policy.refresh.is_zero() {
            return None;
        }
        Some(Self { due: self.due + policy.refresh + jitter, kind: Announcements::Refresh, round: 1 })
    }

    /// Not before `now`: rounds missed in a stall are not made up for.
    pub(crate) fn not_before(self, now: Instant) -> Self {
        Self { due: self.due.max(now), ..self }
    }
}

impl Bucket {
    const FULL: u8 = 5;

    pub(crate) const fn full(now: Instant) -> Self {
        Self { tokens: Self::FULL, refilled: now }
    }

    /// Takes one, if there is one at `now`.
    pub(crate) fn take(&mut self, now: Instant, interval: AdverInterval) -> bool {
        let half = interval.duration() / 2;
        while self.tokens < Self::FULL && self.refilled + half <= now {
            self.refilled = self.refilled + half;
            self.tokens += 1;
        }
        if self.tokens == Self::FULL {
            self.refilled = now;
        }
        if self.tokens == 0 {
            return false;
        }
        self.tokens -= 1;
        true
    }

    /// When the next one comes in.
    pub(crate) fn next(&self, interval: AdverInterval) -> Instant {
        self.refilled + interval.duration() / 2
    }
}
