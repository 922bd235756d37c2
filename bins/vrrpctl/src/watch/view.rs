use std::collections::{BTreeMap, VecDeque};

use vrrp_control::{Event, RouterStatus, Status};

use super::arrivals::Arrivals;
use super::keys::Key;
use crate::error::Error;

/// Events that are remembered: more than a terminal is high.
const EVENTS: usize = 200;

/// What is known and chosen: all that a picture is made of.
#[derive(Debug, Default)]
pub(super) struct View {
    /// How everything stood when it was last heard of.
    pub(super) status: Status,
    /// What went wrong with the last question.
    pub(super) error: Option<String>,
    /// The last events, the newest first.
    pub(super) events: VecDeque<Event>,
    /// The virtual router that is looked at closely.
    pub(super) chosen: usize,
    arrivals: BTreeMap<String, Arrivals>,
}

impl View {
    /// Takes an answer, or that there is none.
    pub(super) fn status(&mut self, status: Result<Status, Error>) {
        match status {
            Ok(status) => {
                self.arrivals.retain(|name, _| status.router(name).is_some());
                for router in &status.routers {
                    self.arrivals.entry(router.name.clone()).or_default().take(router);
                }
                self.status = status;
                self.error = None;
                self.chosen = self.chosen.min(self.status.routers.len().saturating_sub(1));
            }
            Err(error) => self.error = error.to_string().lines().next().map(str::to_owned),
        }
    }

    /// Takes an event.
    pub(super) fn event(&mut self, event: Event) {
        self.events.push_front(event);
        self.events.truncate(EVENTS);
    }

    /// Does what a key asks for.
    pub(super) fn key(&mut self, key: Key) {
        let last = self.status.routers.len().saturating_sub(1);
        self.chosen = match key {
            Key::Up => self.chosen.saturating_sub(1),
            Key::Down => self.chosen.saturating_add(1).min(last),
            Key::Redraw | Key::Quit => self.chosen,
        };
    }

    /// The virtual router that is looked at closely, if there is any.
    pub(super) fn router(&self) -> Option<&RouterStatus> {
        self.status.routers.get(self.chosen)
    }

    /// The last `count` gaps between advertisements of this virtual router, in per cent of the interval.
    pub(super) fn gaps(&self, router: &RouterStatus, count: usize) -> Vec<u64> {
        let charge =
            router.active_router.and_then(|heard| router.peers.iter().find(|peer| peer.address == heard.address));
        let interval = charge.map_or(router.advertisement_interval, |peer| peer.interval);
        let arrivals = self.arrivals.get(&router.name);
        arrivals.map(|arrivals| arrivals.gaps(interval.0, self.status.at, count)).unwrap_or_default()
    }
}
