//! All processes that anybody counts, with one source of news for all of them.

use core::cell::RefCell;
use core::convert::Infallible;
use core::time::Duration;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use nix::errno::Errno;
use tokio::sync::watch;
use tokio::task::{AbortHandle, yield_now};
use tokio::time::sleep;

use super::Process;
use super::connector::{Connector, Event, events};
use super::procfs::{command_line, look, processes};
use super::quorum::{Cause, Count};
use crate::probe::netlink;
use crate::probe::shared::{Shared, Slot, join};
use crate::probe::sys::{Readable, open_pidfd};

/// How often `/proc` is read where the kernel tells nothing.
const PAUSE: Duration = Duration::from_secs(1);
/// For how many readings a process is young: it may be about to run another program.
const YOUNG: u32 = 10;
/// How many of the older processes are looked at again in each reading.
const OLDER: usize = 256;

/// Who counts what.
#[derive(Debug, Clone)]
pub(crate) struct Census(Arc<Mutex<Table>>);

#[derive(Debug)]
struct Table {
    own: Weak<Mutex<Self>>,
    next: u64,
    rolls: HashMap<u64, Roll>,
    /// The processes that are on any roll, each with the task that waits for its death.
    deaths: HashMap<i32, Option<Death>>,
    /// In how many readings of `/proc` a process has been seen.
    ages: HashMap<i32, u32>,
    /// The last of the older processes that was looked at.
    cursor: i32,
}

/// The processes that one watcher counts.
#[derive(Debug)]
struct Roll {
    wanted: Process,
    members: HashSet<i32>,
    count: watch::Sender<Option<Count>>,
}

#[derive(Debug)]
struct Death(AbortHandle);

impl Drop for Death {
    fn drop(&mut self) {
        self.0.abort();
    }
}

thread_local! {
    static SLOT: Slot<Census> = const { RefCell::new(None) };
}

/// Joins those who count on this thread.
pub(crate) fn census() -> Arc<Shared<Census>> {
    let joined = join(&SLOT, || {
        let table = Arc::new_cyclic(|own| {
            let (rolls, deaths, ages) = (HashMap::new(), HashMap::new(), HashMap::new());
            Mutex::new(Table { own: Weak::clone(own), next: 0, rolls, deaths, ages, cursor: 0 })
        });
        let census = Census(table);
        let connector = Connector::open().and_then(|connector| Ok((connector.readable()?, connector)));
        let keeper = match connector {
            Ok((news, connector)) => tokio::spawn(hear(connector, news, census.clone())),
            Err(_not_permitted) => tokio::spawn(reread(census.clone())),
        };
        Ok::<_, Infallible>((census, keeper))
    });
    match joined {
        Ok(shared) => shared,
    }
}

/// Takes in the kernel's news; what is lost is read from `/proc`.
async fn hear(connector: Connector, news: Readable, census: Census) {
    let mut buffer = vec![0; netlink::BUFFER];
    loop {
        match news.read(|fd| netlink::receive(fd, &mut buffer)).await {
            Ok(length) => {
                let mut table = census.lock();
                events(buffer.get(..length).unwrap_or_default()).for_each(|event| table.take(event));
            }
            Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => census.lock().read_all(),
            Err(_) => break,
        }
    }
    drop(connector);
    reread(census).await;
}

async fn reread(census: Census) {
    loop {
        sleep(PAUSE).await;
        census.lock().read_some();
    }
}

impl Census {
    fn lock(&self) -> MutexGuard<'_, Table> {
        lock(&self.0)
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Table {
    fn take(&mut self, event: Event) {
        match event {
            // The child is what its parent is until it says otherwise.
            Event::Fork { parent, child } if self.deaths.contains_key(&parent) => self.consider(child, Cause::Fork),
            Event::Changed(process) => self.consider(process, Cause::Other),
            // Others of its threads may go on, which its pidfd knows.
            Event::Exit(process) if matches!(self.deaths.get(&process), Some(None)) => self.remove(process),
            Event::Fork { .. } | Event::Exit(_) | Event::Answer(_) => {}
        }
    }

    /// Reads all processes for those who have not got a first number yet.
    fn count_first(&mut self) {
        if self.rolls.values().any(|roll| roll.count.borrow().is_none()) {
            self.read_all();
            for roll in self.rolls.values() {
                roll.publish(Cause::Other);
            }
        }
    }

    fn read_all(&mut self) {
        let present: HashSet<i32> = processes().into_iter().collect();
        self.forget_absent(&present);
        present.iter().for_each(|process| self.consider(*process, Cause::Other));
    }

    /// Reads the processes that are new or young, and some of the others in turn: a reading costs no more on a host with
    /// thousands of processes.
    fn read_some(&mut self) {
        let present: HashSet<i32> = processes().into_iter().collect();
        self.ages.retain(|process, _| present.contains(process));
        self.forget_absent(&present);
        let mut older = Vec::new();
        for process in present {
            let age = self.ages.entry(process).or_insert(0);
            *age = age.saturating_add(1);
            if *age > YOUNG {
                older.push(process);
            } else {
                let cause = self.birth(process);
                self.consider(process, cause);
            }
        }
        older.sort_unstable();
        let turn = older.partition_point(|process| *process <= self.cursor);
        older.rotate_left(turn);
        for process in older.into_iter().take(OLDER) {
            self.cursor = process;
            self.consider(process, Cause::Other);
        }
    }

    /// Whether a process is counted because its parent is.
    fn birth(&self, process: i32) -> Cause {
        let parent = look(process).map(|seen| seen.parent);
        if parent.is_some_and(|parent| self.deaths.contains_key(&parent)) { Cause::Fork } else { Cause::Other }
    }

    fn forget_absent(&mut self, present: &HashSet<i32>) {
        let absent: Vec<i32> = self.deaths.keys().copied().filter(|process| !present.contains(process)).collect();
        absent.into_iter().for_each(|process| self.remove(process));
    }

    /// Looks at a process and puts it on the rolls where it belongs.
    fn consider(&mut self, process: i32, cause: Cause) {
        let Some(seen) = look(process) else {
            return self.remove(process);
        };
        if seen.headless {
            return;
        }
        let line = if self.rolls.values().any(|roll| roll.wanted.needs_command_line()) {
            command_line(process)
        } else {
            Vec::new()
        };
        let mut counted = false;
        for roll in self.rolls.values_mut() {
            let belongs = roll.wanted.counts(&seen.comm, &line);
            let changed = if belongs { roll.members.insert(process) } else { roll.members.remove(&process) };
            if changed && roll.count.borrow().is_some() {
                roll.publish(cause);
            }
            counted |= belongs;
        }
        if !counted {
            self.deaths.remove(&process);
        } else if !self.deaths.contains_key(&process) {
            let death = self.await_death(process);
            self.deaths.insert(process, death);
        }
    }

    /// Waits for a death elsewhere; none where the kernel has no descriptor left.
    fn await_death(&self, process: i32) -> Option<Death> {
        let readable = Readable::new(open_pidfd(process).ok()?).ok()?;
        let table = Weak::clone(&self.own);
        let task = tokio::spawn(async move {
            if readable.ready().await.is_ok()
                && let Some(table) = table.upgrade()
            {
                let mut table = lock(&table);
                table.remove(process);
                // Another may have its number already.
                table.consider(process, Cause::Other);
            }
        });
        Some(Death(task.abort_handle()))
    }

    fn remove(&mut self, process: i32) {
        if self.deaths.remove(&process).is_none() {
            return;
        }
        for roll in self.rolls.values_mut() {
            if roll.members.remove(&process) && roll.count.borrow().is_some() {
                roll.publish(Cause::Exit);
            }
        }
    }
}

impl Roll {
    fn publish(&self, cause: Cause) {
        let running = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        self.count.send_if_modified(|count| {
            let changed = count.is_none_or(|count| count.running != running);
            if changed {
                *count = Some(Count { running, cause });
            }
            changed
        });
    }
}

/// A watcher's place in the census, until dropped.
#[derive(Debug)]
pub(crate) struct Enrolled {
    shared: Arc<Shared<Census>>,
    id: u64,
    news: watch::Receiver<Option<Count>>,
}

/// Counts processes for a watcher from now on. Those who come together are counted together.
pub(crate) async fn enrol(shared: &Arc<Shared<Census>>, wanted: &Process) -> Enrolled {
    let (count, news) = watch::channel(None);
    let enrolled = {
        let mut table = shared.state.lock();
        let id = table.next;
        table.next += 1;
        table.rolls.insert(id, Roll { wanted: wanted.clone(), members: HashSet::new(), count });
        Enrolled { shared: Arc::clone(shared), id, news }
    };
    yield_now().await;
    shared.state.lock().count_first();
    enrolled
}

impl Enrolled {
    /// How many run now.
    pub(crate) fn count(&mut self) -> Option<Count> {
        *self.news.borrow_and_update()
    }

    /// Waits for another number.
    pub(crate) async fn changed(&mut self) -> bool {
        self.news.changed().await.is_ok()
    }
}

impl Drop for Enrolled {
    fn drop(&mut self) {
        self.shared.state.lock().rolls.remove(&self.id);
    }
}
