use core::fmt;
use core::time::Duration;

use vrrp_core::{Instant, Name};

use crate::timeline::Entry;
use crate::{Client, World};

/// What a script expects of its world at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expectation {
    /// A router is in this state for a virtual router; none while it has no daemon.
    State(u8, u8, Option<Name>),
    /// No router has moved for a virtual router since a moment.
    Still(u8, Instant),
    /// The packets of the client of a virtual router reach this router, or nobody.
    Reaches(u8, Option<u8>),
    /// The client of a virtual router was never without it for longer than this, once it had reached it.
    Outage(u8, Duration),
    /// A router has noticed a condition of this name for a virtual router.
    Notices(u8, u8, &'static str),
}

/// The conditions that a script can ask for.
const CONDITIONS: [&str; 10] = [
    "contested",
    "interval_differs",
    "addresses_differ",
    "checksum_differs",
    "two_owners",
    "duplicate_source",
    "send_failing",
    "stalled",
    "preemption_held",
    "unrelieved",
];

impl Expectation {
    /// The name of a condition.
    pub(super) fn condition(word: &str) -> Option<&'static str> {
        CONDITIONS.into_iter().find(|name| *name == word)
    }

    /// A state, or that there is none.
    pub(super) fn state(word: &str) -> Option<Option<Name>> {
        let names = [Name::Initialize, Name::Backup, Name::Active];
        let name = names.into_iter().find(|name| name.token() == word);
        if word == "dead" { Some(None) } else { name.map(Some) }
    }

    /// Whether the world is so.
    pub(super) fn is_met(&self, world: &World) -> bool {
        match *self {
            Self::State(router, place, name) => world.state(router, place.into()) == name,
            Self::Still(place, since) => {
                let moved = |(at, entry): (Instant, Entry)| {
                    at > since && matches!(entry, Entry::Moved { virtual_router, .. } if virtual_router == place)
                };
                !world.timeline().entries().any(moved)
            }
            Self::Reaches(place, router) => world.client(place.into()).and_then(Client::reaches) == router,
            Self::Outage(place, longest) => {
                world.client(place.into()).is_some_and(|client| client.longest_outage(world.now()) <= longest)
            }
            Self::Notices(router, place, name) => world.timeline().entries().any(|(_, entry)| {
                matches!(entry, Entry::Noticed { router: by, virtual_router, condition }
                    if by == router && virtual_router == place && condition.token() == name)
            }),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(router, place, name) => {
                write!(f, "r{router} v{place} {}", name.map_or("dead", Name::token))
            }
            Self::Still(place, since) => write!(f, "v{place} still since {:?}", since.since(Instant::ORIGIN)),
            Self::Reaches(place, Some(router)) => write!(f, "v{place} reaches r{router}"),
            Self::Reaches(place, None) => write!(f, "v{place} reaches nobody"),
            Self::Outage(place, longest) => write!(f, "v{place} outage {longest:?}"),
            Self::Notices(router, place, name) => write!(f, "r{router} v{place} notices {name}"),
        }
    }
}
