//! What is so in every state, and what is so in some.

use core::time::Duration;

use stateright::Property;
use vrrp_core::Instant;

use crate::host::Host;
use crate::lan::Lan;
use crate::state::State;

pub(crate) fn properties() -> Vec<Property<Lan>> {
    vec![
        Property::always("nobody does what is wrong whatever the others do", |_, state: &State| state.broken.is_none()),
        Property::always("an Active router has the addresses or is about to, and no other", |_, state: &State| {
            state.hosts.iter().all(Host::places_rightly)
        }),
        Property::always("a router without a link is in Initialize", |_, state: &State| {
            state.hosts.iter().all(Host::is_out_when_cut)
        }),
        Property::always("the members of a sync group are in one state", |_, state: &State| {
            state.hosts.iter().all(Host::stands_together)
        }),
        Property::always(
            "two are Active no longer than it takes to hear the better one",
            |lan: &Lan, state: &State| lasts(state, state.dual) <= lan.dual(),
        ),
        Property::always(
            "somebody serves, if anybody can, after one Active_Down_Interval",
            |lan: &Lan, state: &State| lasts(state, state.unserved) <= lan.unserved(),
        ),
        Property::always("at rest one router serves, and none that can has a higher priority", at_rest_the_best_serves),
        Property::sometimes("two are Active at once", |_, state: &State| state.dual.is_some()),
        Property::sometimes("all is at rest", |lan: &Lan, state: &State| since_disturbed(state) > lan.settled()),
    ]
}

/// For how long it has been so since anything went wrong.
fn lasts(state: &State, since: Option<Instant>) -> Duration {
    since.map_or(Duration::ZERO, |since| state.now.since(since.max(state.disturbed)))
}

fn since_disturbed(state: &State) -> Duration {
    state.now.since(state.disturbed)
}

/// Of equal ones whichever came first.
fn at_rest_the_best_serves(lan: &Lan, state: &State) -> bool {
    let eligible = || state.hosts.iter().filter(|host| host.is_eligible());
    let best = eligible().filter_map(Host::priority).max();
    let mut active = state.hosts.iter().filter(|host| host.is_active());
    let one = active.next().is_some_and(|host| host.is_eligible() && host.serves() && host.priority() == best);
    since_disturbed(state) <= lan.settled() || best.is_none() || one && active.next().is_none()
}
