//! A host of a thousand virtual routers, and what it hears.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{AddressList, Config, Datagram, Input, Instant, InterfaceId, Node, Output, RouterId};
use vrrp_wire::{Coverage, Family, GROUP_V4, IpPair, Priority, Version, Vrid};

const INTERFACES: u32 = 4;
const VRIDS: u8 = 250;
const OURS: [u8; 4] = [10, 0, 0, 2];
const THEIRS: [u8; 4] = [10, 0, 0, 3];

/// A thousand virtual routers, and for each the advertisement of a better router.
#[derive(Debug)]
pub struct Host {
    node: Node,
    ids: Vec<RouterId>,
    packets: Vec<(InterfaceId, Vec<u8>)>,
    turn: usize,
    now: Instant,
}

impl Host {
    /// A host whose routers have all begun by `begin`.
    pub fn new(begin: Input) -> Self {
        let mut host = Self { node: Node::new(), ids: Vec::new(), packets: Vec::new(), turn: 0, now: Instant::ORIGIN };
        for vrid in (1..=VRIDS).filter_map(Vrid::new) {
            for interface in (0..INTERFACES).map(InterfaceId) {
                host.add(interface, vrid, begin);
            }
        }
        host
    }

    fn add(&mut self, interface: InterfaceId, vrid: Vrid, begin: Input) {
        let addresses = AddressList::of(Family::V4, [IpAddr::from([10, 0, 1, vrid.get()])]);
        let Ok(id) = self.node.insert(interface, Config::new(Version::V3, vrid, addresses)) else { return };
        for input in [Input::Source(IpAddr::from(OURS)), begin, Input::Claimed] {
            let _ = self.node.handle(Instant::ORIGIN, id, input);
        }
        let mut buf = [0; 64];
        let encoded = IpPair::new(IpAddr::from(THEIRS), IpAddr::V4(GROUP_V4)).zip(self.node.router(id)).and_then(
            |(ip, router)| router.advertisement(Priority::new(200)).encode(&ip, Coverage::PseudoHeader, &mut buf).ok(),
        );
        self.packets.extend(encoded.map(|packet| (interface, packet.to_vec())));
        self.ids.push(id);
    }

    /// A millisecond later the next router hears its Active router, and whatever woke up meanwhile is dealt with: each
    /// hears its own once a second. Gives the number of orders.
    #[inline]
    pub fn hear(&mut self) -> usize {
        self.now = self.now + Duration::from_millis(1);
        self.turn = (self.turn + 1) % self.packets.len().max(1);
        let Some((interface, payload)) = self.packets.get(self.turn) else { return 0 };
        let (source, destination) = (IpAddr::from(THEIRS), IpAddr::V4(GROUP_V4));
        let datagram = Datagram { source, destination, hop_limit: 255, payload };
        let mut orders = self.node.receive(self.now, *interface, &datagram).outputs.len();
        while let Some((_, outputs)) = self.node.expire(self.now) {
            orders += outputs.len();
        }
        orders
    }

    /// Lets the next timer fire; says whether an advertisement is ordered.
    #[inline]
    pub fn fire(&mut self) -> bool {
        let due = self.node.next_timeout();
        let fired = due.and_then(|due| self.node.expire(due));
        fired.is_some_and(|(_, orders)| orders.iter().any(|order| matches!(order, Output::Advertise(_))))
    }

    /// How often its routers have become Active.
    pub fn takeovers(&self) -> u32 {
        self.ids.iter().filter_map(|id| self.node.router(*id)).map(|router| router.counters().became_active).sum()
    }
}
