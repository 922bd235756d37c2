//! Packets that must be discarded.

use std::rc::Rc;

use vrrp_core::Delivery;
use vrrp_wire::{Advertisement, Authentication, Family, IpPair, Priority, Version};

use super::{Event, World};
use crate::faults::Forgery;
use crate::lan::Frame;
use crate::setup::{Make, host};

/// The host that no router knows.
const STRANGER: u8 = 200;
/// The best of priorities but the owner's.
const PRIORITY: Priority = Priority::new(254);
/// Where the checksum of an advertisement lies.
const CHECKSUM: usize = 7;

impl World {
    /// Every router of ours gets one for each of its virtual routers on the segment.
    pub(super) fn forge(&mut self, segment: u8, what: Forgery) {
        for place in 0..self.setup.virtual_routers.len() {
            if self.segment_of(place) != Some(segment) {
                continue;
            }
            for router in 0..self.setup.routers {
                if let Some(frame) = self.forgery(router, place, what) {
                    let arrives = self.now + self.setup.latency.wire.0;
                    self.schedule(arrives, Event::Frame { segment, to: router, frame });
                }
            }
        }
    }

    /// What a router gets; nothing where the packet would be one to take.
    fn forgery(&self, router: u8, place: usize, what: Forgery) -> Option<Frame> {
        let segment = self.segment_of(place)?;
        let one = self.routers.get(usize::from(router)).filter(|one| one.make == Make::Ours)?;
        one.interface(segment)?;
        let (config, own) = (one.config(place)?, one.source_of(place)?);
        let peer = (router + 1) % self.setup.routers;
        let known = self.routers.get(usize::from(peer)).filter(|_| peer != router)?.source_of(place)?;
        let (destination, hop_limit) = match &config.delivery {
            Delivery::Multicast { .. } if what == Forgery::Stranger => return None,
            Delivery::Unicast { .. } if what == Forgery::HopLimit => return None,
            Delivery::Unicast { check_source: false, .. } if what == Forgery::Stranger => return None,
            Delivery::Multicast { group } => (*group, if what == Forgery::HopLimit { 254 } else { 255 }),
            Delivery::Unicast { ttl, .. } => (own, *ttl),
        };
        let source = match what {
            Forgery::Echo => own,
            Forgery::Stranger => host(config.family(), segment, STRANGER),
            Forgery::HopLimit | Forgery::Checksum | Forgery::Version | Forgery::Password => known,
        };
        let mut advertisement = Advertisement {
            version: config.version,
            vrid: config.vrid,
            priority: if what == Forgery::Echo { self.software(router)?.priority(place)? } else { PRIORITY },
            interval: config.interval,
            addresses: config.addresses.as_wire(),
            authentication: config.authentication,
        };
        match what {
            Forgery::Version if config.family() == Family::V6 => return None,
            Forgery::Version => {
                let other = if config.version == Version::V2 { Version::V3 } else { Version::V2 };
                (advertisement.version, advertisement.authentication) = (other, Authentication::None);
            }
            Forgery::Password if matches!(config.authentication, Authentication::Simple(_)) => {
                advertisement.authentication = Authentication::Simple(*b"intruder");
            }
            Forgery::Password => return None,
            Forgery::HopLimit | Forgery::Checksum | Forgery::Echo | Forgery::Stranger => {}
        }
        let mut buffer = [0; Advertisement::MAX_LEN];
        let ip = IpPair::new(source, destination)?;
        let mut payload = advertisement.encode(&ip, vrrp_wire::Coverage::default(), &mut buffer).ok()?.to_vec();
        if let Some(octet) = payload.get_mut(CHECKSUM).filter(|_| what == Forgery::Checksum) {
            *octet ^= 0x55;
        }
        Some(Frame::Advertisement { source, destination, hop_limit, payload: Rc::from(payload) })
    }
}
