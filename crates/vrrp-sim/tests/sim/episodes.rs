//! Episodes out of seeds: whatever happens, the invariants hold. CI runs ten times as many.

use vrrp_sim::{Episode, Mode};

fn run(mode: Mode, seeds: core::ops::Range<u64>) {
    for seed in seeds {
        if let Err(failure) = (Episode { seed, mode }).run() {
            panic!("{failure}");
        }
    }
}

#[test]
fn while_faults_roll_nothing_forbidden_happens() {
    run(Mode::Safety, 0..500);
}

#[test]
fn when_faults_have_ended_what_should_happen_does() {
    run(Mode::Liveness, 0..500);
}
