//! Anything may happen in any order: in the end the kernel holds what is claimed and what others added.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::support::{Kept, PATIENCE, Thief, alone, ip, keep, kernel, veth};
use vrrp_netlink::{Address, Command, Options, OwnerId};

const OWNERS: u32 = 8;
const STEPS: u32 = 150;

/// A small generator (SplitMix64): the same seed makes the same storm.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % bound
    }
}

/// Two sets that an owner may declare; they overlap, also with those of its neighbour.
fn addresses(owner: u32, variant: u32) -> Vec<Address> {
    let byte = |number: u32| u8::try_from(number).unwrap();
    let six = |last: u32| core::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last.try_into().unwrap());
    vec![
        Address::new([10, 1, 0, byte(owner)].into(), 24, "v0"),
        Address::new([10, 2, 0, byte(owner)].into(), 24, "w0"),
        Address::new(six(owner + variant).into(), 64, "v0"),
        Address::new([10, 3, byte(variant), byte(owner)].into(), 32, "w0"),
    ]
}

struct Storm {
    kept: Kept,
    thief: Thief,
    dice: Dice,
    variants: BTreeMap<u32, u32>,
    claimed: BTreeSet<u32>,
    foreign: BTreeSet<String>,
    link: bool,
}

impl Storm {
    fn step(&mut self) {
        let owner = 1 + self.dice.below(OWNERS);
        match self.dice.below(20) {
            0..5 => self.claim(owner),
            5..9 => self.release(owner),
            9 => self.declare(owner),
            10 => self.forget(owner),
            11..15 => self.steal(),
            15 => self.add_foreign(),
            16 if self.link => ip("link set v0 down"),
            17 if self.link => ip("link set v0 up"),
            18 => self.flip_link(),
            _ => {
                self.claimed.insert(owner);
                self.kept.keeper.send(vec![Command::Release(OwnerId(owner)), Command::Claim(OwnerId(owner))]);
            }
        }
    }

    fn claim(&mut self, owner: u32) {
        self.claimed.insert(owner);
        self.kept.keeper.claim(OwnerId(owner));
    }

    fn release(&mut self, owner: u32) {
        self.claimed.remove(&owner);
        self.kept.keeper.release(OwnerId(owner));
    }

    fn declare(&mut self, owner: u32) {
        let variant = self.dice.below(2);
        self.variants.insert(owner, variant);
        self.kept.keeper.declare(OwnerId(owner), addresses(owner, variant));
    }

    fn forget(&mut self, owner: u32) {
        self.claimed.remove(&owner);
        self.kept.keeper.forget(OwnerId(owner));
        self.declare(owner);
    }

    /// Not on `w0`, where it would be the thief who takes other people's secondaries away.
    fn steal(&mut self) {
        let stays = nix::net::if_::if_nametoindex("w0").unwrap();
        let ours: Vec<_> =
            kernel().into_iter().filter(|seen| seen.protocol == Some(112) && seen.index != stays).collect();
        if !ours.is_empty() {
            let victim = self.dice.below(u32::try_from(ours.len()).unwrap());
            self.thief.steal(&ours[victim as usize]);
        }
    }

    fn add_foreign(&mut self) {
        let address = format!("10.2.0.{}/24", 100 + self.foreign.len());
        ip(&format!("address add {address} dev w0"));
        self.foreign.insert(address);
    }

    fn flip_link(&mut self) {
        if self.link {
            ip("link del v0");
        } else {
            veth("v0");
        }
        self.link = !self.link;
    }

    fn wanted(&self) -> BTreeSet<String> {
        let claimed = self.claimed.iter().flat_map(|owner| addresses(*owner, self.variants[owner]));
        claimed.map(|wanted| format!("{}/{} {}", wanted.address, wanted.prefix, wanted.link)).collect()
    }
}

fn here(ours: bool) -> BTreeSet<String> {
    let link = |index| nix::net::if_::if_indextoname(index).unwrap().into_string().unwrap();
    let seen = kernel().into_iter().filter(|seen| (seen.protocol == Some(112)) == ours);
    let seen = seen.filter(|seen| seen.index != 1);
    seen.map(|seen| format!("{}/{} {}", seen.address, seen.prefix, link(seen.index))).collect()
}

fn storm(seed: u64) {
    veth("v0");
    veth("w0");
    std::fs::write("/proc/sys/net/ipv4/conf/w0/promote_secondaries", "0").unwrap();
    let mut options = Options::default();
    options.receive_buffer = seed.is_multiple_of(2).then_some(4096);
    let mut storm = Storm {
        kept: keep(options),
        thief: Thief::default(),
        dice: Dice(seed),
        variants: BTreeMap::new(),
        claimed: BTreeSet::new(),
        foreign: BTreeSet::new(),
        link: true,
    };
    (1..=OWNERS).for_each(|owner| storm.declare(owner));
    (0..STEPS).for_each(|_| storm.step());
    if !storm.link {
        storm.flip_link();
    }
    ip("link set v0 up");
    let deadline = Instant::now() + PATIENCE;
    while here(true) != storm.wanted() {
        assert!(Instant::now() < deadline, "seed {seed}: {:?} instead of {:?}", here(true), storm.wanted());
    }
    storm.kept.so_far();
    assert_eq!(here(true), storm.wanted(), "seed {seed}: a fresh look changed it");
    let foreign: BTreeSet<String> = storm.foreign.iter().map(|address| format!("{address} w0")).collect();
    assert_eq!(here(false), foreign, "seed {seed}");
    ip("link del v0");
    ip("link del w0");
}

alone! {
    fn in_the_end_the_kernel_holds_what_is_claimed_and_what_others_added() {
        let seeds = std::env::var("VRRP_NETLINK_STORMS").map_or(4, |text| text.parse().unwrap());
        for seed in 0..seeds {
            storm(seed);
        }
    }
}
