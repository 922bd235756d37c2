//! One virtual router: [`VirtualRouter::handle`] and what it shares between the states.

mod active;
mod backup;
mod initialize;
mod leaving;
mod notice;

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Advertisement, Coverage, Priority, Version};

use crate::condition::Conditions;
use crate::receive::{self, Datagram};
use crate::state::{Active, Announcing, Bucket, State};
use crate::timers::PLACE_GRACE;
use crate::{
    Backup, Cause, Checksum, Condition, Config, Counters, Heard, Ineligible, Input, Instant, Name, Output, Outputs,
    Received, Reject, active_down_interval, skew_time,
};

/// One virtual router of this host (RFC 9568 §6.4): what happened goes into [`VirtualRouter::handle`], what must
/// now be done comes out of it. It reads no clock and does nothing by itself.
///
/// The driver's contract: perform the orders in their sequence; call `handle` with [`Input::Timeout`] once the moment
/// of [`VirtualRouter::next_timeout`] has come; hand in what was received before that moment first.
#[derive(Debug, Clone)]
pub struct VirtualRouter {
    config: Config,
    /// The effective priority.
    priority: Priority,
    source: Option<IpAddr>,
    state: State,
    started: bool,
    causes: Vec<Ineligible>,
    conditions: Conditions,
    heard_coverage: Option<Coverage>,
    counters: Counters,
    /// Spreads phases and refreshes: differs from router to router of one host.
    spread: u16,
}

/// Which timer [`VirtualRouter::next_timeout`] speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Timer {
    /// `Active_Down_Timer`.
    ActiveDown,
    /// `Adver_Timer`.
    Adver,
    /// The next round of announcements.
    Announce,
    /// An assertion that was held back.
    Assertion,
    /// The last lower advertisement.
    LastLower,
    /// The end, or the second priority 0, of a hand-over.
    HandOver,
}

/// Into how many parts an interval is divided to spread the routers of one host over it.
const SLOTS: u32 = 16;

impl VirtualRouter {
    /// A virtual router in Initialize. `spread` is any number that differs between the routers of one host.
    pub fn new(config: Config, spread: u16) -> Self {
        Self {
            priority: effective(&config, config.priority),
            source: None,
            state: State::Initialize,
            started: false,
            causes: Vec::new(),
            conditions: Conditions::default(),
            heard_coverage: None,
            counters: Counters::default(),
            spread,
            config,
        }
    }

    /// Takes one input at `now` and says what must be done. Never fails, never panics.
    pub fn handle(&mut self, now: Instant, input: Input) -> Outputs {
        let mut out = Outputs::new();
        let input = if let Input::Priority(priority) = input {
            Input::Priority(effective(&self.config, priority))
        } else {
            input
        };
        if self.note(now, input, &mut out) {
            match self.state {
                State::Initialize => self.in_initialize(now, input, &mut out),
                State::Backup(backup) => self.in_backup(now, backup, input, &mut out),
                State::Active(active) => self.in_active(now, active, input, &mut out),
                State::Leaving(leaving) => self.in_leaving(now, leaving, input, &mut out),
            }
        }
        self.count(&out);
        out
    }

    /// When [`Input::Timeout`] is next due, and for which timer.
    pub fn next_timeout(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Initialize => None,
            State::Backup(backup) => {
                earliest([Some((backup.active_down_timer, Timer::ActiveDown)), with(backup.farewell, Timer::LastLower)])
            }
            State::Active(active) => earliest([
                Some((active.adver_timer, Timer::Adver)),
                with(self.owed_at(active), Timer::Assertion),
                with(active.announces_at(), Timer::Announce),
            ]),
            State::Leaving(leaving) => {
                earliest([Some((leaving.until, Timer::HandOver)), with(leaving.repeat, Timer::HandOver)])
            }
        }
    }

    /// Checks a packet against this router's configuration (RFC 9568 §7.1) and counts what is discarded.
    ///
    /// # Errors
    /// The first check that failed.
    pub fn check(&mut self, datagram: &Datagram<'_>) -> Result<Received, Reject> {
        let checked = receive::check(datagram, &self.config, self.source);
        if let Err(reject) = &checked {
            self.counters.reject(reject);
        }
        checked
    }

    /// Takes a new configuration of the same virtual router at `now`; keeps the state and, where nothing that times
    /// it changed, its timers.
    pub fn reconfigure(&mut self, now: Instant, config: Config) -> Outputs {
        let mut out = Outputs::new();
        if config == self.config {
            return out;
        }
        let backup_waits = match self.state {
            State::Backup(backup) => self.waits(&backup),
            State::Initialize | State::Active(_) | State::Leaving(_) => Duration::ZERO,
        };
        if config.priority != self.config.priority {
            self.priority = effective(&config, config.priority);
        }
        let old = core::mem::replace(&mut self.config, config);
        match self.state {
            State::Initialize | State::Leaving(_) => {}
            State::Backup(mut backup) => {
                let armed = backup.active_down_timer - backup_waits;
                if backup.active.is_none() || self.config.version == Version::V2 {
                    backup.active_adver_interval = self.config.interval;
                }
                backup.active_down_timer = armed + self.waits(&backup);
                self.state = State::Backup(backup);
            }
            State::Active(mut active) => {
                active.adver_timer = now + self.config.interval.duration();
                active.unspoken = false;
                if old.addresses != self.config.addresses {
                    active.announcing = Some(Announcing::claim(now));
                }
                self.state = State::Active(active);
                out.push(Output::Advertise(self.priority));
                out.push(Output::Claim);
            }
        }
        self.count(&out);
        out
    }

    /// The advertisement that [`Output::Advertise`] means.
    pub fn advertisement(&self, priority: Priority) -> Advertisement<'_> {
        Advertisement {
            version: self.config.version,
            vrid: self.config.vrid,
            priority,
            interval: self.config.interval,
            addresses: self.config.addresses.as_wire(),
            authentication: self.config.authentication,
        }
    }

    /// The checksum form to send: the configured one, or with [`Checksum::Auto`] the one last heard.
    pub fn coverage(&self) -> Coverage {
        match self.config.checksum {
            Checksum::PseudoHeader => Coverage::PseudoHeader,
            Checksum::Message => Coverage::Message,
            Checksum::Auto => self.heard_coverage.unwrap_or_default(),
        }
    }

    /// The configuration in force.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Where it stands.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The effective priority.
    pub const fn priority(&self) -> Priority {
        self.priority
    }

    /// The address that advertisements come from.
    pub const fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// Why it may not serve; empty when it is eligible.
    pub fn causes(&self) -> &[Ineligible] {
        &self.causes
    }

    /// What is odd at present.
    pub fn conditions(&self) -> impl Iterator<Item = Condition> + '_ {
        self.conditions.iter()
    }

    /// What it has counted.
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Initialize to Backup, and every other way into it that waits a whole `Active_Down_Interval` of our own.
    fn become_backup(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        let from = self.state.name();
        let active_adver_interval = self.config.interval;
        self.state = State::Backup(Backup {
            active_down_timer: now + self.down_interval(active_adver_interval),
            active_adver_interval,
            active: None,
            released: None,
            lower: None,
            preempt_at: None,
            farewell: None,
        });
        out.push(Output::Moved { from, to: Name::Backup, why });
    }

    /// RFC 9568 §6.4.2: advertise first, then the addresses; they are announced once the kernel has them.
    fn become_active(&mut self, now: Instant, why: Cause, out: &mut Outputs) {
        let from = self.state.name();
        let unspoken = self.config.habits.place_before_preempting && why.preempted().is_some();
        let interval = self.config.interval.duration();
        self.state = State::Active(Active {
            adver_timer: now + if unspoken { PLACE_GRACE.min(interval) } else { interval },
            in_slot: !self.config.habits.spread_phases,
            announcing: None,
            assertions: Bucket::full(now),
            displaced: why.preempted(),
            owed: None,
            claimed: false,
            unspoken,
        });
        if !unspoken {
            out.push(Output::Advertise(self.priority));
        }
        out.push(Output::Claim);
        out.push(Output::Moved { from, to: Name::Active, why });
    }

    /// Any state to Initialize.
    fn become_initialize(&mut self, why: Cause, out: &mut Outputs) {
        let from = self.state.name();
        self.state = State::Initialize;
        out.push(Output::Moved { from, to: Name::Initialize, why });
        self.settle_conditions(out);
    }

    /// RFC 9568 §6.1 `Active_Down_Interval`; in VRRPv2 by the local interval, or the longer of two that differ.
    fn down_interval(&self, active_adver_interval: AdverInterval) -> Duration {
        active_down_interval(self.config.version, self.priority, active_adver_interval, self.config.down_timer_adverts)
    }

    /// What `Active_Down_Timer` was set to when it was last set.
    fn waits(&self, backup: &Backup) -> Duration {
        if backup.released.is_some() {
            self.skew(backup.active_adver_interval)
        } else {
            self.down_interval(backup.active_adver_interval)
        }
    }

    fn skew(&self, active_adver_interval: AdverInterval) -> Duration {
        skew_time(self.config.version, self.priority, active_adver_interval)
    }

    /// The last moment up to `due` that belongs to this router's slot of the interval.
    ///
    /// Sixteen slots, the same for all routers of a host: those of one slot wake it together and leave in one
    /// system call, the slots keep thousands of routers from leaving in one burst.
    fn last_in_slot(&self, due: Instant) -> Instant {
        let interval = self.config.interval.duration();
        let offset = interval * u32::from(self.hash() >> 12) / SLOTS;
        let interval = u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX);
        let offset = u64::try_from(offset.as_nanos()).unwrap_or(0);
        let beyond = due.as_nanos().wrapping_sub(offset) % interval;
        due - Duration::from_nanos(beyond)
    }

    /// A number that is spread well over the routers of one host and stays with each.
    fn hash(&self) -> u16 {
        self.spread.wrapping_mul(40_503)
    }

    fn count(&mut self, out: &Outputs) {
        let counters = &mut self.counters;
        for output in out.iter() {
            match output {
                Output::Advertise(priority) => {
                    counters.advertised += 1;
                    counters.release_sent += u32::from(priority == Priority::RELEASE);
                }
                Output::Moved { to: Name::Active, .. } => counters.became_active += 1,
                Output::Moved { from: Name::Active, .. } => counters.ceased_active += 1,
                Output::Moved { .. }
                | Output::Claim
                | Output::Announce
                | Output::Release
                | Output::Raised(_)
                | Output::Cleared(_) => {}
            }
        }
    }
}

/// The priority that may be advertised: 255 is the owner's alone, 0 says something else (RFC 9568 §5.2.4).
fn effective(config: &Config, priority: Priority) -> Priority {
    if config.is_owner() { Priority::OWNER } else { priority.clamp(Priority::new(1), Priority::new(254)) }
}

/// The evidence that an advertisement is.
const fn heard(now: Instant, received: &Received) -> Heard {
    Heard { source: received.source, priority: received.priority, at: now }
}

fn with(moment: Option<Instant>, timer: Timer) -> Option<(Instant, Timer)> {
    moment.map(|moment| (moment, timer))
}

fn earliest<const N: usize>(timers: [Option<(Instant, Timer)>; N]) -> Option<(Instant, Timer)> {
    timers.into_iter().flatten().min_by_key(|(moment, _)| *moment)
}
