//! What a router has done and heard, counted for whoever watches it.

use vrrp_core::{Counters, Input, Stop, VirtualRouter};

use crate::fixture::{address, advert, at, backup, config, run};

/// Received, advertised, priority 0 heard, priority 0 sent, became Active, ceased to be it.
fn counted(router: &VirtualRouter) -> [u64; 6] {
    let Counters { received, advertised, release_received, release_sent, became_active, ceased_active, .. } =
        *router.counters();
    let few = [release_received, release_sent, became_active, ceased_active].map(u64::from);
    [received, advertised, few[0], few[1], few[2], few[3]]
}

#[test]
fn what_is_heard_and_sent_and_each_move_is_counted() {
    let mut router = backup(config());
    assert_eq!(counted(&router), [0; 6]);
    let _ = router.handle(at(100), advert(200, 3));
    let _ = router.handle(at(200), advert(0, 3));
    assert_eq!(counted(&router), [2, 0, 1, 0, 0, 0]);
    run(&mut router, at(3_000));
    assert_eq!(counted(&router), [2, 3, 1, 0, 1, 0]);
    let _ = router.handle(at(3_100), advert(50, 1));
    assert_eq!(counted(&router), [3, 4, 1, 0, 1, 0]);
    let _ = router.handle(at(3_200), advert(200, 3));
    assert_eq!(counted(&router), [4, 4, 1, 0, 1, 1]);
    run(&mut router, at(10_000));
    let before = counted(&router)[1];
    assert_eq!(counted(&router), [4, before, 1, 0, 2, 1]);
    let _ = router.handle(at(10_000), Input::Shutdown(Stop::HandOver));
    run(&mut router, at(20_000));
    assert_eq!(counted(&router), [4, before + 2, 1, 2, 2, 2]);
}

/// In Initialize nothing counts for the election, and the packets come all the same.
#[test]
fn what_a_stopped_router_hears_is_counted_and_a_reload_forgets_nothing() {
    let mut router = backup(config());
    let _ = router.handle(at(1), Input::Shutdown(Stop::Now));
    let _ = router.handle(at(2), advert(200, 3));
    let _ = router.reconfigure(at(3), crate::fixture::with_priority(150));
    assert_eq!(counted(&router), [1, 0, 0, 0, 0, 0]);
    assert_eq!(router.source(), Some(address(2)));
}
