//! Figures with and without a crowd, side by side.

use core::fmt;
use core::time::Duration;

/// One figure, measured in both ways.
#[derive(Debug)]
pub(crate) struct Pair {
    name: &'static str,
    quiet: Vec<Duration>,
    crowded: Vec<Duration>,
}

impl Pair {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, quiet: Vec::new(), crowded: Vec::new() }
    }

    pub(crate) fn side(&mut self, crowded: bool) -> &mut Vec<Duration> {
        if crowded { &mut self.crowded } else { &mut self.quiet }
    }
}

impl fmt::Display for Pair {
    /// Median, ninth tenth, greatest, and the ratio of the medians; in milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (quiet, crowded) = (Spread::of(&self.quiet), Spread::of(&self.crowded));
        let ratio = crowded.0[0].as_secs_f64() / quiet.0[0].as_secs_f64().max(f64::MIN_POSITIVE);
        let samples = (self.quiet.len(), self.crowded.len());
        writeln!(f, "  {:<34} without {quiet}   with {crowded}   ratio {ratio:.3}   n {samples:?}", self.name)
    }
}

/// Median, ninth tenth, greatest.
struct Spread([Duration; 3]);

impl Spread {
    fn of(all: &[Duration]) -> Self {
        let mut all = all.to_vec();
        all.sort_unstable();
        let last = all.len().saturating_sub(1);
        Self([last / 2, last * 9 / 10, last].map(|place| all.get(place).copied().unwrap_or_default()))
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, tenth, most] = self.0.map(|duration| duration.as_secs_f64() * 1000.0);
        write!(f, "{median:>8.3} /{tenth:>8.3} /{most:>8.3}")
    }
}
