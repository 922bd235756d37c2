use core::time::Duration;
use std::path::Path;

use vrrp_lab::{AddressWatch, Capture, CaptureConfig, Flood, Host, Lab, Mac, Probe, ProbeConfig, Segment, Stamp};
use vrrp_sim::Station;

use crate::error::ChaosError;
use crate::journal::{Event, Journal, Process};
use crate::node::{Make, Node, PRIORITIES, Programs, VIP};
use crate::stall::StallWatch;

/// How often the client asks the virtual address for an echo.
const PROBE_INTERVAL: Duration = Duration::from_millis(5);
/// A reply that takes longer is none.
const PROBE_LATE: Duration = Duration::from_millis(500);
/// How many times a second everybody is asked who has the virtual address.
const ASKS_PER_SECOND: u32 = 100;
/// For longer than any run.
const FOR_EVER: Duration = Duration::from_secs(7 * 24 * 3600);
/// Frames kept of each port: those of the newest slots.
const KEPT: usize = 60_000;

/// The LAN: two routers, a client that uses the virtual address, a host that asks by ARP who has it, one that floods,
/// and one that does nothing, by which the client tells a stalled machine from an unserved address.
#[derive(Debug)]
pub(crate) struct Arena {
    pub(crate) routers: [Node; 2],
    pub(crate) segment: Segment,
    pub(crate) client: Host,
    pub(crate) asker: Host,
    pub(crate) noise: Host,
    pub(crate) still: Host,
    pub(crate) noise_mac: Mac,
    pub(crate) floods: Vec<Flood>,
    pub(crate) eyes: Eyes,
    pub(crate) journal: Journal,
    programs: Programs,
    origin: Stamp,
    _asking: Flood,
    _lab: Lab,
}

/// Everything that watches the LAN.
#[derive(Debug)]
pub(crate) struct Eyes {
    pub(crate) ports: [Capture; 2],
    pub(crate) client: Capture,
    pub(crate) asker: Capture,
    pub(crate) addresses: [AddressWatch; 2],
    pub(crate) probe: Probe,
    pub(crate) control: Probe,
    pub(crate) stalls: StallWatch,
}

impl Arena {
    /// Makes the LAN and starts the daemons.
    pub(crate) fn new(makes: [Make; 2], programs: &Programs) -> Result<Self, ChaosError> {
        let lab = Lab::new()?;
        let segment = lab.bridge("lan0")?;
        let join = |name: &str, number: u8| -> Result<(Host, Mac), ChaosError> {
            let host = lab.host(name)?;
            let mac = host.attach(&segment, "eth0", &[&format!("10.0.0.{number}/24")])?;
            Ok((host, mac))
        };
        let ([one, other], [first, second]) = (makes, PRIORITIES);
        let (a, a_mac) = join("a", 1)?;
        let (b, b_mac) = join("b", 2)?;
        let routers = [Node::new(a, a_mac, one, first), Node::new(b, b_mac, other, second)];
        let (client, _) = join("client", 9)?;
        let (asker, asker_mac) = join("asker", 8)?;
        let (noise, noise_mac) = join("noise", 7)?;
        let (still, _) = join("still", 6)?;
        let eyes = Eyes::open(&routers, &client, (&asker, asker_mac), noise_mac)?;
        let asking = asker.flood("eth0", vec![request(asker_mac, [10, 0, 0, 8], VIP)], ASKS_PER_SECOND, FOR_EVER)?;
        let mut arena = Self {
            routers,
            segment,
            client,
            asker,
            noise,
            still,
            noise_mac,
            floods: Vec::new(),
            eyes,
            journal: Journal::default(),
            programs: programs.clone(),
            origin: Stamp::now(),
            _asking: asking,
            _lab: lab,
        };
        for (router, node) in (0..).zip(&arena.routers) {
            node.prepare()?;
            arena.journal.note(Duration::ZERO, Event::Priority { router, priority: node.priority });
        }
        for router in [0, 1] {
            arena.start(router)?;
        }
        Ok(arena)
    }

    /// The time of the journal at a moment.
    pub(crate) const fn at(&self, stamp: Stamp) -> Duration {
        stamp.since(self.origin)
    }

    pub(crate) fn now(&self) -> Duration {
        self.at(Stamp::now())
    }

    /// Writes down what is the case from now on.
    pub(crate) fn note(&mut self, event: Event) {
        self.journal.note(self.now(), event);
    }

    pub(crate) fn became(&mut self, router: Station, is: Process) {
        self.note(Event::Process { router, is });
    }

    pub(crate) fn start(&mut self, router: Station) -> Result<(), ChaosError> {
        self.became(router, Process::Started);
        let programs = self.programs.clone();
        self.node(router).start(&programs)?;
        self.became(router, Process::Ready);
        Ok(())
    }

    /// Starts a daemon again that has ended though nobody ended it.
    pub(crate) fn revive(&mut self) -> Result<(), ChaosError> {
        for router in [0, 1] {
            if self.node(router).daemon.as_ref().is_none_or(|daemon| !daemon.is_running()) {
                self.became(router, Process::Died);
                self.start(router)?;
            }
        }
        Ok(())
    }

    pub(crate) fn node(&mut self, router: Station) -> &mut Node {
        let [a, b] = &mut self.routers;
        if router == 0 { a } else { b }
    }

    /// The router that has the address: the first one if both have or none has.
    pub(crate) fn holder(&self) -> Result<Station, ChaosError> {
        let [a, b] = &self.routers;
        let (first, second) = (a.host.has_address("eth0", VIP)?, b.host.has_address("eth0", VIP)?);
        Ok(Station::from(second && !first))
    }

    /// Writes the newest frames of every port, and what the daemons said, to a directory.
    pub(crate) fn write_captures(&self, directory: &Path) -> Result<(), ChaosError> {
        let [a, b] = &self.eyes.ports;
        for (name, capture) in [("a", a), ("b", b), ("client", &self.eyes.client), ("asker", &self.eyes.asker)] {
            let path = directory.join(format!("{name}.pcap"));
            capture.write_pcap(&path).map_err(|source| ChaosError::File { path, source })?;
        }
        self.write_logs(directory)
    }

    pub(crate) fn write_logs(&self, directory: &Path) -> Result<(), ChaosError> {
        for node in &self.routers {
            let path = directory.join(format!("{}.log", node.host.name()));
            let living = node.daemon.as_ref().map(|daemon| daemon.log().tail(usize::MAX)).unwrap_or_default();
            std::fs::write(&path, format!("{}{living}\n", node.said))
                .map_err(|source| ChaosError::File { path, source })?;
        }
        Ok(())
    }
}

impl Eyes {
    fn open(
        [a, b]: &[Node; 2],
        client: &Host,
        (asker, asker_mac): (&Host, Mac),
        noise: Mac,
    ) -> Result<Self, ChaosError> {
        let port = |node: &Node| {
            let kept = CaptureConfig::default().newest(KEPT).except_from(noise);
            let only = kept.only(move |frame| {
                let told = frame.vrrp().is_some() || frame.arp().is_some();
                told && frame.source() != Some(asker_mac) && frame.destination() != Some(asker_mac)
            });
            node.host.capture_with("eth0", only)
        };
        let heard = CaptureConfig::default().newest(KEPT).except_from(noise);
        let client_port = client.capture_with("eth0", heard.only(move |frame| frame.source() != Some(asker_mac)))?;
        let answers = CaptureConfig::default().newest(KEPT).except_from(noise);
        let probe = |target: [u8; 4]| {
            let config = ProbeConfig::new("eth0", target);
            client.probe(&ProbeConfig { interval: PROBE_INTERVAL, late_after: PROBE_LATE, ..config })
        };
        Ok(Self {
            ports: [port(a)?, port(b)?],
            client: client_port,
            asker: asker.capture_with("eth0", answers)?,
            addresses: [a.host.watch_addresses()?, b.host.watch_addresses()?],
            probe: probe(VIP)?,
            control: probe([10, 0, 0, 6])?,
            stalls: StallWatch::start(),
        })
    }
}

/// An ARP request to everybody (RFC 826).
pub(crate) fn request(from: Mac, sender: [u8; 4], target: [u8; 4]) -> Vec<u8> {
    let ethernet = [&[0xff; 6][..], &from.0, &[0x08, 0x06]].concat();
    let header = [0, 1, 8, 0, 6, 4, 0, 1];
    [&ethernet[..], &header, &from.0, &sender, &[0; 6], &target].concat()
}
