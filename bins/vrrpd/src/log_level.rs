//! How much is logged, as it can be changed while the daemon runs.

use core::sync::atomic::{AtomicU8, Ordering};

use tracing::{Level, Metadata};
use vrrp_control::LogLevel;

/// The place of the level in [`LEVELS`].
static LEVEL: AtomicU8 = AtomicU8::new(2);

const LEVELS: [(LogLevel, Level); 5] = [
    (LogLevel::Error, Level::ERROR),
    (LogLevel::Warn, Level::WARN),
    (LogLevel::Info, Level::INFO),
    (LogLevel::Debug, Level::DEBUG),
    (LogLevel::Trace, Level::TRACE),
];

fn now() -> (LogLevel, Level) {
    let place = usize::from(LEVEL.load(Ordering::Relaxed));
    LEVELS.get(place).copied().unwrap_or((LogLevel::Info, Level::INFO))
}

/// Whether a line is to be written.
pub(crate) fn is_enabled(line: &Metadata<'_>) -> bool {
    *line.level() <= now().1
}

pub(crate) fn current() -> LogLevel {
    now().0
}

pub(crate) fn set(level: LogLevel) {
    let place = LEVELS.iter().position(|(known, _)| *known == level);
    if let Some(place) = place.and_then(|place| u8::try_from(place).ok()) {
        LEVEL.store(place, Ordering::Relaxed);
    }
}
