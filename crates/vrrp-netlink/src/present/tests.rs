use super::*;

const OURS: Found = Found { prefix: 24, flags: 0, ours: true, sequence: 7, order: 0 };
const ECHO: Found = Found { sequence: 0, ..OURS };
const SECOND: Found = Found { flags: SECONDARY, ..ECHO };

fn key(index: u32, last: u8) -> Key {
    Key::new(index, [192, 0, 2, last].into(), 24, [192, 0, 2, last].into())
}

#[test]
fn an_address_that_is_told_of_again_keeps_its_place_and_the_request_that_added_it() {
    let mut present = Present::default();
    present.insert(key(1, 1), OURS);
    present.insert(key(1, 2), OURS);
    present.insert(key(1, 1), ECHO);
    assert_eq!(present.find(&key(1, 1)), Some(&Found { order: 1, ..OURS }));
    assert_eq!(present.find(&key(1, 2)), Some(&Found { order: 2, ..OURS }));
}

#[test]
fn a_secondary_that_is_promoted_comes_behind_those_that_were_there() {
    let mut present = Present::default();
    present.insert(key(1, 1), SECOND);
    present.insert(key(1, 2), OURS);
    present.insert(key(1, 1), ECHO);
    assert_eq!(present.find(&key(1, 1)).unwrap().order, 3);
}

#[test]
fn an_address_added_anew_or_by_others_is_of_its_own_request() {
    let mut present = Present::default();
    present.insert(key(1, 1), OURS);
    present.insert(key(1, 1), Found { sequence: 9, ..OURS });
    assert_eq!(present.find(&key(1, 1)).unwrap().sequence, 9);
    present.insert(key(1, 1), Found { ours: false, ..ECHO });
    assert_eq!(present.find(&key(1, 1)).unwrap().sequence, 0);
}

#[test]
fn a_link_that_goes_takes_its_own_addresses_along() {
    let mut present = Present::default();
    for (index, last) in [(1, 1), (2, 1), (2, 2)] {
        present.insert(key(index, last), OURS);
    }
    let links = |present: &Present, last: u8| -> Vec<u32> {
        present.of([192, 0, 2, last].into()).map(|(key, _)| key.index).collect()
    };
    assert_eq!((links(&present, 1), links(&present, 2)), (vec![1, 2], vec![2]));
    present.forget_link(2);
    assert_eq!((links(&present, 1), links(&present, 2)), (vec![1], vec![]));
    assert_eq!(present.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [key(1, 1)]);
}
