//! Whether the machine runs what is due: what it does not run nobody can be blamed for.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;
use vrrp_lab::Stamp;

/// How often each processor is asked for.
const STEP: Duration = Duration::from_millis(2);
/// Later than this is a stall.
pub(crate) const STALL: Duration = Duration::from_millis(20);

/// One thread on each processor that only wants to be woken in time.
#[derive(Debug)]
pub(crate) struct StallWatch {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<(Stamp, Stamp)>>>,
    threads: Vec<JoinHandle<()>>,
}

impl StallWatch {
    pub(crate) fn start() -> Self {
        let (stop, seen) = (Arc::<AtomicBool>::default(), Arc::<Mutex<Vec<_>>>::default());
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads = (0..processors).map(|processor| {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            thread::spawn(move || {
                pin(processor);
                watch(&stop, &seen);
            })
        });
        let threads = threads.collect();
        Self { stop, seen, threads }
    }

    /// Takes the stalls since the last call.
    pub(crate) fn take(&self) -> Vec<(Stamp, Stamp)> {
        core::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for StallWatch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _panicked = thread.join();
        }
    }
}

/// Where that is forbidden the thread runs where it may.
fn pin(processor: usize) {
    let mut set = CpuSet::new();
    let _forbidden = set.set(processor).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set));
}

fn watch(stop: &AtomicBool, seen: &Mutex<Vec<(Stamp, Stamp)>>) {
    while !stop.load(Ordering::Relaxed) {
        let (slept, from) = (Instant::now(), Stamp::now());
        thread::sleep(STEP);
        if slept.elapsed() > STALL {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push((from, Stamp::now()));
        }
    }
}
