//! The addresses that wait for a phase, and until when.

use std::time::Instant;

use crate::event::{Prepared, Readiness};
use crate::notice::Phase;
use crate::subject::SubjectId;

#[derive(Debug, Default)]
pub(crate) struct Barriers {
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    until: Instant,
    subject: SubjectId,
    phase: Phase,
    generation: u64,
}

impl Open {
    fn opened(self, why: Readiness) -> Prepared {
        Prepared { subject: self.subject, phase: self.phase, generation: self.generation, why }
    }
}

impl Barriers {
    pub(crate) fn add(&mut self, until: Instant, subject: SubjectId, phase: Phase, generation: u64) {
        self.open.push(Open { until, subject, phase, generation });
    }

    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.open.iter().map(|open| open.until).min()
    }

    /// Opens a barrier whose program ended or will not run; `None` when its deadline was first.
    pub(crate) fn settle(
        &mut self,
        subject: &SubjectId,
        phase: Phase,
        generation: u64,
        why: Readiness,
    ) -> Option<Prepared> {
        let is_it = |open: &Open| open.subject == *subject && open.phase == phase && open.generation == generation;
        let place = self.open.iter().position(is_it)?;
        Some(self.open.swap_remove(place).opened(why))
    }

    /// Opens those whose deadline has passed.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<Prepared> {
        let (late, open) = self.open.drain(..).partition(|open| open.until <= now);
        self.open = open;
        late.into_iter().map(|open: Open| open.opened(Readiness::Deadline)).collect()
    }
}
