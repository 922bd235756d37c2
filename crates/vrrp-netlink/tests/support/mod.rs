//! A network namespace of its own for each test, and eyes that are not the crate's.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "test support"
)]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;
use std::collections::VecDeque;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressMessage};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use vrrp_netlink::{Event, Keeper, Options, OwnerId};

const INSIDE: &str = "VRRP_NETLINK_TEST_NAMESPACE";
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the body in a process of its own within fresh user and network namespaces.
pub(crate) fn alone(name: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        ip("link set lo up");
        return body();
    }
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--kill-child"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--include-ignored"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    eprint!("{text}");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{name} failed inside its namespace"
    );
}

/// Defines tests that run alone.
#[macro_export]
macro_rules! alone {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)*) => {
        $(#[test] $(#[$attribute])* fn $name() { support::alone(stringify!($name), || $body) })*
    };
}

/// Runs `ip`, which must succeed.
pub(crate) fn ip(arguments: &str) {
    let output = Command::new("ip")
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "ip {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
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
    events: Receiver<Vec<Event>>,
    waiting: VecDeque<Event>,
}

pub(crate) fn keep(options: Options) -> Kept {
    let (sender, events) = channel();
    let keeper = Keeper::start(options, move |batch| {
        let _ = sender.send(batch);
    })
    .unwrap();
    Kept {
        keeper,
        events,
        waiting: VecDeque::new(),
    }
}

impl Kept {
    /// Hands over events until one is accepted; what came before it is dropped.
    pub(crate) fn until<T>(
        &mut self,
        what: &str,
        mut accept: impl FnMut(&Event) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            while let Some(event) = self.waiting.pop_front() {
                if let Some(accepted) = accept(&event) {
                    return accepted;
                }
                before.push(event);
            }
            match self
                .events
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(batch) => self.waiting.extend(batch),
                Err(error) => panic!("{what}: {error}; before: {before:#?}"),
            }
        }
    }

    /// Waits until all addresses of an owner are acknowledged.
    pub(crate) fn placed(&mut self, owner: u32) {
        self.until("placed", |event| match event {
            Event::Placed {
                owner: OwnerId(id),
                missing,
            } if *id == owner && missing.is_empty() => Some(()),
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
                if matches!(
                    event,
                    Event::Resynced {
                        reason: vrrp_netlink::Resync::Asked
                    }
                ) {
                    return events;
                }
                events.push(event);
            }
            let batch = self
                .events
                .recv_timeout(deadline.saturating_duration_since(Instant::now()));
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
    pub(crate) protocol: Option<u8>,
}

/// Lists the kernel's addresses by means of the library's own parser, not the crate's.
pub(crate) fn kernel() -> Vec<Seen> {
    let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.bind_auto().unwrap();
    socket.connect(&SocketAddr::new(0, 0)).unwrap();
    let mut request =
        NetlinkMessage::from(RouteNetlinkMessage::GetAddress(AddressMessage::default()));
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
                NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewAddress(message)) => {
                    seen.push(read(&message))
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

fn read(message: &AddressMessage) -> Seen {
    let (mut far, mut local, mut label, mut broadcast, mut protocol) =
        (None, None, None, None, None);
    let (mut flags, mut preferred, mut valid) = (AddressFlags::empty(), 0, 0);
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Address(address) => far = Some(*address),
            AddressAttribute::Local(address) => local = Some(*address),
            AddressAttribute::Label(text) => label = Some(text.clone()),
            AddressAttribute::Broadcast(address) => broadcast = Some(*address),
            AddressAttribute::Flags(value) => flags = *value,
            AddressAttribute::Protocol(value) => protocol = Some(u8::from(*value)),
            AddressAttribute::CacheInfo(info) => {
                (preferred, valid) = (info.ifa_preferred, info.ifa_valid)
            }
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
        preferred,
        valid,
        protocol,
    }
}

/// Finds an address in the kernel.
pub(crate) fn find(address: &str) -> Option<Seen> {
    let address: IpAddr = address.parse().unwrap();
    kernel().into_iter().find(|seen| seen.address == address)
}
