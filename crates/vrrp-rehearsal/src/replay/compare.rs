use core::time::Duration;

use serde::Serialize;
use vrrp_core::Instant;

use super::observed::Observed;
use crate::recording::{Move, Recording};

/// One change of state, as it was recorded and as it is simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The node.
    pub node: String,
    /// The virtual router, as the node calls it.
    pub router: String,
    /// The state that was entered: `active`, `backup` or `initialize`.
    pub to: String,
    /// Seconds since the first event at which it was recorded.
    pub recorded: Option<f64>,
    /// Why, as it was recorded.
    pub recorded_cause: Option<String>,
    /// Seconds since the first event at which it is simulated.
    pub simulated: Option<f64>,
    /// Why, as it is simulated.
    pub simulated_cause: Option<String>,
    /// What differs.
    pub difference: Difference,
}

/// What differs between what was recorded and what is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Nothing that an interval does not explain.
    Same,
    /// Another cause.
    Cause,
    /// It is simulated much earlier or later.
    Time,
    /// It was recorded, and is not simulated.
    NotSimulated,
    /// It is simulated, and was not recorded.
    NotRecorded,
}

/// How much later or earlier the same change may be simulated and still be held for the same.
const NEAR: u32 = 4;

/// Holds every recorded change against the next simulated one of the same router to the same state.
pub(super) fn compare(
    observed: &Observed<'_>,
    recording: &Recording,
    (zero, tolerance): (Instant, Duration),
) -> Vec<Compared> {
    // At the origin every daemon of a world starts, those too that are then without power until their logs begin.
    let moves = recording.moves.iter().filter(|one| one.at > Instant::ORIGIN);
    let mut simulated: Vec<Option<&Move>> = moves.map(Some).collect();
    let mut compared: Vec<(Instant, Compared)> = Vec::new();
    let begins = |node: u8| observed.events.iter().find(|(_, of, _)| *of == node).map(|(at, ..)| *at);
    for (at, node, event) in observed.events.iter().filter(|(.., event)| event.event == "moved") {
        let Some(router) = observed.router(*node, &event.router) else { continue };
        let to = event.to.clone().unwrap_or_default();
        let apart = |one: &Move| one.at.since(*at) + at.since(one.at);
        let fits = |one: &Move| {
            (one.node, one.router, one.to.token()) == (*node, router, to.as_str()) && apart(one) < tolerance * NEAR
        };
        let place = simulated.iter().position(|one| one.is_some_and(fits));
        let found = place.and_then(|place| simulated.get_mut(place)).and_then(Option::take);
        let cause = event.cause.clone();
        let difference = match found {
            None => Difference::NotSimulated,
            Some(one) if apart(one) > tolerance => Difference::Time,
            Some(one) if cause.as_deref() != Some(one.why.token()) => Difference::Cause,
            Some(_) => Difference::Same,
        };
        let line = Compared {
            node: observed.site.node(*node).to_owned(),
            router: event.router.clone(),
            to,
            recorded: Some(seconds(zero, *at)),
            recorded_cause: cause,
            simulated: found.map(|one| seconds(zero, one.at)),
            simulated_cause: found.map(|one| one.why.token().to_owned()),
            difference,
        };
        compared.push((*at, line));
    }
    for one in simulated
        .into_iter()
        .flatten()
        .filter(|one| begins(one.node).is_some_and(|begins| begins <= one.at + tolerance))
    {
        compared.push((one.at, not_recorded(observed, one, zero)));
    }
    compared.sort_by_key(|(at, _)| *at);
    compared.into_iter().map(|(_, line)| line).collect()
}

fn not_recorded(observed: &Observed<'_>, one: &Move, zero: Instant) -> Compared {
    let router = observed.site.routers.get(usize::from(one.router));
    Compared {
        node: observed.site.node(one.node).to_owned(),
        router: router.and_then(|router| router.part(one.node)).map(|part| part.name.to_string()).unwrap_or_default(),
        to: one.to.token().to_owned(),
        recorded: None,
        recorded_cause: None,
        simulated: Some(seconds(zero, one.at)),
        simulated_cause: Some(one.why.token().to_owned()),
        difference: Difference::NotRecorded,
    }
}

/// Seconds from one moment to another, to the millisecond; less than nothing where it was before.
pub(super) fn seconds(zero: Instant, at: Instant) -> f64 {
    let exact = if at < zero { -zero.since(at).as_secs_f64() } else { at.since(zero).as_secs_f64() };
    (exact * 1e3).round() / 1e3
}
