//! Whose address is whose: sweeping, adopting, leftovers, and kernels that keep no mark.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "test code")]

use crate::support::{Kept, add_marked, alone, find, ip, keep, veth};
use vrrp_netlink::{Address, Command, Event, Keeper, Options, OwnerId, Resync, StartError};

const ONE: OwnerId = OwnerId(1);

fn address(text: &str, prefix: u8) -> Address {
    Address::new(text.parse().unwrap(), prefix, "v0")
}

fn swept(kept: &mut Kept) -> (u32, u32) {
    kept.until("swept", |event| match event {
        Event::Swept { removed, failed } => Some((*removed, *failed)),
        _ => None,
    })
}

fn unwanted(kept: &mut Kept) -> bool {
    kept.until("present though unwanted", |event| match event {
        Event::PresentUnwanted { owner: ONE, ours, .. } => Some(*ours),
        _ => None,
    })
}

fn unwanted_ended(kept: &mut Kept) {
    kept.until("no longer present", |event| match event {
        Event::PresentUnwantedEnded { owner: ONE, .. } => Some(()),
        _ => None,
    });
}

alone! {
    fn a_sweep_removes_what_carries_our_mark_and_nothing_else() {
        veth("v0");
        add_marked("v0", "192.0.2.1", 24);
        add_marked("v0", "192.0.2.2", 32);
        add_marked("v0", "2001:db8::1", 64);
        ip("address add 192.0.2.3/32 dev v0");
        ip("address add 2001:db8::3/64 dev v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.2", 32)]);
        kept.keeper.claim(ONE);
        kept.keeper.sweep();
        assert_eq!(swept(&mut kept), (2, 0));
        assert_eq!((find("192.0.2.1"), find("2001:db8::1")), (None, None));
        assert!(find("192.0.2.2").is_some(), "claimed");
        assert!(find("192.0.2.3").is_some() && find("2001:db8::3").is_some(), "not ours");
    }

    fn what_an_earlier_run_left_is_told_before_the_answer_to_a_resync() {
        veth("v0");
        add_marked("v0", "192.0.2.1", 32);
        let mut kept = keep(Options::default());
        kept.keeper.send(vec![Command::Declare(ONE, vec![address("192.0.2.1", 32)]), Command::Resync]);
        let mut told = false;
        kept.until("the answer", |event| {
            told |= matches!(event, Event::PresentUnwanted { owner: ONE, ours: true, .. });
            matches!(event, Event::Resynced { reason: Resync::Asked }).then_some(())
        });
        assert!(told);
    }

    fn after_a_crash_the_claimed_address_is_taken_over_as_it_is() {
        veth("v0");
        add_marked("v0", "192.0.2.1", 32);
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        kept.keeper.sweep();
        assert_eq!(swept(&mut kept), (0, 0));
        kept.keeper.release(ONE);
        kept.released(1);
        assert_eq!(find("192.0.2.1"), None, "it carried our mark");
    }

    fn an_adopted_address_stays_after_the_release_and_is_reported() {
        veth("v0");
        for text in ["192.0.2.1/32", "2001:db8::1/64"] {
            ip(&format!("address add {text} dev v0"));
        }
        let mut kept = keep(Options::default());
        // The prefix of an IPv6 address does not make it another one.
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 128)]);
        assert!(!unwanted(&mut kept));
        assert!(!unwanted(&mut kept));
        kept.keeper.claim(ONE);
        kept.placed(1);
        unwanted_ended(&mut kept);
        kept.keeper.release(ONE);
        kept.released(1);
        assert!(!unwanted(&mut kept));
        assert_eq!(find("192.0.2.1").unwrap().protocol, None);
        assert!(find("2001:db8::1").is_some());
        ip("address del 192.0.2.1/32 dev v0");
        unwanted_ended(&mut kept);
    }

    fn where_asked_for_an_adopted_address_is_marked_and_removed() {
        veth("v0");
        for text in ["192.0.2.1/32", "2001:db8::1/64"] {
            ip(&format!("address add {text} dev v0"));
        }
        let mut options = Options::default();
        options.take_adopted = true;
        let mut kept = keep(options);
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        assert_eq!(find("192.0.2.1").unwrap().protocol, Some(112));
        assert_eq!(find("2001:db8::1").unwrap().protocol, Some(112));
        kept.keeper.release(ONE);
        kept.released(1);
        assert_eq!((find("192.0.2.1"), find("2001:db8::1")), (None, None));
    }

    fn an_unclaimed_address_on_another_link_is_reported_too() {
        veth("v0");
        veth("w0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        ip("address add 192.0.2.1/24 dev w0");
        let link = kept.until("present though unwanted", |event| match event {
            Event::PresentUnwanted { link, .. } => Some(link.clone()),
            _ => None,
        });
        assert_eq!(&*link, "w0");
    }

    fn leftovers_are_removed_when_asked_for_whoever_added_them() {
        veth("v0");
        ip("address add 192.0.2.1/24 dev v0");
        ip("address add 192.0.2.2/32 dev v0");
        let mut kept = keep(Options::default());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        unwanted(&mut kept);
        kept.keeper.remove_leftovers(ONE);
        assert_eq!(swept(&mut kept), (1, 0));
        unwanted_ended(&mut kept);
        assert_eq!(find("192.0.2.1"), None);
        assert!(find("192.0.2.2").is_some());
    }

    fn a_mark_of_the_kernels_own_is_refused() {
        let mut options = Options::default();
        options.protocol = Some(3);
        assert!(matches!(Keeper::start(options, |_| {}), Err(StartError::ReservedMark(3))));
    }

    fn what_the_list_names_but_is_gone_is_not_ours_when_somebody_adds_it() {
        veth("v0");
        let directory = tempfile::tempdir().unwrap();
        let mut options = Options::default();
        options.protocol = None;
        options.state_dir = Some(directory.path().to_owned());
        let mut kept = keep(options.clone());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        drop(kept);
        ip("address del 192.0.2.1/32 dev v0");
        let mut kept = keep(options);
        ip("address add 192.0.2.1/32 dev v0");
        kept.so_far();
        kept.keeper.sweep();
        assert_eq!(swept(&mut kept), (0, 0));
        assert!(find("192.0.2.1").is_some());
    }

    fn without_a_mark_the_list_tells_after_a_crash_what_is_ours() {
        veth("v0");
        let directory = tempfile::tempdir().unwrap();
        let mut options = Options::default();
        options.protocol = None;
        options.state_dir = Some(directory.path().to_owned());
        ip("address add 192.0.2.9/32 dev v0");
        let mut kept = keep(options.clone());
        kept.keeper.declare(ONE, vec![address("192.0.2.1", 32), address("2001:db8::1", 64)]);
        kept.keeper.claim(ONE);
        kept.placed(1);
        assert_eq!(find("192.0.2.1").unwrap().protocol, None);
        drop(kept);
        let mut kept = keep(options);
        kept.keeper.sweep();
        assert_eq!(swept(&mut kept), (2, 0));
        assert_eq!((find("192.0.2.1"), find("2001:db8::1")), (None, None));
        assert!(find("192.0.2.9").is_some());
        assert_eq!(std::fs::read_to_string(directory.path().join("addresses")).unwrap(), "");
    }
}
