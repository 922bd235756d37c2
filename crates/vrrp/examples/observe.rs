//! Prints the VRRP of an interface, one line a packet: who sent it, what it says, how its checksum was made, and what is
//! wrong with it.
//!
//! ```sh
//! observe eth0                          # judged by the packet alone
//! observe eth0 51 3 192.0.2.100         # as VRID 51 of VRRPv3 with this address would judge it
//! ```
//!
//! It needs `CAP_NET_RAW`, sends nothing, and may run beside a router.
#![expect(clippy::print_stdout, reason = "it is what this program is for")]

use core::error::Error;
use core::net::IpAddr;
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use vrrp::socket::{Batch, Sighting, Tap, TapOptions};
use vrrp::{AddressList, Config, Coverage, Delivery, Reject, Version, Vrid};
use vrrp_core::Datagram;
use vrrp_wire::{Advertisement, Family, HOP_LIMIT, IpPair};

const USAGE: &str = "usage: observe INTERFACE [VRID VERSION ADDRESS...]";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let interface = arguments.next().ok_or(USAGE)?;
    let ours = router(&arguments.collect::<Vec<_>>())?;
    let index = nix::net::if_::if_nametoindex(interface.as_str())?;
    let tap = Tap::open(&TapOptions { index, outgoing: true, receive_buffer: TapOptions::SMALL })?;
    println!("listening on {interface}");
    let mut batch = Batch::default();
    let mut lost = 0;
    loop {
        poll(&mut [PollFd::new(tap.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE)?;
        let drained = tap.drain(&mut batch, Batch::PACKETS, |sighting| print(&sighting, ours.as_ref()))?;
        if drained.unreadable > 0 {
            println!("{} packets with an IP header that cannot be read", drained.unreadable);
        }
        if drained.lost > lost {
            println!("{} packets came too fast to be shown", drained.lost - lost);
            lost = drained.lost;
        }
    }
}

/// The virtual router that judges, if one is given.
fn router(arguments: &[String]) -> Result<Option<Config>, Box<dyn Error>> {
    let [vrid, version, addresses @ ..] = arguments else {
        return if arguments.is_empty() { Ok(None) } else { Err(USAGE.into()) };
    };
    let vrid = Vrid::new(vrid.parse()?).ok_or("a VRID is 1 to 255")?;
    let version = match version.as_str() {
        "2" => Version::V2,
        "3" => Version::V3,
        _ => return Err("a version is 2 or 3".into()),
    };
    let addresses = addresses.iter().map(|text| text.parse()).collect::<Result<Vec<IpAddr>, _>>()?;
    let family = addresses.first().map_or(Family::V4, |first| Family::of(*first));
    Ok(Some(Config::new(version, vrid, AddressList::of(family, addresses))))
}

fn print(sighting: &Sighting<'_>, ours: Option<&Config>) {
    let Datagram { source, destination, hop_limit, payload } = sighting.arrival.datagram;
    let nanos = sighting.arrival.stamp.map_or(0, |stamp| stamp.as_nanos());
    let (seconds, micros) = (nanos / 1_000_000_000, nanos / 1000 % 1_000_000);
    let mac = sighting.mac.map(|mac| mac.to_string()).unwrap_or_default();
    let way = if sighting.outgoing { "out" } else { "in" };
    let decoded = IpPair::new(source, destination).map(|ip| Advertisement::decode(payload, &ip));
    let says = match decoded {
        Some(Ok((advertisement, coverage))) => format!("{advertisement}, {}", checksum(&advertisement, coverage)),
        Some(Err(_)) | None => format!("{} bytes", payload.len()),
    };
    let verdict = match judge(&sighting.arrival.datagram, ours) {
        Ok(remark) => format!("valid{remark}"),
        Err(reject) => format!("INVALID: {reject}"),
    };
    println!("{seconds}.{micros:06} {way} {mac} {source} > {destination} ttl {hop_limit}: {says}; {verdict}");
}

/// How a valid checksum was made: only VRRPv3 over IPv4 leaves a choice.
const fn checksum(advertisement: &Advertisement<'_>, coverage: Coverage) -> &'static str {
    match (advertisement.version, advertisement.addresses.family(), coverage) {
        (Version::V3, Family::V4, Coverage::PseudoHeader) => "checksum with pseudo-header",
        (Version::V3, Family::V4, Coverage::Message) => "checksum without pseudo-header",
        (Version::V2 | Version::V3, Family::V4 | Family::V6, _) => "checksum right",
    }
}

/// What a router would make of it; without one, what the packet alone can tell.
fn judge(datagram: &Datagram<'_>, ours: Option<&Config>) -> Result<&'static str, Reject> {
    let ip = IpPair::new(datagram.source, datagram.destination).ok_or(Reject::Delivery)?;
    let (advertisement, _) = Advertisement::decode(datagram.payload, &ip).map_err(Reject::Malformed)?;
    let Some(config) = ours else {
        let far = datagram.destination.is_multicast() && datagram.hop_limit != HOP_LIMIT;
        let reject = Reject::HopLimit { received: datagram.hop_limit, least: HOP_LIMIT };
        return if far { Err(reject) } else { Ok("") };
    };
    if advertisement.vrid != config.vrid || advertisement.addresses.family() != config.family() {
        return Err(Reject::UnknownVrid);
    }
    let received = vrrp_core::check(datagram, config, None)?;
    let differs = received.addresses_differ && matches!(config.delivery, Delivery::Multicast { .. });
    Ok(if differs { ", but for other addresses" } else { "" })
}
