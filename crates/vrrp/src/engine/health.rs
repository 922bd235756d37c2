//! What checks say: from their names to the core's numbers, to every router that tracks or requires them.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{CheckId, Config, Input, Instant, RouterId, Verdict};

use super::Engine;
use crate::clock;
use crate::event::What;
use crate::status::CheckStatus;

/// How long whoever runs the checks may be silent before that is a failure of all of them.
const SILENCE: Duration = Duration::from_secs(5);
/// Between two looks at whether it lives.
const LOOK: Duration = Duration::from_secs(1);

/// The checks that routers name, and what each said last.
#[derive(Debug, Default)]
pub(super) struct Checks {
    known: Vec<Known>,
    pulse: Option<Pulse>,
}

#[derive(Debug)]
struct Known {
    name: Arc<str>,
    verdict: Verdict,
    words: Arc<str>,
    since: Option<Instant>,
}

/// The life of whoever runs the checks: a monotonic time stamp that it renews.
#[derive(Debug)]
struct Pulse {
    beat: Arc<AtomicU64>,
    looked: Instant,
    silent: bool,
}

impl Checks {
    /// The number of the check of this name, given when it is first asked for.
    pub(super) fn id(&mut self, name: &Arc<str>) -> CheckId {
        let index = self.known.iter().position(|known| known.name == *name).unwrap_or_else(|| {
            let (verdict, words) = (Verdict::Unknown, Arc::from(""));
            self.known.push(Known { name: Arc::clone(name), verdict, words, since: None });
            self.known.len() - 1
        });
        CheckId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(super) fn name(&self, id: CheckId) -> Option<Arc<str>> {
        self.known.get(id.0 as usize).map(|known| Arc::clone(&known.name))
    }

    /// What it says now: nothing that can be relied on while its runner is silent.
    fn verdict(&self, id: CheckId) -> Verdict {
        let verdict = self.known.get(id.0 as usize).map_or(Verdict::Unknown, |known| known.verdict);
        let silent = self.pulse.as_ref().is_some_and(|pulse| pulse.silent);
        if silent && verdict != Verdict::Unknown { Verdict::Silent } else { verdict }
    }

    pub(super) fn status(&self) -> Vec<CheckStatus> {
        let status = |(known, id): (&Known, u32)| CheckStatus {
            name: Arc::clone(&known.name),
            verdict: self.verdict(CheckId(id)),
            words: Arc::clone(&known.words),
            since: known.since,
        };
        self.known.iter().zip(0..).map(status).collect()
    }

    /// When the pulse is to be felt again. While it beats that is done in passing; when it does not, its routers serve no
    /// more, and nothing else need ever be due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.pulse.as_ref().filter(|pulse| pulse.silent).map(|pulse| pulse.looked + LOOK)
    }

    /// What was said by a check that no router names any more is forgotten: should it come back, it has said nothing yet.
    fn forget(&mut self, id: CheckId) {
        if let Some(known) = self.known.get_mut(id.0 as usize) {
            (known.verdict, known.words, known.since) = (Verdict::Unknown, Arc::from(""), None);
        }
    }

    fn ids(&self) -> impl Iterator<Item = CheckId> + use<> {
        (0..u32::try_from(self.known.len()).unwrap_or(u32::MAX)).map(CheckId)
    }
}

impl Engine {
    /// Takes the news of a check.
    pub(super) fn take_verdict(&mut self, name: &Arc<str>, verdict: Verdict, words: Box<str>) {
        let id = self.checks.id(name);
        if let Some(known) = self.checks.known.get_mut(id.0 as usize) {
            known.since = if known.verdict == verdict { known.since } else { Some(clock::now()) };
            (known.verdict, known.words) = (verdict, Arc::from(&*words));
        }
        self.tell_all(What::Check { name: Arc::clone(name), verdict, words });
        self.apply(id);
    }

    /// Takes word that a run that took so long found a check well.
    pub(super) fn confirm(&mut self, name: &Arc<str>, took: Duration) {
        let id = self.checks.id(name);
        let began = clock::now() - took;
        for router in self.routers_that_care(id) {
            self.handle(router, Input::Confirmed(id, began));
        }
    }

    /// Tells a router that has just come in, or whose checks changed, what they say.
    pub(super) fn apply_checks_to(&mut self, router: RouterId) {
        for id in self.checks.ids() {
            let verdict = self.checks.verdict(id);
            if verdict != Verdict::Unknown {
                self.handle(router, Input::Check(id, verdict));
            }
        }
    }

    /// After a reload: forgets the checks that no router names any more.
    pub(super) fn forget_checks(&mut self) {
        for id in self.checks.ids() {
            if self.routers_that_care(id).is_empty() {
                self.checks.forget(id);
            }
        }
    }

    fn apply(&mut self, id: CheckId) {
        let verdict = self.checks.verdict(id);
        for router in self.routers_that_care(id) {
            self.handle(router, Input::Check(id, verdict));
        }
    }

    /// The routers that track or require a check.
    fn routers_that_care(&self, id: CheckId) -> Vec<RouterId> {
        let cares = |config: &Config| {
            config.tracks.iter().any(|track| track.check == id)
                || config.claim_requires.iter().any(|required| required.check == id)
        };
        self.node.routers().filter(|(_, router)| cares(router.config())).map(|(router, _)| router).collect()
    }

    /// Whoever runs the checks renews this monotonic time stamp, in nanoseconds, at least each second.
    pub(super) fn watch_pulse(&mut self, beat: Arc<AtomicU64>) {
        self.checks.pulse = Some(Pulse { beat, looked: clock::now(), silent: false });
    }

    /// Looks whether the runner of the checks lives. Asked in passing: a host on which nothing is due has nothing to decide.
    pub(super) fn feel_pulse(&mut self, now: Instant) {
        let Some(pulse) = self.checks.pulse.as_mut().filter(|pulse| now.since(pulse.looked) >= LOOK) else {
            return;
        };
        pulse.looked = now;
        let beat = Instant::from_nanos(pulse.beat.load(Ordering::Relaxed));
        let silent = now.since(beat) >= SILENCE;
        if core::mem::replace(&mut pulse.silent, silent) == silent {
            return;
        }
        let words =
            if silent { "the runner of health checks has fallen silent" } else { "health checks are run again" };
        self.trouble(words);
        self.checks.ids().for_each(|id| self.apply(id));
    }
}
