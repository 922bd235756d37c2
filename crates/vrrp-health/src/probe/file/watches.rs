//! One inotify instance for all files: the kernel allows a user 128 of them.

use core::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, InotifyEvent, WatchDescriptor};
use tokio::sync::Notify;

use super::steps::Step;
use crate::probe::shared::{Shared, Slot, join};
use crate::probe::sys::Readable;

/// The inotify instance and who listens for what.
#[derive(Debug, Clone)]
pub(crate) struct Watches(Arc<Mutex<Table>>);

#[derive(Debug)]
struct Table {
    inotify: Inotify,
    directories: HashMap<WatchDescriptor, Listeners>,
}

/// Who listens for which name of a directory.
type Listeners = HashMap<OsString, Vec<Arc<Notify>>>;

thread_local! {
    static SLOT: Slot<Watches> = const { RefCell::new(None) };
}

/// Joins those who watch on this thread.
pub(crate) fn watches() -> io::Result<Arc<Shared<Watches>>> {
    join(&SLOT, || {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let readable = Readable::new(inotify.as_fd().try_clone_to_owned()?)?;
        let watches = Watches(Arc::new(Mutex::new(Table { inotify, directories: HashMap::new() })));
        let keeper = tokio::spawn(keep(readable, watches.clone()));
        Ok((watches, keeper))
    })
}

async fn keep(readable: Readable, watches: Watches) {
    while let Ok(events) = readable.read(|_| Ok(watches.lock().inotify.read_events()?)).await {
        let mut table = watches.lock();
        events.iter().for_each(|event| table.pass_on(event));
    }
    // Whoever listens finds out when it begins anew.
    watches.lock().wake_all();
}

impl Watches {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn pass_on(&mut self, event: &InotifyEvent) {
        if event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW) {
            return self.wake_all();
        }
        let Some(listeners) = self.directories.get(&event.wd) else {
            return;
        };
        match &event.name {
            Some(name) => listeners.get(name).into_iter().flatten().for_each(|listener| listener.notify_one()),
            // The directory itself went.
            None => listeners.values().flatten().for_each(|listener| listener.notify_one()),
        }
        if event.mask.contains(AddWatchFlags::IN_IGNORED) {
            self.directories.remove(&event.wd);
        }
    }

    fn wake_all(&self) {
        self.directories.values().flat_map(HashMap::values).flatten().for_each(|listener| listener.notify_one());
    }

    /// Begins to listen for a name. Content matters for the last one only: busy directories lie on many ways.
    fn listen(&mut self, step: &Step, last: bool, listener: &Arc<Notify>) -> io::Result<WatchDescriptor> {
        let mut mask = AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_MOVE
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_DELETE_SELF
            | AddWatchFlags::IN_MOVE_SELF
            | AddWatchFlags::IN_ONLYDIR
            | AddWatchFlags::from_bits_retain(libc::IN_MASK_ADD);
        if last {
            mask |= AddWatchFlags::IN_CLOSE_WRITE | AddWatchFlags::IN_ATTRIB;
        }
        let directory = self.inotify.add_watch(&step.directory, mask)?;
        let listeners = self.directories.entry(directory).or_default();
        listeners.entry(step.name.clone()).or_default().push(Arc::clone(listener));
        Ok(directory)
    }

    fn forget(&mut self, directory: WatchDescriptor, name: &OsStr, listener: &Arc<Notify>) {
        let Some(listeners) = self.directories.get_mut(&directory) else {
            return;
        };
        if let Some(of_name) = listeners.get_mut(name) {
            of_name.retain(|other| !Arc::ptr_eq(other, listener));
            if of_name.is_empty() {
                listeners.remove(name);
            }
        }
        if listeners.is_empty() {
            self.directories.remove(&directory);
            let _already_gone = self.inotify.rm_watch(directory);
        }
    }
}

/// One who listens; until dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    shared: Arc<Shared<Watches>>,
    places: Vec<(WatchDescriptor, OsString)>,
    listener: Arc<Notify>,
}

impl Watch {
    /// Listens for every step of a way. Only the last directory must let itself be watched.
    pub(crate) fn place(shared: &Arc<Shared<Watches>>, way: &[Step]) -> io::Result<Self> {
        let mut watch = Self { shared: Arc::clone(shared), places: Vec::new(), listener: Arc::default() };
        let mut table = shared.state.lock();
        let mut outcome = Ok(());
        for (number, step) in way.iter().enumerate() {
            let last = number + 1 == way.len();
            match table.listen(step, last, &watch.listener) {
                Ok(directory) => watch.places.push((directory, step.name.clone())),
                Err(error) if last => outcome = Err(error),
                Err(_) => {}
            }
        }
        drop(table);
        outcome.map(|()| watch)
    }

    /// Waits for news of any step.
    pub(crate) async fn news(&self) {
        self.listener.notified().await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut table = self.shared.state.lock();
        for (directory, name) in &self.places {
            table.forget(*directory, name, &self.listener);
        }
    }
}
