use core::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// One slot in so many has a second fault, upon the other router.
const BESIDE_ONE_IN: u32 = 6;

/// How long the last slot of a round is left alone, so that what comes to rest late is judged too.
const LONG_QUIET: Duration = Duration::from_secs(16);

/// Whom a fault is meant for, decided when it strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The router that has the address, or the first one.
    Holder,
    /// The router that has it not.
    Other,
}

/// One fault of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// How long after the start of its slot.
    pub after: Duration,
    /// What is done.
    pub fault: Fault,
    /// How long it lasts.
    pub lasts: Duration,
}

/// A fault, seldom two, and the time in which everything has to be well again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Whom the first fault is meant for. The second strikes the other router.
    pub target: Target,
    /// What is done.
    pub strikes: Vec<Strike>,
    /// How long nothing is done after the last of it is over.
    pub quiet: Duration,
}

impl Slot {
    /// Returns how long the slot takes.
    pub fn length(&self) -> Duration {
        let over = self.strikes.iter().map(|strike| strike.after + strike.lasts).max();
        over.unwrap_or_default() + self.quiet
    }
}

/// Returns the slots that a seed makes of a time: every kind of fault once in each round, in a random order. Nothing
/// but seed and time enters, so that two pairs of daemons meet the same.
pub fn schedule(seed: u64, time: Duration) -> Vec<Slot> {
    let mut rng = Rng::with_seed(seed);
    let mut slots = Vec::new();
    let mut used = Duration::ZERO;
    loop {
        let mut round = Fault::ALL;
        rng.shuffle(&mut round);
        for (place, fault) in round.into_iter().enumerate() {
            let slot = slot(&mut rng, fault, place + 1 == round.len());
            used += slot.length();
            if used > time {
                return slots;
            }
            slots.push(slot);
        }
    }
}

fn slot(rng: &mut Rng, fault: Fault, last: bool) -> Slot {
    let first = Strike { after: Duration::ZERO, fault, lasts: fault.lasts(rng) };
    let mut strikes = vec![first];
    // Two thirds of the faults strike where the address is: there is more to lose.
    let target = if rng.u8(0..3) < 2 { Target::Holder } else { Target::Other };
    let quiet = if last { LONG_QUIET } else { Duration::from_millis(rng.u64(5_000..12_000)) };
    if rng.u32(0..BESIDE_ONE_IN) == 0 {
        let beside = rng.choice(Fault::BESIDE).unwrap_or(Fault::Freeze);
        let within = u64::try_from(first.lasts.as_millis()).unwrap_or(0).max(1_000);
        let after = Duration::from_millis(rng.u64(100..within));
        strikes.push(Strike { after, fault: beside, lasts: beside.lasts(rng) });
    }
    Slot { target, strikes, quiet }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_seed_makes_the_same_schedule_again_and_another_seed_another() {
        assert_eq!(schedule(7, HOUR), schedule(7, HOUR));
        assert_ne!(schedule(7, HOUR), schedule(8, HOUR));
    }

    #[test]
    fn a_shorter_time_is_the_beginning_of_a_longer_one() {
        let (short, long) = (schedule(7, HOUR / 30), schedule(7, HOUR));
        assert!(!short.is_empty() && long.starts_with(&short));
        assert!(short.iter().map(Slot::length).sum::<Duration>() <= HOUR / 30);
    }

    #[test]
    fn an_hour_has_every_kind_of_fault_and_some_slots_with_two() {
        let slots = schedule(7, HOUR);
        for fault in Fault::ALL {
            let times = slots.iter().flat_map(|slot| &slot.strikes).filter(|strike| strike.fault == fault).count();
            assert!(times >= 10, "{fault} comes {times} times");
        }
        assert!(slots.iter().filter(|slot| slot.strikes.len() == 2).count() >= 10);
    }
}
