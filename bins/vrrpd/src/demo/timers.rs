use core::time::Duration;

/// The timers of the two routers, worked out from the text of RFC 9568 §6.1 and not by the daemon's own code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timers {
    /// `Advertisement_Interval` of both.
    pub(crate) interval: Duration,
}

impl Timers {
    /// `Skew_Time`: ((256 - Priority) * `Active_Adver_Interval`) / 256.
    pub(crate) fn skew(self, priority: u8) -> Duration {
        self.interval * (256 - u32::from(priority)) / 256
    }

    /// `Active_Down_Interval`: 3 * `Active_Adver_Interval` + `Skew_Time`.
    pub(crate) fn down(self, priority: u8) -> Duration {
        3 * self.interval + self.skew(priority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_the_priority_the_longer_the_wait() {
        let timers = Timers { interval: Duration::from_millis(256) };
        assert_eq!(timers.skew(254), Duration::from_millis(2));
        assert_eq!(timers.skew(100), Duration::from_millis(156));
        assert_eq!(timers.down(100), Duration::from_millis(3 * 256 + 156));
    }
}
