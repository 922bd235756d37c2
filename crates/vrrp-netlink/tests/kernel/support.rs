//! A network namespace of its own for each test, and eyes that are not the crate's.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "test support"
)]

use core::net::{IpAddr, Ipv4Addr};
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressMessage, CacheInfo};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use vrrp_netlink::{Event, Keeper, Options, OwnerId};

const INSIDE: &str = "VRRP_NETLINK_TEST_NAMESPACE";
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the body in a process of its own within fresh user and network namespaces.
pub(crate) fn run_alone(module: &str, name: &str, body: impl FnOnce()) {
    let name = format!("{}::{name}", module.split_once("::").unwrap().1);
    if std::env::var_os(INSIDE).is_some() {
        ip("link set lo up");
        return body();
    }
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--mount", "--kill-child"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture", "--include-ignored"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    eprint!("{text}");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("1 passed"), "{name} failed inside its namespace");
}

/// Defines tests that run alone.
macro_rules! alone {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)*) => {
        $(
            #[test]
            $(#[$attribute])*
            fn $name() {
                crate::support::run_alone(module_path!(), stringify!($name), || $body);
            }
        )*
    };
}
pub(crate) use alone;

/// Runs `ip`, which must succeed.
pub(crate) fn ip(arguments: &str) {
    let output = Command::new("ip").args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes `/proc/sys` read-only, as it is in many containers.
pub(crate) fn seal_sysctl() {
    for arguments in [["--bind", "/proc/sys", "/proc/sys"], ["-o", "remount,bind,ro", "/proc/sys"]] {
        assert!(Command::new("mount").args(arguments).status().unwrap().success());
    }
}

/// Makes a veth pair, `NAME` and `NAME-peer`, both up, without IPv6 addresses of the kernel's own.
pub(crate) fn veth(name: &str) {
    ip(&format!("link add {name} type veth peer name {name}-peer"));
    for end in [name.to_owned(), format!("{name}-peer")] {
        ip(&format!("link set {end} addrgenmode none"));
        ip(&format!("link set {end} up"));
    }
}

/// A keeper whose events are kept in order.
pub(crate) struct Kept {
    pub(crate) keeper: Keeper,
    /// While this is held, the keeper's thread gets no further than its next report.
    pub(crate) gate: Arc<Mutex<()>>,
    /// Whether it waits there.
    pub(crate) at_gate: Arc<AtomicBool>,
    events: Receiver<Vec<Event>>,
    waiting: VecDeque<Event>,
}

pub(crate) fn keep(options: Options) -> Kept {
    let (sender, events) = channel();
    let gate = Arc::new(Mutex::new(()));
    let at_gate = Arc::new(AtomicBool::new(false));
    let (passage, arrived) = (Arc::clone(&gate), Arc::clone(&at_gate));
    let keeper = Keeper::start(options, move |batch| {
        let _ = sender.send(batch);
        arrived.store(true, Ordering::SeqCst);
        let passing = passage.lock();
        arrived.store(false, Ordering::SeqCst);
        drop(passing);
    });
    Kept { keeper: keeper.unwrap(), gate, at_gate, events, waiting: VecDeque::new() }
}

impl Kept {
    /// Hands over events until one is accepted; what came before it is dropped.
    pub(crate) fn until<T>(&mut self, what: &str, mut accept: impl FnMut(&Event) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            while let Some(event) = self.waiting.pop_front() {
                if let Some(accepted) = accept(&event) {
                    return accepted;
                }
                before.push(event);
            }
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(batch) => self.waiting.extend(batch),
                Err(error) => panic!("{what}: {error}; before: {before:#?}"),
            }
        }
    }

    /// Waits until all addresses of an owner are acknowledged.
    pub(crate) fn placed(&mut self, owner: u32) {
        self.until("placed", |event| match event {
            Event::Placed { owner: OwnerId(id), missing } if *id == owner && missing.is_empty() => Some(()),
            _ => None,
        });
    }

    pub(crate) fn released(&mut self, owner: u32) {
        self.until("released", |event| match event {
            Event::Released { owner: OwnerId(id) } if *id == owner => Some(()),
            _ => None,
        });
    }

    /// Everything that has come so far and until the answer to a resynchronisation.
    pub(crate) fn so_far(&mut self) -> Vec<Event> {
        self.keeper.send(vec![vrrp_netlink::Command::Resync]);
        let mut events = Vec::new();
        let deadline = Instant::now() + PATIENCE;
        loop {
            while let Some(event) = self.waiting.pop_front() {
                if matches!(event, Event::Resynced { reason: vrrp_netlink::Resync::Asked }) {
                    return events;
                }
                events.push(event);
            }
            let batch = self.events.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            self.waiting.extend(batch.unwrap());
        }
    }
}

/// An address as the kernel lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) index: u32,
    pub(crate) address: IpAddr,
    pub(crate) far: IpAddr,
    pub(crate) prefix: u8,
    pub(crate) scope: u8,
    pub(crate) flags: AddressFlags,
    pub(crate) label: Option<String>,
    pub(crate) broadcast: Option<Ipv4Addr>,
    pub(crate) preferred: u32,
    pub(crate) valid: u32,
    /// When it was added and when it was last changed, in hundredths of seconds since the boot.
    pub(crate) stamps: (u32, u32),
    pub(crate) protocol: Option<u8>,
}

/// Lists the kernel's addresses by means of the library's own parser, not the crate's.
pub(crate) fn kernel() -> Vec<Seen> {
    let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.bind_auto().unwrap();
    socket.connect(&SocketAddr::new(0, 0)).unwrap();
    let mut request = NetlinkMessage::from(RouteNetlinkMessage::GetAddress(AddressMessage::default()));
    request.header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.finalize();
    let mut bytes = vec![0; request.buffer_len()];
    request.serialize(&mut bytes);
    socket.send(&bytes, 0).unwrap();
    let mut seen = Vec::new();
    loop {
        let (datagram, _) = socket.recv_from_full().unwrap();
        let mut rest = &datagram[..];
        while !rest.is_empty() {
            let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(rest).unwrap();
            rest = &rest[message.header.length as usize..];
            match message.payload {
                NetlinkPayload::Done(_) => return seen,
                NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewAddress(message)) => seen.push(read(&message)),
                other => panic!("{other:?}"),
            }
        }
    }
}

fn read(message: &AddressMessage) -> Seen {
    let (mut far, mut local, mut label, mut broadcast, mut protocol) = (None, None, None, None, None);
    let (mut flags, mut lifetimes) = (AddressFlags::empty(), CacheInfo::default());
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Address(address) => far = Some(*address),
            AddressAttribute::Local(address) => local = Some(*address),
            AddressAttribute::Label(text) => label = Some(text.clone()),
            AddressAttribute::Broadcast(address) => broadcast = Some(*address),
            AddressAttribute::Flags(value) => flags = *value,
            AddressAttribute::Protocol(value) => protocol = Some(u8::from(*value)),
            AddressAttribute::CacheInfo(info) => lifetimes = *info,
            _ => {}
        }
    }
    let address = local.or(far).unwrap();
    Seen {
        index: message.header.index,
        address,
        far: far.unwrap(),
        prefix: message.header.prefix_len,
        scope: message.header.scope.into(),
        flags,
        label,
        broadcast,
        preferred: lifetimes.ifa_preferred,
        valid: lifetimes.ifa_valid,
        stamps: (lifetimes.cstamp, lifetimes.tstamp),
        protocol,
    }
}

/// Finds an address in the kernel.
pub(crate) fn find(address: &str) -> Option<Seen> {
    let address: IpAddr = address.parse().unwrap();
    kernel().into_iter().find(|seen| seen.address == address)
}

/// Adds an address with the default mark and without any flag, as an earlier run might have.
pub(crate) fn add_marked(link: &str, address: &str, prefix: u8) {
    let index = nix::net::if_::if_nametoindex(link).unwrap();
    let address: IpAddr = address.parse().unwrap();
    let mut message = message(index, address, address, prefix);
    message.attributes.push(AddressAttribute::Protocol(112.into()));
    let bytes = request(RouteNetlinkMessage::NewAddress(message), NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
    let socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.send_to(&bytes, &SocketAddr::new(0, 0), 0).unwrap();
    let (answer, _) = socket.recv_from_full().unwrap();
    let answer = NetlinkMessage::<RouteNetlinkMessage>::deserialize(&answer).unwrap();
    assert!(matches!(answer.payload, NetlinkPayload::Error(error) if error.code.is_none()));
}

/// Somebody else with rights.
pub(crate) struct Thief(Socket);

impl Default for Thief {
    fn default() -> Self {
        let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
        socket.bind_auto().unwrap();
        Self(socket)
    }
}

impl Thief {
    /// Removes an address; whether it was there.
    pub(crate) fn steal(&self, seen: &Seen) -> bool {
        let message = RouteNetlinkMessage::DelAddress(message(seen.index, seen.address, seen.far, seen.prefix));
        self.0.send_to(&request(message, NLM_F_ACK), &SocketAddr::new(0, 0), 0).unwrap();
        let (answer, _) = self.0.recv_from_full().unwrap();
        let answer = NetlinkMessage::<RouteNetlinkMessage>::deserialize(&answer).unwrap();
        matches!(answer.payload, NetlinkPayload::Error(error) if error.code.is_none())
    }

    /// In one system call: adds and removes many addresses, steals the victim, and again.
    pub(crate) fn burst(&self, link: &str, victim: &Seen) {
        let index = nix::net::if_::if_nametoindex(link).unwrap();
        let mut bytes = Vec::new();
        for round in 0..2 {
            for last in 1..100 {
                let noise = IpAddr::from([198, 51, 100, last]);
                let noise = || message(index, noise, noise, 32);
                bytes.extend(request(RouteNetlinkMessage::NewAddress(noise()), NLM_F_CREATE));
                bytes.extend(request(RouteNetlinkMessage::DelAddress(noise()), 0));
            }
            if round == 0 {
                let theft = message(victim.index, victim.address, victim.far, victim.prefix);
                bytes.extend(request(RouteNetlinkMessage::DelAddress(theft), 0));
            }
        }
        self.0.send_to(&bytes, &SocketAddr::new(0, 0), 0).unwrap();
    }
}

fn message(index: u32, address: IpAddr, far: IpAddr, prefix: u8) -> AddressMessage {
    let mut message = AddressMessage::default();
    message.header.index = index;
    message.header.prefix_len = prefix;
    message.header.family = if address.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    message.attributes = vec![AddressAttribute::Local(address), AddressAttribute::Address(far)];
    message
}

fn request(message: RouteNetlinkMessage, flags: u16) -> Vec<u8> {
    let mut request = NetlinkMessage::from(message);
    request.header.flags = NLM_F_REQUEST | flags;
    request.finalize();
    let mut bytes = vec![0; request.buffer_len().next_multiple_of(4)];
    request.serialize(&mut bytes);
    bytes
}
