use core::cell::RefCell;
use core::time::Duration;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use fastrand::Rng;
use tokio::select;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::life::Life;
use super::standing::{Sink, Standing};
use crate::check::Check;
use crate::heartbeat::Heartbeat;
use crate::report::Report;
use crate::slots;

const BEAT: Duration = Duration::from_millis(500);
/// A beat that comes later than this tells of a pause of ours: no check is blamed for that.
const PAUSE: Duration = Duration::from_millis(250);

/// A check that lives.
struct Entry {
    check: watch::Sender<Rc<Check>>,
    standing: Rc<RefCell<Standing>>,
    task: AbortHandle,
}

struct Checks {
    entries: HashMap<Arc<str>, Entry>,
    random: Rng,
    sink: Sink,
}

/// Keeps the checks alive until there are no more orders.
pub(super) async fn serve(
    checks: Vec<Check>,
    seed: u64,
    sink: impl FnMut(Report) + 'static,
    mut orders: UnboundedReceiver<Vec<Check>>,
    heartbeat: Heartbeat,
) {
    let sink = Rc::new(RefCell::new(sink));
    let mut all = Checks { entries: HashMap::new(), random: Rng::with_seed(seed), sink };
    all.become_these(checks);
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        select! {
            order = orders.recv() => match order {
                Some(checks) => all.become_these(checks),
                None => return,
            },
            due = beats.tick() => {
                heartbeat.beat();
                let now = Instant::now();
                if now.saturating_duration_since(due) < PAUSE {
                    all.look(now);
                }
            }
        }
    }
}

impl Checks {
    fn become_these(&mut self, checks: Vec<Check>) {
        let count = checks.len();
        let mut before = core::mem::take(&mut self.entries);
        for check in checks {
            let name = Arc::clone(&check.name);
            let entry = match before.remove(&name) {
                Some(entry) => entry.become_this(check),
                None => self.begin(check, count),
            };
            self.entries.insert(name, entry);
        }
        for gone in before.into_values() {
            gone.task.abort();
        }
    }

    fn begin(&mut self, check: Check, count: usize) -> Entry {
        let standing = Standing::new(&check, Rc::clone(&self.sink));
        let standing = Rc::new(RefCell::new(standing));
        let first = Instant::now() + slots::first(&mut self.random, check.schedule.interval, count);
        let (check, changes) = watch::channel(Rc::new(check));
        let task = spawn_local(Life::new(changes, Rc::clone(&standing), first).live()).abort_handle();
        Entry { check, standing, task }
    }

    fn look(&self, now: Instant) {
        for entry in self.entries.values() {
            let schedule = entry.check.borrow().schedule;
            entry.standing.borrow_mut().look(now, &schedule);
        }
    }
}

impl Entry {
    fn become_this(self, check: Check) -> Self {
        let anew = {
            let before = self.check.borrow();
            if **before == check { None } else { Some(before.probe != check.probe) }
        };
        if let Some(anew) = anew {
            self.standing.borrow_mut().adopt(&check.schedule, anew);
            self.check.send_replace(Rc::new(check));
        }
        self
    }
}
