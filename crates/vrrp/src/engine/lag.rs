use core::time::Duration;

use crate::status::{LAG_BOUNDS, Lag};

impl Lag {
    /// Notes how late the timers of one turn are.
    pub(super) fn note(&mut self, late: Duration) {
        let place = LAG_BOUNDS.iter().position(|bound| late <= *bound).unwrap_or(LAG_BOUNDS.len());
        if let Some(count) = self.counts.get_mut(place) {
            *count = count.wrapping_add(1);
        }
        self.sum += late;
        self.worst = self.worst.max(late);
        self.last = late;
    }
}
