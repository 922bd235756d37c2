//! Claiming, releasing and how addresses look in the kernel.

mod support;

use support::{find, keep, veth};
use vrrp_netlink::{Address, Options, OwnerId};

alone! {
    fn a_claim_adds_the_marked_address_and_a_release_removes_it() {
        veth("v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(OwnerId(1), vec![Address::new([192, 0, 2, 1].into(), 32, "v0")]);
        kept.keeper.claim(OwnerId(1));
        kept.placed(1);
        assert_eq!(find("192.0.2.1").unwrap().protocol, Some(112));
        kept.keeper.release(OwnerId(1));
        kept.released(1);
        assert_eq!(find("192.0.2.1"), None);
    }
}
