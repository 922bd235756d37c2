//! How fast a claim is, from the caller's hand to the acknowledgement in the caller's hand.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "test code")]

use core::time::Duration;
use std::time::Instant;

use crate::support::{Kept, alone, keep, kernel, veth};
use vrrp_netlink::{Address, Command, Event, Options, OwnerId};

/// Far above what it takes, so that a busy machine does not fail; the figures are printed.
const BOUND_OF_ONE: Duration = Duration::from_millis(10);
/// Promoting each secondary in turn takes minutes.
const BOUND_OF_THOUSANDS: Duration = Duration::from_secs(20);

fn declare(kept: &Kept, owners: u32, prefix: u8) {
    let commands = (0..owners).map(|owner| {
        let address = core::net::Ipv4Addr::from(0x0a00_0001 + owner).into();
        Command::Declare(OwnerId(owner), vec![Address::new(address, prefix, "v0")])
    });
    kept.keeper.send(commands.collect());
}

/// Sends a batch and waits for one answer for each owner.
fn time(kept: &mut Kept, owners: u32, command: fn(OwnerId) -> Command) -> Duration {
    let start = Instant::now();
    kept.keeper.send((0..owners).map(|owner| command(OwnerId(owner))).collect());
    for _ in 0..owners {
        kept.until("an answer", |event| match event {
            Event::Placed { missing, .. } if missing.is_empty() => Some(()),
            Event::Released { .. } => Some(()),
            _ => None,
        });
    }
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap()
}

fn anonymous_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

alone! {
    fn one_address_is_claimed_and_released_at_once() {
        veth("v0");
        let mut kept = keep(Options::default());
        declare(&kept, 1, 32);
        let (mut claims, mut releases) = (Vec::new(), Vec::new());
        for _ in 0..100 {
            claims.push(time(&mut kept, 1, Command::Claim));
            releases.push(time(&mut kept, 1, Command::Release));
        }
        claims.sort();
        eprintln!("claim of 1: least {:?}, p90 {:?}", claims[0], claims[90]);
        let (claim, release) = (median(claims), median(releases));
        eprintln!("medians: claim {claim:?}, release {release:?}");
        assert!(claim < BOUND_OF_ONE && release < BOUND_OF_ONE);
    }

    fn thousands_are_claimed_in_one_pass_and_cost_little_memory() {
        veth("v0");
        for owners in [200, 2000] {
            let mut kept = keep(Options::default());
            let before = anonymous_memory();
            declare(&kept, owners, 32);
            let claim = time(&mut kept, owners, Command::Claim);
            assert_eq!(kernel().iter().filter(|seen| seen.protocol == Some(112)).count(), owners as usize);
            let release = time(&mut kept, owners, Command::Release);
            let again = time(&mut kept, owners, Command::Claim);
            let memory = anonymous_memory().saturating_sub(before);
            eprintln!("{owners}: claim {claim:?}, again {again:?}, release {release:?}, {memory} KiB more");
            assert!(claim < BOUND_OF_THOUSANDS && release < BOUND_OF_THOUSANDS);
            time(&mut kept, owners, Command::Release);
        }
    }

    fn thousands_in_one_subnet_are_released_without_promoting_each_in_turn() {
        veth("v0");
        for promote in ["0", "1"] {
            std::fs::write("/proc/sys/net/ipv4/conf/v0/promote_secondaries", promote).unwrap();
            let mut kept = keep(Options::default());
            declare(&kept, 2000, 16);
            let claim = time(&mut kept, 2000, Command::Claim);
            crate::support::ip("address add 10.0.200.200/16 dev v0");
            let release = time(&mut kept, 2000, Command::Release);
            eprintln!("2000 in one subnet, promote_secondaries {promote}: claim {claim:?}, release {release:?}");
            assert!(crate::support::find("10.0.200.200").is_some());
            time(&mut kept, 2000, Command::Claim);
            drop(kept);
            let mut kept = keep(Options::default());
            let start = Instant::now();
            kept.keeper.sweep();
            let removed = kept.until("swept", |event| match event {
                Event::Swept { removed, .. } => Some(*removed),
                _ => None,
            });
            let sweep = start.elapsed();
            eprintln!("swept {removed} in {sweep:?}");
            assert_eq!(removed, 2000);
            assert!(release < BOUND_OF_THOUSANDS && sweep < BOUND_OF_THOUSANDS);
            crate::support::ip("address del 10.0.200.200/16 dev v0");
        }
    }
}
