#![expect(clippy::panic, reason = "a target reports what does not hold by a panic")]

use vrrp_sim::{Episode, Mode};

/// A LAN, its routers and its faults out of a seed, and the invariants of the simulator: they hold whichever of the faults
/// happen.
///
/// The first byte chooses the mode, the next four the seed; then comes a byte for each fault, which leaves it out if it is 0.
///
/// # Panics
/// When an invariant fails; the failure is a script and a timeline.
pub fn lan(data: &[u8]) {
    let Some((&[mode, seed @ ..], changes)) = data.split_first_chunk::<5>() else { return };
    let mode = if mode & 1 == 0 { Mode::Safety } else { Mode::Liveness };
    let mut script = Episode { seed: u32::from_le_bytes(seed).into(), mode }.script();
    let mut changes = changes.iter();
    script.steps.retain(|_| changes.next() != Some(&0));
    if let Err(failure) = script.replay() {
        panic!("{failure}");
    }
}
