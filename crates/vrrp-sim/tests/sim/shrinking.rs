//! What fails shrinks to what a person can follow.

use vrrp_core::{Instant, Output};
use vrrp_sim::{Episode, Invariant, Mode, Saboteur, Script, shrink};

/// Never tells the kernel to take an address away.
struct KeepsTheAddress;

impl Saboteur for KeepsTheAddress {
    fn performs(&mut self, _: Instant, _: u8, _: usize, order: Output) -> bool {
        order != Output::Release
    }
}

#[test]
fn a_failure_shrinks_to_a_few_steps_that_fail_in_the_same_way_and_replay_from_their_text() {
    let saboteur = || -> Box<dyn Saboteur> { Box::new(KeepsTheAddress) };
    for seed in 0..20 {
        let Err(failure) = (Episode { seed, mode: Mode::Safety }).run_with(saboteur()) else { continue };
        let (before, invariant) = (failure.script.steps.len(), failure.invariant());
        let small = shrink(failure, &saboteur);
        assert_eq!(small.invariant(), invariant);
        assert!(small.script.steps.len() <= 4 && small.script.steps.len() <= before, "seed {seed}: {small}");

        let again: Script = small.script.to_string().parse().unwrap();
        let again = again.replay_with(saboteur()).unwrap_err();
        assert_eq!(again.finding, small.finding);
        assert_eq!(again.timeline.to_string(), small.timeline.to_string());
    }
}

#[test]
fn an_expectation_that_is_not_met_is_a_failure_too() {
    let text = "
        router r0 ours
        v0 segment 0 version 3 family ipv4 vrid 51
        v0 r0 priority 100 interval 1s addresses 1
        end 10s
        at 9s expect r0 v0 backup";
    let script: Script = text.parse().unwrap();
    let failure = script.replay().unwrap_err();
    assert_eq!(failure.invariant(), None);
    assert!(failure.to_string().contains("it is not so: r0 v0 backup"));

    let broken = Script { expectations: Vec::new(), breaks: Some(Invariant::S2), ..script };
    assert!(broken.replay().unwrap_err().to_string().contains("S2 holds, and was to be broken"));
}
