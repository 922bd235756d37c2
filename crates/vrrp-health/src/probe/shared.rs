//! What all watchers of a kind have in common: one socket, one task that reads it.
//!
//! The kernel allows 128 inotify instances for a user, and each socket would wake for the same news.

use core::cell::RefCell;
use std::sync::{Arc, Weak};
use std::thread::LocalKey;

use tokio::runtime::{Handle, Id};
use tokio::task::{AbortHandle, JoinHandle};

/// A state, and the task that keeps it; the task ends with the last who holds this.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    pub(crate) state: T,
    keeper: AbortHandle,
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// Where a thread finds what its runtime has of a kind.
pub(crate) type Slot<T> = RefCell<Option<(Id, Weak<Shared<T>>)>>;

/// Joins those who share, or starts what is shared: once for each thread and runtime, because sockets belong to the network
/// namespace of the thread that opens them.
pub(crate) fn join<T, E>(
    slot: &'static LocalKey<Slot<T>>,
    start: impl FnOnce() -> Result<(T, JoinHandle<()>), E>,
) -> Result<Arc<Shared<T>>, E> {
    let here = Handle::current().id();
    slot.with(|slot| {
        let mut slot = slot.borrow_mut();
        let known = slot.as_ref().filter(|(id, _)| *id == here).and_then(|(_, shared)| shared.upgrade());
        if let Some(shared) = known.filter(|shared| !shared.keeper.is_finished()) {
            return Ok(shared);
        }
        let (state, task) = start()?;
        let shared = Arc::new(Shared { state, keeper: task.abort_handle() });
        *slot = Some((here, Arc::downgrade(&shared)));
        Ok(shared)
    })
}
