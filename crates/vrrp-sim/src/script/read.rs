use core::str::FromStr;
use core::time::Duration;

use vrrp_core::{Config, Delivery, Habits, Instant, OnDegraded, Peer, Preempt};
use vrrp_wire::{Authentication, Family, Version, Vrid};

use super::words::{Words, numbered};
use super::{Expectation, Script, ScriptError, ScriptErrorKind as Kind, checks, read_fault, write};
use crate::invariants::Invariant;
use crate::setup::{Latency, Make, Setup, VirtualRouterSetup, source};
use crate::world::addresses;

/// What the head of a virtual router says about all its configurations.
#[derive(Debug, Clone, Copy)]
struct Head {
    segment: u8,
    version: Version,
    family: Family,
    vrid: Vrid,
}

#[derive(Debug)]
struct Reader {
    script: Script,
    heads: Vec<Head>,
}

impl FromStr for Script {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let setup = Setup {
            routers: 0,
            software: Vec::new(),
            virtual_routers: Vec::new(),
            groups: Vec::new(),
            startup_delays: Vec::new(),
            particular: Vec::new(),
            latency: Latency::default(),
        };
        let script = Self {
            comment: Vec::new(),
            seed: 0,
            setup,
            steps: Vec::new(),
            expectations: Vec::new(),
            breaks: None,
            end: Instant::ORIGIN + Duration::from_secs(60),
        };
        let mut reader = Reader { script, heads: Vec::new() };
        for (number, line) in (1..).zip(text.lines()) {
            reader.line(line.trim()).map_err(|kind| ScriptError { line: number, kind })?;
        }
        Ok(reader.script)
    }
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Kind> {
        if let Some(comment) = line.strip_prefix('#') {
            self.script.comment.push(comment.into());
            return Ok(());
        }
        let mut words = Words::new(line);
        let Some(word) = words.next() else { return Ok(()) };
        match word {
            "seed" => self.script.seed = words.number()?,
            "end" => self.script.end = words.moment()?,
            "router" => self.router(&mut words)?,
            "group" => self.group(&mut words)?,
            "at" => self.step(&mut words)?,
            "breaks" => self.script.breaks = Some(words.read("an invariant", invariant)?),
            other => {
                let place = numbered(other, 'v').ok_or_else(|| Kind::Word { wanted: "a line", found: other.into() })?;
                self.virtual_router(place.into(), &mut words)?;
            }
        }
        words.end()
    }

    fn router(&mut self, words: &mut Words<'_>) -> Result<(), Kind> {
        let next = self.script.setup.routers;
        words.read("the next router", |word| (numbered(word, 'r')? == next && next < 15).then_some(()))?;
        let make = words.read("a make", |word| {
            [Make::Ours, Make::Keepalived22, Make::Keepalived24, Make::Frr]
                .into_iter()
                .find(|make| write::make(*make) == word)
        })?;
        let delay = if words.eat("startup-delay") { words.duration()? } else { Duration::ZERO };
        self.script.setup.software.push(make);
        self.script.setup.startup_delays.push(delay);
        self.script.setup.routers += 1;
        Ok(())
    }

    fn group(&mut self, words: &mut Words<'_>) -> Result<(), Kind> {
        let mut group = Vec::new();
        while words.peek().is_some() {
            group.push(words.numbered('v', "a virtual router")?);
        }
        self.script.setup.groups.push(group);
        Ok(())
    }

    fn virtual_router(&mut self, place: usize, words: &mut Words<'_>) -> Result<(), Kind> {
        if words.eat("segment") {
            if place != self.heads.len() {
                return Err(Kind::Word { wanted: "the next virtual router", found: format!("v{place}") });
            }
            let segment = words.read("a segment", |word| word.parse().ok().filter(|segment| *segment < 16))?;
            let head = head(segment, words)?;
            self.heads.push(head);
            self.script.setup.virtual_routers.push(VirtualRouterSetup { segment, configs: Vec::new() });
            return Ok(());
        }
        let missing = || Kind::Word { wanted: "a virtual router that is known", found: format!("v{place}") };
        let head = self.heads.get(place).copied().ok_or_else(missing)?;
        let one = self.script.setup.virtual_routers.get_mut(place).ok_or_else(missing)?;
        let next = one.configs.len();
        words.read("the next router", |word| (usize::from(numbered(word, 'r')?) == next).then_some(()))?;
        one.configs.push(config(head, place, words)?);
        Ok(())
    }

    fn step(&mut self, words: &mut Words<'_>) -> Result<(), Kind> {
        let at = words.moment()?;
        if words.eat("expect") {
            self.script.expectations.push((at, expectation(words)?));
        } else {
            self.script.steps.push((at, read_fault::fault(words)?));
        }
        Ok(())
    }
}

fn head(segment: u8, words: &mut Words<'_>) -> Result<Head, Kind> {
    words.expect("version")?;
    let version = words.read("2 or 3", |word| match word {
        "2" => Some(Version::V2),
        "3" => Some(Version::V3),
        _ => None,
    })?;
    words.expect("family")?;
    let family = words.read("ipv4 or ipv6", |word| match word {
        "ipv4" => Some(Family::V4),
        "ipv6" => Some(Family::V6),
        _ => None,
    })?;
    words.expect("vrid")?;
    Ok(Head { segment, version, family, vrid: words.vrid()? })
}

fn config(head: Head, place: usize, words: &mut Words<'_>) -> Result<Config, Kind> {
    let Head { segment, version, family, vrid } = head;
    let mut config = Config::new(version, vrid, addresses(family, segment, place, 1));
    let (mut tracks, mut requires) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word {
            "priority" => config.priority = words.priority()?,
            "interval" => config.interval = words.interval()?,
            "addresses" => config.addresses = addresses(family, segment, place, words.number()?),
            "nopreempt" => config.preempt = Preempt::Never,
            "preempt-delay" => config.preempt = Preempt::After(words.duration()?),
            "peers" => {
                let address = |word: &str| numbered(word, 'r').map(|router| source(family, segment, router));
                let peer = |word: &str| address(word).map(|address| Peer { address, min_ttl: 0, max_ttl: 255 });
                let peers = words.read("routers", |word| word.split(',').map(peer).collect::<Option<_>>())?;
                config.delivery = Delivery::Unicast { peers, ttl: 64, check_source: true };
            }
            "unchecked" => {
                if let Delivery::Unicast { check_source, .. } = &mut config.delivery {
                    *check_source = false;
                }
            }
            "password" => config.authentication = words.read("a password", password)?,
            "refresh" => config.announce.refresh = words.duration()?,
            "no-refresh" => config.announce.refresh = Duration::ZERO,
            "confirm-silence" => config.habits.confirm_silence = true,
            "strict" => config.habits = Habits::STRICT,
            "undamped" => config.habits.damp_preemption = false,
            "track" => tracks.push(checks::track(words)?),
            "requires" => requires.push(checks::requirement(words)?),
            "resign" => config.on_degraded = OnDegraded::Resign,
            "failback" => checks::fail_back(words, &mut config)?,
            other => return Err(Kind::Word { wanted: "a setting", found: other.into() }),
        }
    }
    (config.tracks, config.claim_requires) = (tracks.into(), requires.into());
    Ok(config)
}

/// Up to eight letters, as VRRPv2 carries them.
fn password(word: &str) -> Option<Authentication> {
    let mut octets = [0; 8];
    octets.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(Authentication::Simple(octets))
}

fn expectation(words: &mut Words<'_>) -> Result<Expectation, Kind> {
    if let Some(router) = words.peek().and_then(|word| numbered(word, 'r')) {
        words.next();
        let place = words.numbered('v', "a virtual router")?;
        if words.eat("notices") {
            return Ok(Expectation::Notices(router, place, words.read("a condition", Expectation::condition)?));
        }
        return Ok(Expectation::State(router, place, words.read("a state", Expectation::state)?));
    }
    let place = words.numbered('v', "a router or a virtual router")?;
    match words.word("still, reaches or outage")? {
        "still" => {
            words.expect("since")?;
            Ok(Expectation::Still(place, words.moment()?))
        }
        "reaches" if words.eat("nobody") => Ok(Expectation::Reaches(place, None)),
        "reaches" => Ok(Expectation::Reaches(place, Some(words.numbered('r', "a router or nobody")?))),
        "outage" => Ok(Expectation::Outage(place, words.duration()?)),
        other => Err(Kind::Word { wanted: "still, reaches or outage", found: other.into() }),
    }
}

fn invariant(word: &str) -> Option<Invariant> {
    Invariant::ALL.into_iter().find(|invariant| format!("{invariant:?}") == word)
}
