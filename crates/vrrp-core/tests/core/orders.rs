//! The orders that one input gives, as whoever performs them reads them.

use vrrp_core::{Input, Name, Output};

use crate::fixture::{active, advert, advertise, at, backup, config, run};

#[test]
fn orders_equal_those_of_the_same_sequence_and_no_others() {
    let mut router = active(config());
    run(&mut router, at(500));
    let orders = router.handle(at(500), advert(50, 9));
    let said = Output::Raised(router.conditions().next().unwrap());
    assert!(orders == [advertise(100), Output::Announce, said]);
    assert!(orders != [Output::Announce, advertise(100), said]);
    assert!(orders != [advertise(100), Output::Announce]);
    assert!(orders != [advertise(100), Output::Announce, said, Output::Claim]);
}

#[test]
fn there_are_none_or_as_many_as_are_performed() {
    let mut router = backup(config());
    let none = router.handle(at(1), Input::Timeout);
    assert_eq!((none.is_empty(), none.len(), none.iter().count()), (true, 0, 0));
    let three = router.handle(at(4_000), Input::Timeout);
    assert_eq!(router.state().name(), Name::Active);
    assert_eq!((three.is_empty(), three.len(), three.iter().count()), (false, 3, 3));
    assert_eq!(three.iter().collect::<Vec<_>>(), three.into_iter().collect::<Vec<_>>());
}
