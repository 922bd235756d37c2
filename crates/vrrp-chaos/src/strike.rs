//! Doing what the schedule says.

use core::time::Duration;

use vrrp_lab::{Mac, Signal};
use vrrp_sim::Station;

use crate::arena::{Arena, request};
use crate::error::ChaosError;
use crate::fault::Fault;
use crate::journal::{CLIENT, Event, Process};
use crate::node::{PRIORITIES, VIP, VIP_PREFIX, VRID};
use crate::observe::SETTLE;
use crate::schedule::{Slot, Strike, Target};

/// Frames a second of a flood.
const ARP_FLOOD: u32 = 3_000;
const VRRP_FLOOD: u32 = 1_000;
/// The priority of the holder that gives way for a while, and of the other that takes over.
const LOW: u8 = 50;
const HIGH: u8 = 200;

impl Arena {
    /// Does what a slot says, and leaves everything alone for as long as it says.
    pub(crate) fn play(&mut self, number: usize, slot: &Slot) -> Result<(), ChaosError> {
        self.note(Event::Slot { number });
        let began = self.now();
        let mut steps: Vec<(Duration, usize, bool)> = Vec::new();
        for (index, strike) in slot.strikes.iter().enumerate() {
            steps.push((strike.after, index, true));
            steps.push((strike.after + strike.lasts, index, false));
        }
        steps.sort_by_key(|(after, index, begins)| (*after, *index, !begins));
        let holder = self.holder()?;
        let first = if slot.target == Target::Holder { holder } else { 1 - holder };
        for (after, index, begins) in steps {
            self.sleep_until(began + after);
            let Some(strike) = slot.strikes.get(index) else { continue };
            let router = if index == 0 { first } else { 1 - first };
            if begins { self.begin(strike, router)? } else { self.end(strike.fault, router)? }
        }
        self.sleep_until(self.now() + slot.quiet.saturating_sub(SETTLE));
        Ok(())
    }

    fn sleep_until(&self, moment: Duration) {
        std::thread::sleep(moment.saturating_sub(self.now()));
    }

    fn begin(&mut self, strike: &Strike, router: Station) -> Result<(), ChaosError> {
        let role = if self.holder()? == router { Target::Holder } else { Target::Other };
        self.note(Event::Struck { fault: strike.fault, router, role, lasts: strike.lasts });
        match strike.fault {
            Fault::Kill => {
                self.became(router, Process::Gone);
                self.node(router).kill()
            }
            Fault::Terminate => {
                self.became(router, Process::Stopping);
                self.node(router).stop()?;
                self.became(router, Process::Gone);
                Ok(())
            }
            Fault::Freeze => {
                self.node(router).signal_all(Signal::SIGSTOP)?;
                self.became(router, Process::Frozen);
                Ok(())
            }
            Fault::LinkDown | Fault::PortDown => self.part_link(strike.fault, router),
            Fault::Deaf | Fault::Mute | Fault::Partition => self.part_ways(strike.fault, router),
            Fault::Theft => {
                // Where the address is not, nothing is taken.
                let _absent = self.node(router).host.remove_address("eth0", VIP_PREFIX);
                Ok(())
            }
            Fault::Reprioritise => self.reprioritise(router, if role == Target::Holder { LOW } else { HIGH }),
            Fault::Reload => {
                let priority = self.node(router).priority;
                self.node(router).reload(priority)
            }
            Fault::Sick => {
                self.note(Event::Check { router, well: false });
                self.node(router).set_well(false)
            }
            Fault::ArpFlood | Fault::VrrpFlood => self.flood(strike),
        }
    }

    fn end(&mut self, fault: Fault, router: Station) -> Result<(), ChaosError> {
        match fault {
            Fault::Kill | Fault::Terminate => self.start(router)?,
            Fault::Freeze => {
                self.became(router, Process::Thawed);
                self.node(router).signal_all(Signal::SIGCONT)?;
            }
            Fault::LinkDown | Fault::PortDown => self.mend_link(fault, router)?,
            Fault::Deaf | Fault::Mute | Fault::Partition => self.mend_ways(fault, router)?,
            Fault::Theft | Fault::Reload => {}
            Fault::Reprioritise => {
                let [first, second] = PRIORITIES;
                self.reprioritise(router, if router == 0 { first } else { second })?;
            }
            Fault::Sick => {
                self.node(router).set_well(true)?;
                self.note(Event::Check { router, well: true });
            }
            Fault::ArpFlood | Fault::VrrpFlood => self.floods.clear(),
        }
        self.note(Event::Over { fault, router });
        Ok(())
    }

    fn part_link(&mut self, fault: Fault, router: Station) -> Result<(), ChaosError> {
        self.note(Event::Link { router, up: false });
        let (segment, host) = (self.segment.clone(), self.node(router).host.clone());
        if fault == Fault::LinkDown {
            host.link_down("eth0")?
        } else {
            segment.port_down(&host)?
        }
        Ok(())
    }

    fn mend_link(&mut self, fault: Fault, router: Station) -> Result<(), ChaosError> {
        let (segment, host) = (self.segment.clone(), self.node(router).host.clone());
        if fault == Fault::LinkDown {
            host.link_up("eth0")?
        } else {
            segment.port_up(&host)?
        }
        self.note(Event::Link { router, up: true });
        Ok(())
    }

    fn part_ways(&mut self, fault: Fault, router: Station) -> Result<(), ChaosError> {
        for (from, to) in ways(fault, router) {
            self.note(Event::Way { from, to, open: false });
        }
        let [host, other] = [router, 1 - router].map(|one| self.node(one).host.clone());
        let rest = [&other, &self.client, &self.asker, &self.noise, &self.still];
        if fault == Fault::Partition {
            self.segment.partition(&[&host], &rest)?;
        } else if fault == Fault::Deaf {
            self.segment.cut(&other, &host)?;
        } else {
            self.segment.cut(&host, &other)?;
        }
        Ok(())
    }

    fn mend_ways(&mut self, fault: Fault, router: Station) -> Result<(), ChaosError> {
        self.segment.heal_all()?;
        for (from, to) in ways(fault, router) {
            self.note(Event::Way { from, to, open: true });
        }
        Ok(())
    }

    fn reprioritise(&mut self, router: Station, priority: u8) -> Result<(), ChaosError> {
        self.node(router).reload(priority)?;
        self.note(Event::Priority { router, priority });
        Ok(())
    }

    fn flood(&mut self, strike: &Strike) -> Result<(), ChaosError> {
        let noise = self.noise_mac;
        let (frames, pps) = if strike.fault == Fault::ArpFlood {
            ((0..=255).map(|n| request(noise, [10, 0, 0, 7], [10, 0, 0, n])).collect(), ARP_FLOOD)
        } else {
            (vec![broken(noise, VRID), broken(noise, VRID + 1)], VRRP_FLOOD)
        };
        self.floods.push(self.noise.flood("eth0", frames, pps, strike.lasts)?);
        Ok(())
    }
}

/// The ways that a fault closes.
fn ways(fault: Fault, router: Station) -> Vec<(Station, Station)> {
    let (other, whole) = (1 - router, fault == Fault::Partition);
    let mut ways = Vec::new();
    if whole || fault == Fault::Deaf {
        ways.push((other, router));
    }
    if whole || fault == Fault::Mute {
        ways.push((router, other));
    }
    if whole {
        ways.extend([(router, CLIENT), (CLIENT, router)]);
    }
    ways
}

/// An advertisement of the highest priority below an owner's whose checksum is wrong (RFC 9568 §5.1, §5.2.8).
fn broken(from: Mac, vrid: u8) -> Vec<u8> {
    let ethernet = [&[0x01, 0x00, 0x5e, 0x00, 0x00, 0x12][..], &from.0, &[0x08, 0x00]].concat();
    let mut ip = [0x45, 0xc0, 0, 32, 0, 0, 0, 0, 255, 112, 0, 0, 10, 0, 0, 7, 224, 0, 0, 18];
    let sum: u32 = ip.as_chunks::<2>().0.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
    let folded = u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap_or(0);
    [ip[10], ip[11]] = (!folded).to_be_bytes();
    let vrrp = [0x31, vrid, 254, 1, 0, 100, 0xba, 0xad];
    [&ethernet[..], &ip, &vrrp, &VIP].concat()
}
