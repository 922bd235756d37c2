//! What the kernel does by itself once an IPv6 address is in place.

use crate::support::{PATIENCE, alone, keep, veth};
use core::time::Duration;
use std::time::Instant;
use vrrp_netlink::{Address, Options, OwnerId};

/// Whether the link is in a group, by the kernel's own table of memberships (hexadecimal digits without colons).
fn is_member(link: &str, group: &str) -> bool {
    let table = std::fs::read_to_string("/proc/thread-self/net/igmp6").unwrap_or_default();
    let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.into_iter().any(|fields| fields.get(1..3) == Some(&[link, group]))
}

/// Looks until the link is in the group, or out of it: the kernel joins and leaves in a work queue of its own, some time
/// after it told that the address is there or gone, and notifies nobody.
fn wait_for_membership(link: &str, group: &str, wanted: bool) {
    let end = Instant::now() + PATIENCE;
    while is_member(link, group) != wanted {
        assert!(Instant::now() < end, "membership of {link} in {group} did not become {wanted}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

alone! {
    /// ledger: active-solicited-node, !active-solicited-node
    fn a_claimed_ipv6_address_is_in_its_solicited_node_group_until_it_is_released() {
        let group = "ff0200000000000000000001ff00abcd";
        veth("v0");
        let mut kept = keep(Options::default());
        let address = Address::new("2001:db8::abcd".parse().unwrap(), 64, "v0");
        kept.keeper.declare(OwnerId(1), vec![address]);
        assert!(!is_member("v0", group));
        kept.keeper.claim(OwnerId(1));
        kept.placed(1);
        wait_for_membership("v0", group, true);
        kept.keeper.release(OwnerId(1));
        kept.released(1);
        wait_for_membership("v0", group, false);
    }
}
