use core::time::Duration;

use vrrp_lab::{ProbeReport, Stamp};

pub(super) const WIDTH: f64 = 1200.0;
pub(super) const LEFT: f64 = 96.0;
pub(super) const RIGHT: f64 = 28.0;
/// Where what has a time begins and ends, from above.
pub(super) const TOP: f64 = 112.0;
pub(super) const BOTTOM: f64 = 410.0;

/// From time to place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    origin: Stamp,
    span: Duration,
}

impl Scale {
    /// From the first probe to the last.
    pub(super) fn of(report: &ProbeReport) -> Self {
        let origin = report.samples.first().map(|sample| sample.sent).unwrap_or_default();
        let last = report.samples.last().map_or(origin, |sample| sample.sent);
        Self { origin, span: last.since(origin).max(Duration::from_millis(1)) }
    }

    /// The place of a moment, from the left.
    pub(super) fn x(&self, moment: Stamp) -> f64 {
        self.place(moment.since(self.origin))
    }

    /// Round times, and their places.
    pub(super) fn ticks(&self) -> impl Iterator<Item = (f64, f64)> {
        let whole = self.span.as_secs_f64();
        let step = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0].into_iter().find(|step| whole / step <= 16.0).unwrap_or(10.0);
        let seconds = (0..64_u32).map(move |count| f64::from(count) * step).take_while(move |at| *at <= whole);
        seconds.map(|at| (at, self.place(Duration::from_secs_f64(at))))
    }

    fn place(&self, after: Duration) -> f64 {
        LEFT + after.as_secs_f64() / self.span.as_secs_f64() * (WIDTH - LEFT - RIGHT)
    }
}
