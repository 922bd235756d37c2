//! Netlink under attack: what was missed is found again, and nobody else pays for it.
#![expect(clippy::unwrap_used, reason = "test code")]

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::support::{PATIENCE, Thief, alone, find, ip, keep, kernel, veth};
use vrrp_netlink::{Address, Command, Event, Options, OwnerId, Resync};

/// 200 addresses of 50 owners: IPv4 and IPv6, on the link that is made anew and on one that stays.
fn declarations() -> Vec<(OwnerId, Vec<Address>)> {
    let of_owner = |owner: u8| {
        let four = |net: u8| [10, net, 0, owner].into();
        let six = |net: u16| core::net::Ipv6Addr::new(0x2001, 0xdb8, net, 0, 0, 0, 0, owner.into()).into();
        vec![
            Address::new(four(1), 24, "v0"),
            Address::new(six(1), 64, "v0"),
            Address::new(four(2), 32, "w0"),
            Address::new(six(2), 128, "w0"),
        ]
    };
    (1..=50).map(|owner| (OwnerId(owner.into()), of_owner(owner))).collect()
}

fn ours() -> BTreeSet<(String, u32)> {
    let marked = kernel().into_iter().filter(|seen| seen.protocol == Some(112));
    marked.map(|seen| (format!("{}/{}", seen.address, seen.prefix), seen.index)).collect()
}

fn wanted() -> BTreeSet<(String, u32)> {
    let index = |link: &str| nix::net::if_::if_nametoindex(link).unwrap();
    let addresses = declarations().into_iter().flat_map(|(_, addresses)| addresses);
    addresses.map(|wanted| (format!("{}/{}", wanted.address, wanted.prefix), index(&wanted.link))).collect()
}

fn small_buffer() -> Options {
    let mut options = Options::default();
    options.receive_buffer = Some(4096);
    options
}

alone! {
    fn the_kernel_ends_equal_to_the_wanted_set_and_no_foreign_address_was_touched() {
        veth("v0");
        veth("w0");
        let foreign = ["10.2.0.200/32", "10.9.9.9/24", "2001:db8:2::ffff/128 nodad"];
        for text in foreign {
            ip(&format!("address add dev w0 {text}"));
        }
        let before: Vec<_> = kernel().into_iter().filter(|seen| seen.protocol != Some(112)).collect();
        let mut kept = keep(small_buffer());
        let declare = declarations().into_iter().map(|(owner, addresses)| Command::Declare(owner, addresses));
        let claim = declarations().into_iter().map(|(owner, _)| Command::Claim(owner));
        kept.keeper.send(declare.chain(claim).collect());
        for (owner, _) in declarations() {
            kept.placed(owner.0);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let thefts = Arc::new(AtomicU32::new(0));
        let thief = {
            let (stop, thefts) = (Arc::clone(&stop), Arc::clone(&thefts));
            thread::spawn(move || {
                let thief = Thief::default();
                while !stop.load(Ordering::Relaxed) {
                    let marked = kernel().into_iter().filter(|seen| seen.protocol == Some(112));
                    thefts.fetch_add(marked.map(|seen| u32::from(thief.steal(&seen))).sum(), Ordering::Relaxed);
                }
            })
        };
        for _ in 0..50 {
            ip("link del v0");
            veth("v0");
        }
        stop.store(true, Ordering::Relaxed);
        thief.join().unwrap();
        let deadline = Instant::now() + PATIENCE;
        while ours() != wanted() {
            assert!(Instant::now() < deadline, "{:#?}", wanted().difference(&ours()).collect::<Vec<_>>());
        }
        let after: Vec<_> = kernel().into_iter().filter(|seen| seen.protocol != Some(112)).collect();
        assert_eq!(after, before);
        assert!(thefts.load(Ordering::Relaxed) > 1000, "the thief was lazy: {thefts:?}");
        let events = kept.so_far();
        let overruns = events.iter().filter(|event| matches!(event, Event::Resynced { reason: Resync::Overrun }));
        eprintln!("{thefts:?} thefts, {} overruns, {} events", overruns.count(), events.len());
    }

    fn what_an_overrun_hid_is_repaired() {
        veth("v0");
        let mut kept = keep(small_buffer());
        kept.keeper.declare(OwnerId(1), vec![Address::new([192, 0, 2, 1].into(), 32, "v0")]);
        kept.keeper.claim(OwnerId(1));
        kept.placed(1);
        let gate = Arc::clone(&kept.gate);
        let closed = gate.lock().unwrap();
        ip("link set v0 mtu 1400");
        while !kept.at_gate.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        // More than the buffer holds, with the theft in the middle of it.
        Thief::default().burst("v0", &find("192.0.2.1").unwrap());
        drop(closed);
        let mut restored = false;
        kept.until("an overrun, with the repair told before", |event| {
            restored |= matches!(event, Event::Restored { .. });
            matches!(event, Event::Resynced { reason: Resync::Overrun }).then_some(())
        });
        assert!(restored);
        assert!(find("192.0.2.1").is_some());
    }
}
