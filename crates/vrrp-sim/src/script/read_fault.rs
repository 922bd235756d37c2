use vrrp_core::{Drain, Verdict};

use super::ScriptErrorKind as Kind;
use super::words::{Words, numbered};
use crate::checks::CHECKS;
use crate::faults::{Change, Fault, Forgery, InterfaceFault, RouterFault, SegmentFault, VirtualRouterFault};
use crate::lan::{Noise, Station, bit};

/// A fault as it is printed.
pub(super) fn fault(words: &mut Words<'_>) -> Result<Fault, Kind> {
    if words.eat("segment") {
        return Ok(Fault::Segment(words.number()?, segment_fault(words)?));
    }
    let router = words.numbered('r', "a segment or a router")?;
    if words.eat("segment") {
        return Ok(Fault::Interface(router, words.number()?, interface_fault(words)?));
    }
    if let Some(place) = words.peek().and_then(|word| numbered(word, 'v')) {
        words.next();
        return Ok(Fault::VirtualRouter(router, place, virtual_router_fault(words)?));
    }
    Ok(Fault::Router(router, router_fault(words)?))
}

fn station(words: &mut Words<'_>) -> Result<Station, Kind> {
    words.numbered('s', "a station")
}

fn segment_fault(words: &mut Words<'_>) -> Result<SegmentFault, Kind> {
    Ok(match words.word("a fault")? {
        "cut" => SegmentFault::Cut(station(words)?, station(words)?),
        "partition" => {
            let mut group = 0;
            while words.peek().is_some() {
                group |= bit(station(words)?);
            }
            SegmentFault::Partition(group)
        }
        "heal" => SegmentFault::Heal,
        "noise" => {
            let mut one = || if words.eat("all") { Ok(None) } else { station(words).map(Some) };
            let (from, to) = (one()?, one()?);
            SegmentFault::Noise(from, to, noise(words)?)
        }
        "snoop" => SegmentFault::Snoop(station(words)?),
        "flush" => SegmentFault::Flush,
        "spoof" => SegmentFault::Spoof(station(words)?, station(words)?),
        "forge" => {
            let kind = |word: &str| Forgery::ALL.into_iter().find(|forgery| forgery.word() == word);
            SegmentFault::Forge(words.read("what is wrong with a packet", kind)?)
        }
        other => return Err(Kind::Word { wanted: "a fault of a segment", found: other.into() }),
    })
}

fn noise(words: &mut Words<'_>) -> Result<Noise, Kind> {
    let mut noise = Noise::default();
    while let Some(word) = words.next() {
        match word {
            "lost" => noise.lost = words.number()?,
            "doubled" => noise.doubled = words.number()?,
            "held" => noise.held = words.number()?,
            "for" => noise.held_for = words.duration()?,
            "delay" => noise.delay = words.duration()?,
            other => return Err(Kind::Word { wanted: "a kind of noise", found: other.into() }),
        }
    }
    Ok(noise)
}

fn router_fault(words: &mut Words<'_>) -> Result<RouterFault, Kind> {
    Ok(match words.word("a fault")? {
        "kill" => RouterFault::Kill,
        "power-off" => RouterFault::PowerOff,
        "start" => RouterFault::Start,
        "stop" => RouterFault::Stop,
        "stall" => RouterFault::Stall(words.duration()?),
        "clock-forward" => RouterFault::ClockForward(words.duration()?),
        "clock-back" => RouterFault::ClockBack(words.duration()?),
        "check" => {
            let check = words.read("a check", |word| word.parse().ok().filter(|check| usize::from(*check) < CHECKS))?;
            RouterFault::Check(check, verdict(words)?)
        }
        "groups" => RouterFault::Grouped(either(words, "on or off", "on", "off")?),
        other => return Err(Kind::Word { wanted: "a fault of a router", found: other.into() }),
    })
}

fn verdict(words: &mut Words<'_>) -> Result<Verdict, Kind> {
    Ok(match words.word("a verdict")? {
        "unknown" => Verdict::Unknown,
        "up" => Verdict::Up,
        "down" => Verdict::Down,
        "silent" => Verdict::Silent,
        "value" => Verdict::Value(words.number()?),
        other => return Err(Kind::Word { wanted: "a verdict", found: other.into() }),
    })
}

/// Whether the next word is the first or the second.
fn either(words: &mut Words<'_>, wanted: &'static str, yes: &str, no: &str) -> Result<bool, Kind> {
    words.read(wanted, |word| (word == yes || word == no).then_some(word == yes))
}

fn interface_fault(words: &mut Words<'_>) -> Result<InterfaceFault, Kind> {
    Ok(match words.word("a fault")? {
        "link" => InterfaceFault::Link(either(words, "up or down", "up", "down")?),
        "sends" => InterfaceFault::Sends(either(words, "work or fail", "work", "fail")?),
        "source" => InterfaceFault::Source(either(words, "back or gone", "back", "gone")?),
        "renumber" => InterfaceFault::Renumber(words.number()?),
        "firewall" if words.eat("off") => InterfaceFault::Firewall(None),
        "firewall" => InterfaceFault::Firewall(Some(words.duration()?)),
        other => return Err(Kind::Word { wanted: "a fault of an interface", found: other.into() }),
    })
}

fn virtual_router_fault(words: &mut Words<'_>) -> Result<VirtualRouterFault, Kind> {
    Ok(match words.word("a fault")? {
        "priority" => VirtualRouterFault::Priority(words.priority()?),
        "steal" => VirtualRouterFault::Steal,
        "thief" if words.eat("off") => VirtualRouterFault::Thief(None),
        "thief" => VirtualRouterFault::Thief(Some(words.duration()?)),
        "reload" => VirtualRouterFault::Reload(change(words)?),
        "drain" if words.eat("force") => VirtualRouterFault::Drain(Drain::Force),
        "drain" => VirtualRouterFault::Drain(Drain::IfRelieved),
        "undrain" => VirtualRouterFault::Undrain,
        "takeover" if words.eat("off") => VirtualRouterFault::Takeover(None),
        "takeover" => VirtualRouterFault::Takeover(Some(words.priority()?)),
        other => return Err(Kind::Word { wanted: "a fault of a virtual router", found: other.into() }),
    })
}

fn change(words: &mut Words<'_>) -> Result<Change, Kind> {
    Ok(match words.next() {
        None => Change::Nothing,
        Some("priority") => Change::Priority(words.priority()?),
        Some("interval") => Change::Interval(words.interval()?),
        Some("addresses") => Change::Addresses(words.number()?),
        Some("vrid") => Change::Vrid(words.vrid()?),
        Some(other) => return Err(Kind::Word { wanted: "a change", found: other.into() }),
    })
}
