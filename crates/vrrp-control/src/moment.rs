use core::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment of wall time: seconds since the Unix epoch, with fractions.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub f64);

/// A length of time in seconds, with fractions.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Moment {
    /// The moment so many nanoseconds after the Unix epoch.
    pub fn from_unix_nanos(nanos: u64) -> Self {
        let since = Duration::from_nanos(nanos);
        // A double holds microseconds of our century, and no more.
        Self((since.as_secs_f64() * 1e6).round() / 1e6)
    }

    /// How long after `earlier` this is; zero when it is not.
    pub fn since(self, earlier: Self) -> Seconds {
        Seconds((self.0 - earlier.0).max(0.0))
    }
}

impl Seconds {
    /// As a duration; zero for what is none.
    pub fn duration(self) -> Duration {
        Duration::try_from_secs_f64(self.0).unwrap_or_default()
    }
}

impl From<Duration> for Seconds {
    fn from(duration: Duration) -> Self {
        Self(duration.as_secs_f64())
    }
}
