//! The client of a virtual router: an ordinary host of the segment with an ARP or neighbour cache.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::Instant;
use vrrp_wire::MacAddr;

/// Within this time of an answer another answer moves nothing; announcements always do (Linux `locktime`).
const LOCKTIME: Duration = Duration::from_secs(1);

/// What a client believes and what became of its packets.
#[derive(Debug, Clone)]
pub struct Client {
    /// What it asks for; nothing of a virtual router that has no address.
    address: Option<IpAddr>,
    cache: Option<(MacAddr, Instant)>,
    reaches: Option<u8>,
    reached_once: bool,
    lost_since: Option<Instant>,
    outages: Vec<(Instant, Instant)>,
}

impl Client {
    pub(crate) const fn new(address: Option<IpAddr>) -> Self {
        Self { address, cache: None, reaches: None, reached_once: false, lost_since: None, outages: Vec::new() }
    }

    /// The hardware address that its packets go to, if it has resolved any.
    pub fn cache(&self) -> Option<MacAddr> {
        self.cache.map(|(mac, _)| mac)
    }

    /// The router that its packets reach, if they do.
    pub const fn reaches(&self) -> Option<u8> {
        self.reaches
    }

    /// From when to when its packets were lost, after they had reached the address for the first time.
    pub fn outages(&self) -> &[(Instant, Instant)] {
        &self.outages
    }

    /// The longest time without it until `now`, one that has not ended yet included.
    pub fn longest_outage(&self, now: Instant) -> Duration {
        let ended = self.outages.iter().map(|(from, to)| to.since(*from));
        ended.chain(self.lost_since.map(|since| now.since(since))).max().unwrap_or_default()
    }

    /// Takes an announcement off the wire: it moves an entry, and makes none.
    pub(crate) fn hear_announcement(&mut self, now: Instant, frame: &[u8]) {
        if let Some((address, mac)) = announced(frame)
            && Some(address) == self.address
            && self.cache.is_some()
        {
            self.cache = Some((mac, now));
        }
    }

    /// Takes an answer to its request.
    pub(crate) fn hear_reply(&mut self, now: Instant, mac: MacAddr) {
        if self.cache.is_none_or(|(_, since)| since + LOCKTIME <= now) {
            self.cache = Some((mac, now));
        }
    }

    /// The entry did not answer its probe.
    pub(crate) const fn forget(&mut self) {
        self.cache = None;
    }

    /// Notes whom its packets reach from now on; says whether that is news.
    pub(crate) fn note(&mut self, now: Instant, reaches: Option<u8>) -> bool {
        if reaches == self.reaches {
            return false;
        }
        self.reaches = reaches;
        match (reaches, self.lost_since.take()) {
            (Some(_), Some(since)) => self.outages.push((since, now)),
            (Some(_), None) => self.reached_once = true,
            (None, _) => self.lost_since = self.reached_once.then_some(now),
        }
        true
    }
}

/// Whose address an announcement is about, and the hardware address it names.
fn announced(frame: &[u8]) -> Option<(IpAddr, MacAddr)> {
    let octets = |at: usize| frame.get(at..)?.first_chunk::<6>().copied().map(MacAddr::new);
    match frame.get(12..14)? {
        [0x08, 0x06] => {
            let address = frame.get(28..)?.first_chunk::<4>()?;
            Some((IpAddr::from(*address), octets(22)?))
        }
        [0x86, 0xdd] => {
            let address = frame.get(62..)?.first_chunk::<16>()?;
            Some((IpAddr::from(*address), octets(80)?))
        }
        _ => None,
    }
}
