//! The arithmetic of RFC 9568 §6.1 and RFC 3768 §6.1.

use core::time::Duration;

use vrrp_wire::{AdverInterval, Priority, Version};

/// Waited by a hand-over beyond one `Adver_Interval` before it gives up on a successor.
pub(crate) const HAND_OVER_MARGIN: Duration = Duration::from_millis(100);
/// Served on after the successor's first advertisement, or after its announcements where those are listened for: it
/// advertises some milliseconds before it has the addresses. Its third round of announcements, 30 ms after the first, still
/// comes after ours are gone.
pub(crate) const LINGER: Duration = Duration::from_millis(20);
/// Served on at most for a successor whose announcements are listened for and not heard: a busy host takes a tenth of a
/// second from its advertisement to its announcements, and those of some never come by.
pub(crate) const LONGEST_LINGER: Duration = Duration::from_millis(500);
/// Longest wait for the kernel to acknowledge a preempting claim before it is advertised all the same.
/// The router that is preempted serves meanwhile, so patience costs nothing.
pub(crate) const PLACE_GRACE: Duration = Duration::from_millis(200);
/// From the first announcement of a preempting claim to its advertisement: the announcement is to be believed by then.
pub(crate) const ANNOUNCE_LEAD: Duration = Duration::from_millis(1);
/// How long before a claim the LAN is asked at most: a host on the link answers within that.
pub(crate) const LONGEST_PROBE: Duration = Duration::from_millis(20);
/// Until a router whose check fails and that nobody relieved asks again: a peer may have come meanwhile that does not
/// preempt, and that it cannot hear of.
pub(crate) const ASK_AGAIN: Duration = Duration::from_secs(60);
/// For so long a member of a sync group that others knew better than leaves it to them whether the Active router lives:
/// whom it hears meanwhile may have claimed for the same mistake.
pub(crate) const OVERRULED: Duration = Duration::from_secs(60);
/// Until priority 0 is sent a second time: a single lost frame must not cost `Active_Down_Interval`.
pub(crate) const RELEASE_REPEAT: Duration = Duration::from_millis(20);
/// Longest wait for the kernel to acknowledge a release before the last lower advertisement goes out.
pub(crate) const RELEASE_GRACE: Duration = Duration::from_millis(50);
/// Gap after the first round of announcements; it doubles from round to round.
pub(crate) const FIRST_GAP: Duration = Duration::from_millis(10);
/// The gap between rounds grows no further.
pub(crate) const LAST_GAP: Duration = Duration::from_secs(1);

/// `Skew_Time`: `(256 - priority) * Active_Adver_Interval / 256` (RFC 9568 §6.1); in VRRPv2 the same
/// share of one second (RFC 3768 §6.1).
pub fn skew_time(version: Version, priority: Priority, active_adver_interval: AdverInterval) -> Duration {
    let share = 256 - u32::from(priority.get());
    match version {
        Version::V2 => Duration::from_secs(1) * share / 256,
        Version::V3 => active_adver_interval.duration() * share / 256,
    }
}

/// `Active_Down_Interval`: `3 * Active_Adver_Interval + Skew_Time` (RFC 9568 §6.1), with keepalived's
/// `down_timer_adverts` in place of the 3.
#[doc(alias = "Master_Down_Interval")]
pub fn active_down_interval(
    version: Version,
    priority: Priority,
    active_adver_interval: AdverInterval,
    down_timer_adverts: u8,
) -> Duration {
    active_adver_interval.duration() * u32::from(down_timer_adverts)
        + skew_time(version, priority, active_adver_interval)
}

/// The gap after round `round` (from 1) of a burst of announcements.
pub(crate) fn announcement_gap(round: u8) -> Duration {
    let doubled = FIRST_GAP * (1 << u32::from(round.saturating_sub(1)).min(7));
    doubled.min(LAST_GAP)
}
