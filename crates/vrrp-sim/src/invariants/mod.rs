//! What must hold in every world, and for how long it may not.
//!
//! A router is *fit* while its daemon runs, does not stand still, is not told to stop and hands nothing over, and nothing
//! stands against any member of its sync group: each has its link and its own address, no check fails that decides over
//! eligibility, none is drained, and the startup delay is over. It is *eligible* when it is fit and serves or has all that
//! a claim requires. It *serves* when its daemon runs and either is Active or still has the address in place. Two routers are
//! *joined* when the advertisements of each reach the other and none is lost by chance. A *part* is a set of eligible
//! routers, all of them joined to each other and not reached by and not reaching any other eligible router; it is *old*
//! as long as none of this changes and nothing is done to a member. A sync group is *lopsided* on a router whose ways to
//! and from the others are not the same on all its segments, and everywhere while routers differ in whether they have it:
//! who is to serve there is no question of one segment, so that no such router is in a part.
//!
//! | | holds | may fail for |
//! |---|---|---|
//! | S1 | in a part that is [`Bounds::stable`] old exactly one router is Active, with the address in place | [`Bounds::dual`] |
//! | S1 | in a part that is [`Bounds::settled`] old no router moves | never |
//! | S2 | of two joined routers at most one serves | [`Bounds::dual`] |
//! | S3 | a client joined to the whole part has cached nothing, or its Active router | [`Bounds::announced`] after a takeover or a yield, after its Active router stood still for [`Bounds::stable`] or could send again, else [`Bounds::refreshed`] |
//! | S4 | an Active router has the address in place, and unless it hands over all that are configured; another has not | [`Bounds::placed`] |
//! | S5 | an unchanged configuration, read again, moves nothing and releases nothing | never |
//! | S6 | what a router told of its moves leads, one after the other, from Initialize to where it stands | never |
//! | S7 | no router claims from one that it has heard for [`Bounds::dual`], since anybody whom it heard gave up or fell silent, to be Active with no lesser priority, or with any if it never preempts (with `failback manual`, with any that has not fallen since the other became Active; and with any while it is held off, for 10 s after it has preempted and lost the addresses by its own fault within a minute for the second time, and twice as long each further time) and no operator has it take over; asked where its sync group is not lopsided | never |
//! | S8 | the members of a sync group are in one state, but for one that waits for the first result of a check beside others that serve | [`Bounds::together`]; [`Bounds::left`] where a member hands over |
//! | S9 | once nothing has been done to the world for [`Bounds::settled`], no router moves more than [`MOVES`] times a minute; and no daemon works for ever in one moment, nor is there ever a storm | never |
//! | S10 | where the Active router of a part whose others have heard it for [`Bounds::live`], with nobody else falling silent meanwhile, none of them with a higher priority, falls silent or gives up, its best Backup claims, and none whose `Skew_Time` is longer by more than two wake-ups and a frame | never |
//! | S11 | the effective priority is what the configuration, the checks, the sync group and an operator make of it | [`Bounds::recovered`] |
//! | S12 | no Backup claims while a check fails that holds its claims back; nor for a silence within `Active_Down_Interval` of an answer of the silent router (`confirm_silence`), or within two of its link coming up while nothing has come in by it | never |
//! | S13 | where the Active router of such a part gives up by priority 0 and serves on, the address is in place on it or on one that follows; asked where kernels are that quick ([`Bounds::placed`]) | never |
//! | L1 | each eligible router, its sync group not lopsided, is Active or hears an eligible one that is | [`Bounds::live`], anew when a router that stood still goes on |
//! | L2 | a fit router is not in Initialize | [`Bounds::recovered`] |
//! | L3 | a router that is told to stop, or drained by force, is in Initialize, and one that hands over is done | [`Bounds::left`] |
//! | L4 | where such an Active router gives up by priority 0 and serves on, a Backup is Active | `Skew_Time` of the best, 25 ms, two wake-ups and a frame |
//! | L5 | in a part that is [`Bounds::settled`] old no router that preempts has a higher priority than the Active one | [`Bounds::settled`] |
//! | L6 | a router in no sync group that hands over for a failing check (`on_degraded resign`), and is Active when it fails, does | [`Bounds::recovered`] |
//! | L7 | where the priority of such an Active router falls below that of a Backup that preempts, none of them waits out a `preempt_delay`, and no router is held off, a Backup is Active | `Skew_Time` of the best of these, two wake-ups and a frame; an interval more where no check is why |
//!
//! S2 may fail for [`Bounds::cut`] where a sync group is lopsided, and is not asked of equal priorities there: with the
//! addresses in opposite order on two segments, and the first member heard in one direction only, both may have the better
//! right. It may fail for [`Bounds::left`] longer while one hands over in silence. S9 is not asked where advertisements are
//! lost by chance. After a router was not relieved of a failing check, and after one was held off for failing too often, S1
//! asks nobody to stay for as long as that lasts and [`Bounds::settled`] more. S4 to S8, L2 and L3 are asked of our routers
//! alone;
//! S10, L4 and L5 of parts of ours alone, the first two without sync groups, with equal intervals and where nothing keeps a Backup from
//! believing a silence; S3 of parts that one of ours serves, with [`Bounds::announced`] where all are ours.

mod bounds;
mod conduct;
mod falls;
mod part;
mod succession;
mod view;
mod watch;

use core::fmt;

use vrrp_core::Instant;

use crate::lan::stations;

pub use bounds::Bounds;
pub(crate) use succession::preempts;
pub use view::View;
pub use watch::Watch;

/// Moves of one router in a minute of an unchanging world; a firewall that forgets what was sent causes most of them.
pub const MOVES: usize = 8;

/// The invariants of this crate's simulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Invariant {
    /// One router of a stable part serves, and stays.
    S1,
    /// Two routers that hear each other do not both serve.
    S2,
    /// The client is told of the survivor.
    S3,
    /// Who is Active has the address, who is not has not.
    S4,
    /// An equal reload moves nothing.
    S5,
    /// What was told is what is.
    S6,
    /// Nobody claims from a living router with the better right, or from any if it never preempts.
    S7,
    /// The members of a sync group stand together.
    S8,
    /// An unchanging world comes to rest.
    S9,
    /// The best Backup follows.
    S10,
    /// The priority is what checks and operators make of it.
    S11,
    /// Nobody claims without what that requires.
    S12,
    /// A hand-over leaves the addresses unserved for no moment.
    S13,
    /// Somebody eligible, somebody Active.
    L1,
    /// The cause gone, the fault gone.
    L2,
    /// A hand-over ends.
    L3,
    /// Who gives up is followed at once.
    L4,
    /// The best serves.
    L5,
    /// Who is unwell hands over.
    L6,
    /// Whose priority falls is relieved at once.
    L7,
}

/// An invariant that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// Index of the virtual router.
    pub virtual_router: usize,
    /// The routers concerned, one bit each.
    pub routers: u16,
    /// Since when it did not hold.
    pub since: Instant,
    /// Until when it might have.
    pub until: Instant,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 20] = [
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::S6,
        Self::S7,
        Self::S8,
        Self::S9,
        Self::S10,
        Self::S11,
        Self::S12,
        Self::S13,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
        Self::L5,
        Self::L6,
        Self::L7,
    ];
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.invariant {
            Invariant::S1 => "not exactly one router served, or one moved without need",
            Invariant::S2 => "two routers that hear each other both served",
            Invariant::S3 => "the client was not told of the survivor",
            Invariant::S4 => "a router was Active without the address, or had it without being Active",
            Invariant::S5 => "an unchanged configuration, read again, moved a router",
            Invariant::S6 => "what a router told of its moves is not where it stands",
            Invariant::S7 => "a router claimed from a living one with the better right",
            Invariant::S8 => "the members of a sync group were in different states",
            Invariant::S9 => "a router moved again and again though nothing happened",
            Invariant::S10 => "a Backup claimed before a better one",
            Invariant::S11 => "a router had another priority than checks and operators make of it",
            Invariant::S12 => "a router claimed without what that requires",
            Invariant::S13 => "nobody had the address while it was handed over",
            Invariant::L1 => "an eligible router was not Active and heard none that was",
            Invariant::L2 => "an eligible router stayed in Initialize",
            Invariant::L3 => "a hand-over did not end",
            Invariant::L4 => "nobody followed at once who gave up by priority 0",
            Invariant::L5 => "a better router that preempts did not preempt",
            Invariant::L6 => "a router whose check fails did not hand over",
            Invariant::L7 => "a Backup did not relieve at once whose priority had fallen below its own",
        };
        let Self { invariant, virtual_router, routers, since, until } = self;
        let routers: Vec<_> = stations(*routers).map(|router| format!("r{router}")).collect();
        write!(f, "{invariant:?} of v{virtual_router} since {since}, bound {until}: {what} ({})", routers.join(" "))
    }
}

impl core::error::Error for Violation {}
