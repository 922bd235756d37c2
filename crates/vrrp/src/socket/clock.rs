//! Monotonic time, and receive stamps brought into it.

use vrrp_core::Instant;

/// A moment on the wall clock: nanoseconds since 1970-01-01 UTC. It may step, so nothing but the age of a
/// packet is ever computed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(u64);

/// Both clocks, read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// `CLOCK_MONOTONIC`, its own zero as the origin.
    pub monotonic: Instant,
    /// `CLOCK_REALTIME`.
    pub wall: WallTime,
}

/// Between two readings of two clocks a thread may be held up for so long.
const SLEW_FLOOR: u64 = 1_000_000;

impl WallTime {
    /// A moment `nanos` nanoseconds after 1970 began.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since 1970 began.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// A moment from the two fields of a `timespec`; none before 1970 or beyond 2554.
    pub(super) fn from_parts(secs: i64, nanos: i64) -> Option<Self> {
        let secs = u64::try_from(secs).ok()?.checked_mul(1_000_000_000)?;
        Some(Self(secs.checked_add(u64::try_from(nanos).ok()?)?))
    }
}

impl Reading {
    /// Reads both clocks now.
    pub fn take() -> Self {
        let nanos = |clock| {
            nix::time::clock_gettime(clock)
                .ok()
                .and_then(|time| WallTime::from_parts(time.tv_sec(), time.tv_nsec()))
                .map_or(0, WallTime::as_nanos)
        };
        Self {
            monotonic: Instant::from_nanos(nanos(nix::time::ClockId::CLOCK_MONOTONIC)),
            wall: WallTime(nanos(nix::time::ClockId::CLOCK_REALTIME)),
        }
    }

    /// When a packet stamped `stamp` came, given that this reading was taken after it was received and that
    /// the socket had been drained at `last_drain`: now less the packet's age, never before `last_drain` and never after now.
    ///
    /// A packet without a stamp came now, and so did one between whose arrival and this reading the wall clock may have
    /// been stepped: dated back, it would make a living router look silent.
    pub fn arrival(&self, stamp: Option<WallTime>, last_drain: &Self) -> Instant {
        let known = stamp.filter(|_| !self.was_stepped_since(last_drain));
        let age = known.map_or(0, |stamp| self.wall.0.saturating_sub(stamp.0));
        let now = self.monotonic.as_nanos();
        let earliest = last_drain.monotonic.as_nanos().min(now);
        Instant::from_nanos(now.saturating_sub(age).max(earliest))
    }

    /// Whether the wall clock went further from the monotonic one than it is slewed: 0.05 % at most (`adjtimex`).
    fn was_stepped_since(&self, earlier: &Self) -> bool {
        let passed = self.monotonic.since(earlier.monotonic);
        let elapsed = u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX);
        let drift = self.wall.0.abs_diff(earlier.wall.0.saturating_add(elapsed));
        drift > SLEW_FLOOR + elapsed / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const NOW: Reading =
        Reading { monotonic: Instant::from_nanos(100 * SECOND), wall: WallTime(1_700_000_000 * SECOND) };

    /// Arrival of a packet stamped `before` nanoseconds before the wall clock of [`NOW`], drained a second ago.
    fn arrival(before: i64) -> u64 {
        let stamp = NOW.wall.0.wrapping_add_signed(-before);
        NOW.arrival(Some(WallTime(stamp)), &a_second_ago(0)).as_nanos()
    }

    /// The reading at the last drain, with the wall clock off by so many nanoseconds from where it should have been.
    fn a_second_ago(off: i64) -> Reading {
        let wall = NOW.wall.0 - SECOND;
        Reading { monotonic: Instant::from_nanos(99 * SECOND), wall: WallTime(wall.wrapping_add_signed(off)) }
    }

    #[test]
    fn a_packet_came_as_long_ago_as_its_stamp_is_old() {
        assert_eq!(arrival(0), 100 * SECOND);
        assert_eq!(arrival(3_000_000), 100 * SECOND - 3_000_000);
        assert_eq!(arrival(1_000_000_000), 99 * SECOND);
    }

    #[test]
    fn a_clock_stepped_forward_makes_no_packet_older_than_the_last_drain() {
        assert_eq!(arrival(3600 * 1_000_000_000), 99 * SECOND);
        assert_eq!(arrival(NOW.wall.0.cast_signed()), 99 * SECOND);
    }

    #[test]
    fn a_clock_stepped_back_makes_no_packet_come_in_the_future() {
        assert_eq!(arrival(-1), 100 * SECOND);
        assert_eq!(arrival(-3600 * 1_000_000_000), 100 * SECOND);
    }

    #[test]
    fn a_packet_without_a_stamp_came_now() {
        assert_eq!(NOW.arrival(None, &a_second_ago(0)), NOW.monotonic);
    }

    #[test]
    fn a_last_drain_in_the_future_is_taken_for_now() {
        let later = Reading { monotonic: Instant::from_nanos(101 * SECOND), wall: WallTime(NOW.wall.0 + SECOND) };
        assert_eq!(NOW.arrival(None, &later), NOW.monotonic);
    }

    #[test]
    fn after_a_step_of_the_wall_clock_a_packet_came_now_and_after_slewing_when_it_did() {
        let half_a_second_old = Some(WallTime(NOW.wall.0 - SECOND / 2));
        for stepped in [60 * SECOND.cast_signed(), -60 * SECOND.cast_signed(), 3_000_000] {
            assert_eq!(NOW.arrival(half_a_second_old, &a_second_ago(stepped)), NOW.monotonic);
        }
        assert_eq!(NOW.arrival(half_a_second_old, &a_second_ago(500_000)).as_nanos(), 100 * SECOND - SECOND / 2);
    }

    #[test]
    fn clocks_are_read_and_do_not_go_back() {
        let (first, second) = (Reading::take(), Reading::take());
        assert!(first.monotonic > Instant::ORIGIN);
        assert!(second.monotonic >= first.monotonic);
        assert!(first.wall.as_nanos() > 1_700_000_000 * SECOND);
    }
}
