use core::time::Duration;

use vrrp_core::Instant;

pub(super) const WIDTH: f64 = 900.0;
pub(super) const LEFT: f64 = 170.0;
pub(super) const RIGHT: f64 = 24.0;

/// From moments to places on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub(super) from: Instant,
    pub(super) to: Instant,
    /// What is written as 0 s.
    zero: Instant,
}

impl Scale {
    /// From a while before a moment, which is the origin of the axis, to the end.
    pub(super) fn new(zero: Instant, end: Instant) -> Self {
        let lead = end.since(zero) / 12;
        let from = Instant::ORIGIN + zero.since(Instant::ORIGIN).saturating_sub(lead.max(Duration::from_secs(1)));
        Self { from, to: end, zero }
    }

    pub(super) fn x(&self, at: Instant) -> f64 {
        let all = self.to.since(self.from).as_secs_f64().max(1e-9);
        let part = at.since(self.from).as_secs_f64() / all;
        part.clamp(0.0, 1.0).mul_add(WIDTH - LEFT - RIGHT, LEFT)
    }

    /// The ticks of the axis, in round seconds.
    pub(super) fn ticks(&self) -> Vec<(u64, f64)> {
        let whole = self.to.since(self.zero).as_secs();
        let step =
            [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].into_iter().find(|step| whole / step <= 12).unwrap_or(2000);
        let at = |second| (second, self.x(self.zero + Duration::from_secs(second)));
        (0..=whole / step).map(|nth| at(nth * step)).collect()
    }
}
