use core::time::Duration;

use vrrp_core::{Config, active_down_interval};
use vrrp_wire::{Priority, Version};

use crate::setup::Latency;

/// Who hands over serves on for so long after it has heard its successor.
pub(super) const LINGER: Duration = Duration::from_millis(20);

/// For how long the invariants of one virtual router may fail, derived from how its routers are configured for it and for
/// the others of its sync group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The longest `Active_Down_Interval`: lowest priority, longest interval that can be learned.
    pub down: Duration,
    /// [`Bounds::down`]; one last lower advertisement may have come 50 ms after the Active router was gone. Twice as long
    /// where a silent router is asked for (`confirm_silence`), where a claim is put off once
    /// (`claim_requires`), or when the link has come up and nothing came in since.
    pub live: Duration,
    /// The longest `Skew_Time`: who hears priority 0 waits for it, though it may have waited for more already.
    pub skew: Duration,
    /// The longest interval, and what a frame and two kernels take: the better one's next advertisement ends it. Who
    /// hands over serves on for 20 ms after hearing it.
    pub dual: Duration,
    /// [`Bounds::live`] and [`Bounds::dual`].
    pub stable: Duration,
    /// The shortest `Active_Down_Interval`, without its `Skew_Time`.
    pub silence: Duration,
    /// The shortest `preempt_delay`: nobody preempts sooner after it has become a Backup.
    pub patience: Duration,
    /// [`Bounds::stable`], the longest `preempt_delay`, and a takeover after it.
    pub settled: Duration,
    /// 50 ms for the kernel to take the loser's addresses away, half an interval for an answer that must wait, the
    /// winner's kernel, and a burst; without last lower advertisements nobody promises more than a refresh.
    pub announced: Duration,
    /// The longest refresh of the announcements, with its jitter.
    pub refreshed: Duration,
    /// The kernel, and what it is at work with before.
    pub placed: Duration,
    /// What the daemon takes to hear of its interface.
    pub recovered: Duration,
    /// What a daemon takes to work off what one member of a sync group does to the others: they are due in the same turn.
    pub together: Duration,
    /// [`Bounds::dual`], and what a first member that is cut off needs to be known for deaf: as long as it may hear
    /// nothing itself, and one and a half intervals in which only others of its sync group hear.
    pub cut: Duration,
    /// An interval and 100 ms without a successor, and 20 ms on with one.
    pub left: Duration,
}

impl Bounds {
    /// The bounds of one virtual router that has been configured in these ways. `held_for` is the longest that a frame is
    /// ever held back.
    pub fn new(configs: &[Config], latency: &Latency, held_for: Duration) -> Self {
        let configs = || configs.iter();
        let longest = configs().map(|config| config.interval).max();
        let interval = longest.map_or(Duration::ZERO, |interval| interval.duration());
        let down = configs()
            .filter_map(|config| {
                let (version, adverts) = (config.version, config.down_timer_adverts);
                Some(active_down_interval(version, Priority::new(1), longest?, adverts))
            })
            .max()
            .unwrap_or_default();
        let delay = configs().map(|config| match config.preempt {
            vrrp_core::Preempt::After(delay) if !config.is_owner() => delay,
            vrrp_core::Preempt::After(_) | vrrp_core::Preempt::Immediately | vrrp_core::Preempt::Never => {
                Duration::ZERO
            }
        });
        let silence = configs().map(|config| config.interval.duration() * u32::from(config.down_timer_adverts)).min();
        let refresh = configs().map(|config| config.announce.refresh).max().unwrap_or_default();
        let hop = latency.wire.1 * 2 + held_for + latency.wake.1;
        let kernel = latency.kernel.1 * 2 + latency.wake.1;
        let news = Duration::from_millis(5);
        let grace = Duration::from_millis(50);
        let asks = configs().any(|config| config.habits.confirm_silence);
        let once = |one: &vrrp_core::Requirement| one.otherwise == vrrp_core::OnClaim::HoldBackOnce;
        let puts_off = configs().any(|config| config.claim_requires.iter().any(once));
        let live = down * (1 + u32::from(asks) + u32::from(puts_off)) + grace + hop * 2;
        let skew = match configs().any(|config| config.version == Version::V2) {
            true => interval.max(Duration::from_secs(1)),
            false => interval,
        };
        let dual = interval + LINGER + hop * 2 + kernel;
        let stable = live + dual + news;
        let refreshed = refresh + refresh / 8 + hop * 2 + kernel;
        let tells = configs().all(|config| config.habits.last_lower_advertisement);
        let announced = grace + interval / 2 + kernel + hop * 4 + Duration::from_millis(150);
        Self {
            down,
            live,
            skew: skew + hop * 2,
            dual,
            stable,
            silence: silence.unwrap_or_default(),
            patience: delay.clone().min().unwrap_or_default(),
            settled: stable + delay.max().unwrap_or_default() + down + dual,
            announced: if tells { announced } else { refreshed },
            refreshed,
            placed: kernel + latency.wake.1,
            together: latency.wake.1 * 2,
            cut: dual + down + interval * 3 / 2,
            recovered: news + latency.wake.1 * 2,
            left: interval + Duration::from_millis(100) + LINGER + latency.wake.1 * 4,
        }
    }
}
