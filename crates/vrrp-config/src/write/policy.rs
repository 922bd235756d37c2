use super::{Says, Statements};
use crate::model::{Failback, OnDegraded, Otherwise, Router};
use crate::units;

/// What a router does about recovery, degradation and claiming.
pub(super) fn policy(out: &mut Statements, router: &Router) {
    match router.failback {
        None => {}
        Some(Failback::Immediate) => out.say("failback", Says::Words(vec!["immediate".to_owned()])),
        Some(Failback::Manual) => out.say("failback", Says::Words(vec!["manual".to_owned()])),
        Some(Failback::After(delay)) => {
            out.say("failback", Says::Words(vec!["after".to_owned(), units::seconds(delay)]));
        }
    }
    out.say_if(router.on_degraded == OnDegraded::Resign, "on_degraded", Says::Text("resign".to_owned()));
    let required = router.claim_requires.iter().map(|required| {
        let otherwise = (required.otherwise == Otherwise::PreferAvailability).then(|| "prefer-availability".to_owned());
        core::iter::once(required.check.clone()).chain(otherwise).collect()
    });
    out.say_if(!router.claim_requires.is_empty(), "claim_requires", Says::Repeated(required.collect()));
    out.switch("confirm_silence", router.confirm_silence, false);
    out.switch("damp_preemption", router.damp_preemption, router.failback.is_some());
}
