use core::time::Duration;

use fastrand::Rng;
use vrrp_core::Instant;

use super::{between, chance};

/// What happens to frames on the way from one station to another, beside taking their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noise {
    /// Frames lost of a thousand.
    pub lost: u16,
    /// Frames doubled of a thousand.
    pub doubled: u16,
    /// Frames held back of a thousand, each for up to [`Noise::held_for`]: others overtake them.
    pub held: u16,
    /// For how long.
    pub held_for: Duration,
    /// What every frame takes longer.
    pub delay: Duration,
}

/// The way from one station to another.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way {
    pub(super) noise: Noise,
    /// When the last frame arrives: the next does not overtake it.
    last: Instant,
}

impl Noise {
    /// The longest that a frame is late.
    pub const fn latest(&self) -> Duration {
        self.delay.saturating_add(self.held_for)
    }
}

impl Way {
    /// The moments at which a frame sent now arrives: none when it is lost, two when it is doubled.
    pub(super) fn carry(&mut self, rng: &mut Rng, now: Instant, wire: (Duration, Duration)) -> [Option<Instant>; 2] {
        if chance(rng, self.noise.lost) {
            return [None, None];
        }
        let mut arrives = now + between(rng, wire) + self.noise.delay;
        if chance(rng, self.noise.held) {
            arrives = arrives + between(rng, (Duration::ZERO, self.noise.held_for));
        } else {
            arrives = arrives.max(self.last);
            self.last = arrives;
        }
        let again = chance(rng, self.noise.doubled).then(|| arrives + between(rng, wire));
        [Some(arrives), again]
    }
}
