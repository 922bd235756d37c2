//! Who takes over from whom, and when: `Preempt_Mode`, keepalived's `nopreempt` and `preempt_delay`.

use vrrp_core::{Cause, Config, Input, Instant, Name, Output, Preempt, Timer};

use crate::fixture::{
    active, active_down_timer, advert, at, backup, config, ms, run, with_priority,
};

/// RFC 9568 §6.1: the owner of the addresses always preempts, independent of the setting of `Preempt_Mode`.
#[test]
fn an_owner_in_backup_preempts_even_with_nopreempt() {
    let mut router = active(Config {
        preempt: Preempt::Never,
        ..with_priority(255)
    });
    // Another owner, of greater address: the only way into Backup for an owner.
    let _ = router.handle(at(500), advert(255, 3));
    assert_eq!(router.state().name(), Name::Backup);
    let down = active_down_timer(&router);
    let _ = router.handle(at(600), advert(100, 1));
    assert_eq!(active_down_timer(&router), down);
}
