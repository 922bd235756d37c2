//! What is odd is said once when it begins and once when it ends.

use vrrp_core::{
    Checksum, Condition, Config, Contest, Input, Name, Output, Received, Reject, VirtualRouter,
};
use vrrp_wire::{AdverInterval, Coverage, Priority, Version};

use crate::fixture::{
    active, address, advert, advertise, at, backup, config, heard, ms, router, run, with_priority,
};

/// What [`heard`] says, of a router that differs in everything that may differ.
fn misfit(priority: u8, host: u8) -> Input {
    Input::Advertisement(Received {
        interval: AdverInterval::from_secs(2).unwrap(),
        addresses_differ: true,
        coverage: Coverage::Message,
        ..heard(priority, host)
    })
}

fn held(router: &VirtualRouter) -> Vec<Condition> {
    router.conditions().collect()
}

#[test]
fn nothing_heard_in_initialize_raises_a_condition() {
    let mut router = router(config());
    assert!(router.handle(at(1), misfit(200, 3)).is_empty());
    assert_eq!(held(&router), []);
}
