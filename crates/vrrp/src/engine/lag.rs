use core::time::Duration;

use vrrp_core::Instant;

use crate::status::{LAG_BOUNDS, Lag};

impl Lag {
    /// Notes how late the timers of one turn, at `now`, are.
    pub(super) fn note(&mut self, now: Instant, late: Duration) {
        let place = LAG_BOUNDS.iter().position(|bound| late <= *bound).unwrap_or(LAG_BOUNDS.len());
        if let Some(count) = self.counts.get_mut(place) {
            *count = count.wrapping_add(1);
        }
        self.sum += late;
        if late > self.worst {
            (self.worst, self.worst_at) = (late, Some(now));
        }
        self.last = late;
    }
}
