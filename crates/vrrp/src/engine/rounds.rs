//! Answers about all virtual routers, made a few of them at a time between the engine's other work.

use core::mem::take;
use std::sync::Arc;

use tokio::sync::oneshot;
use vrrp_core::{Instant, RouterId};

use crate::capture::Capture;
use crate::status::Status;

/// Virtual routers looked at in one turn; then packets and timers get theirs.
const TURN: usize = 64;

/// An answer in the making, and who waits for it and for the next one.
#[derive(Debug)]
pub(super) struct Rounds<T> {
    made: Option<T>,
    waiting: Vec<oneshot::Sender<Arc<T>>>,
    next: Vec<oneshot::Sender<Arc<T>>>,
    todo: Vec<RouterId>,
}

/// What is being answered.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) snapshots: Rounds<Status>,
    pub(super) captures: Rounds<Capture>,
}

impl Answers {
    /// At once while one is in the making.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.snapshots.due(now).or_else(|| self.captures.due(now))
    }
}

impl<T> Default for Rounds<T> {
    fn default() -> Self {
        Self { made: None, waiting: Vec::new(), next: Vec::new(), todo: Vec::new() }
    }
}

impl<T> Rounds<T> {
    pub(super) fn ask(&mut self, reply: oneshot::Sender<Arc<T>>) {
        self.next.push(reply);
    }

    fn due(&self, now: Instant) -> Option<Instant> {
        (self.made.is_some() || !self.next.is_empty()).then_some(now)
    }

    /// Whether one is asked for and none is in the making.
    pub(super) fn begins(&self) -> bool {
        self.made.is_none() && !self.next.is_empty()
    }

    /// Begins one about these virtual routers.
    pub(super) fn begin(&mut self, made: T, mut ids: Vec<RouterId>) {
        ids.reverse();
        self.waiting = take(&mut self.next);
        (self.made, self.todo) = (Some(made), ids);
    }

    /// Those whose turn it is.
    pub(super) fn turn(&mut self) -> impl Iterator<Item = RouterId> + use<T> {
        self.todo.split_off(self.todo.len().saturating_sub(TURN)).into_iter().rev()
    }

    /// Adds what a turn gave, and answers when it was the last.
    pub(super) fn add(&mut self, add: impl FnOnce(&mut T)) {
        let Some(made) = &mut self.made else { return };
        add(made);
        if self.todo.is_empty()
            && let Some(made) = self.made.take()
        {
            let made = Arc::new(made);
            take(&mut self.waiting).into_iter().for_each(|reply| drop(reply.send(Arc::clone(&made))));
        }
    }
}
