use super::*;
use crate::decode::LinkNotice;

const ONE: OwnerId = OwnerId(1);
const TWO: OwnerId = OwnerId(2);

fn ip(last: u8) -> IpAddr {
    [192, 0, 2, last].into()
}

fn on(link: &str, last: u8) -> Address {
    Address::new(ip(last), 24, link)
}

fn key(index: u32, last: u8, prefix: u8) -> Key {
    Key::new(index, ip(last), prefix, ip(last))
}

fn links() -> Links {
    let mut links = Links::default();
    for (index, name) in [(3, "eth0"), (4, "eth1")] {
        links.update(&LinkNotice { index, name: name.to_owned(), flags: 1, mtu: 1500, mac: None });
    }
    links
}

#[test]
fn a_declared_address_is_found_by_itself_its_link_and_its_owner() {
    let mut wanted = Wanted::default();
    let first = wanted.insert(ONE, on("eth0", 1), false);
    let second = wanted.insert(TWO, on("eth1", 1), false);
    let third = wanted.insert(ONE, on("eth1", 2), true);
    assert_eq!(wanted.of_address(ip(1)).collect::<Vec<_>>(), [first, second]);
    assert_eq!(wanted.of_link("eth1").collect::<Vec<_>>(), [second, third]);
    assert_eq!(wanted.owner(ONE).unwrap().entries, [first, third]);
    let mut all = wanted.ids();
    all.sort_unstable();
    assert_eq!(all, [first, second, third]);
    assert_eq!((wanted.declares(ip(2)), wanted.declares(ip(3))), (true, false));
    let entry = wanted.entry(third).unwrap();
    assert_eq!((entry.owner, &entry.address, entry.wanted), (ONE, &on("eth1", 2), true));
    wanted.entry_mut(first).unwrap().placed = 3;
    assert_eq!(wanted.entry(first).unwrap().placed, 3);
}

#[test]
fn only_an_address_that_is_wanted_just_so_on_that_link_is_claimed() {
    let (mut wanted, links) = (Wanted::default(), links());
    wanted.insert(ONE, on("eth0", 1), true);
    wanted.insert(ONE, on("eth1", 2), false);
    assert!(wanted.claims(&key(3, 1, 24), &links));
    assert!(!wanted.claims(&key(4, 1, 24), &links), "another link");
    assert!(!wanted.claims(&key(3, 1, 32), &links), "another prefix");
    assert!(!wanted.claims(&key(4, 2, 24), &links), "declared, not wanted");
    assert!(!wanted.claims(&key(3, 3, 24), &links), "not declared");
}

#[test]
fn what_is_dropped_is_found_no_more_and_leaves_its_place_to_the_next() {
    let mut wanted = Wanted::default();
    let first = wanted.insert(ONE, on("eth0", 1), false);
    let second = wanted.insert(ONE, on("eth0", 2), false);
    assert_eq!(wanted.remove(first).unwrap().address, on("eth0", 1));
    assert!(wanted.remove(first).is_none());
    assert!(wanted.entry(first).is_none() && !wanted.declares(ip(1)));
    assert_eq!(wanted.of_link("eth0").collect::<Vec<_>>(), [second]);
    assert_eq!(wanted.owner(ONE).unwrap().entries, [second]);
    wanted.remove(second);
    assert_eq!(wanted.of_link("eth0").count(), 0);
    assert!(wanted.by_link.is_empty(), "nothing is kept of a link that nobody names");
    let third = wanted.insert(TWO, on("eth1", 3), true);
    let fourth = wanted.insert(TWO, on("eth1", 4), true);
    assert_eq!(BTreeSet::from([third, fourth]), BTreeSet::from([first, second]));
}

#[test]
fn an_owner_keeps_what_was_noted_of_it_until_it_is_removed() {
    let mut wanted = Wanted::default();
    assert!(wanted.owner(ONE).is_none() && wanted.owner_mut(ONE).is_none());
    wanted.owner_or_new(ONE).claimed = true;
    wanted.insert(ONE, on("eth0", 1), true);
    wanted.owner_mut(ONE).unwrap().owed = true;
    let owner = wanted.owner(ONE).unwrap();
    assert_eq!((owner.claimed, owner.owed, owner.forgotten), (true, true, false));
    wanted.remove_owner(ONE);
    assert!(wanted.owner(ONE).is_none());
}
