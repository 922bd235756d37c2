//! One virtual router: [`VirtualRouter::handle`] and what it shares between the states.

mod active;
mod backup;
mod claim;
mod health;
mod initialize;
mod leaving;
mod moves;
mod notice;
mod reconfigure;

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{AdverInterval, Advertisement, Coverage, EncodeError, IpPair, Priority};

use crate::condition::Conditions;
use crate::policy::Damping;
use crate::receive::{self, Datagram};
use crate::state::{Purpose, State};
use crate::timers::OVERRULED;
use crate::tracking::Verdicts;
use crate::{
    Backup, Checksum, Condition, Config, Counters, Heard, Ineligible, Input, Instant, Name, Output, Outputs, Received,
    Reject, active_down_interval, skew_time,
};

/// One virtual router of this host (RFC 9568 §6.4): what happened goes into [`VirtualRouter::handle`], what must
/// now be done comes out of it. It reads no clock and does nothing by itself.
///
/// The driver's contract: perform the orders in their sequence; call `handle` with [`Input::Timeout`] once the moment
/// of [`VirtualRouter::next_timeout`] has come; hand in what was received before that moment first.
#[derive(Debug, Clone)]
pub struct VirtualRouter {
    config: Config,
    /// The priority before tracking.
    base: Priority,
    /// The effective priority.
    priority: Priority,
    /// What a takeover that was asked for raises the priority to.
    takeover: Option<Priority>,
    /// What its sync group holds the priority down to.
    ceiling: Option<Priority>,
    /// Whether an equal priority is decided here by the greater address; in a sync group one member decides for all.
    breaks_ties: bool,
    /// When another member of its sync group last held it back, or undid its claim.
    overruled: Option<Instant>,
    verdicts: Verdicts,
    damping: Damping,
    source: Option<IpAddr>,
    state: State,
    started: bool,
    /// The carrier came up, or the interface, while this router ran, and nothing has been received since.
    carrier_rose: bool,
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
    /// The LAN is asked before the addresses are claimed.
    Probe,
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
        let verdicts = Verdicts::of(&config, &Verdicts::default());
        let mut causes: Vec<Ineligible> = verdicts.causes(&config).collect();
        causes.sort_unstable();
        Self {
            base: config.priority,
            priority: verdicts.weighted(&config, config.priority),
            takeover: None,
            ceiling: None,
            breaks_ties: true,
            overruled: None,
            damping: Damping::default(),
            source: None,
            state: State::Initialize,
            started: false,
            carrier_rose: false,
            causes,
            verdicts,
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
        self.handle_into(now, input, &mut out);
        out
    }

    /// [`VirtualRouter::handle`], for whoever has a place for the orders: they are too many bytes to be moved about.
    pub(crate) fn handle_into(&mut self, now: Instant, input: Input, out: &mut Outputs) {
        self.take(now, input, out);
        self.count(out);
    }

    /// One input, or what follows from it.
    fn take(&mut self, now: Instant, input: Input, out: &mut Outputs) {
        if self.note(now, input, out) {
            match self.state {
                State::Initialize => self.in_initialize(now, input, out),
                State::Backup(backup) => self.in_backup(now, backup, input, out),
                State::Active(active) => self.in_active(now, active, input, out),
                State::Leaving(leaving) => self.in_leaving(now, leaving, input, out),
            }
        }
    }

    /// When [`Input::Timeout`] is next due, and for which timer.
    pub fn next_timeout(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Initialize => None,
            State::Backup(backup) => {
                let probe = if self.config.habits.confirm_silence { self.probes_at(backup) } else { None };
                earliest([
                    Some((backup.active_down_timer, Timer::ActiveDown)),
                    with(backup.farewell, Timer::LastLower),
                    with(probe, Timer::Probe),
                ])
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

    /// Writes [`VirtualRouter::advertisement`] into the head of `buf`, with the checksum form to send, and returns the part
    /// written. A router that is configured without addresses counts none, as keepalived's do.
    ///
    /// # Errors
    /// [`EncodeError`] when the version cannot carry what is configured, or `buf` is too small.
    pub fn encode<'b>(&self, priority: Priority, ip: &IpPair, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
        self.advertisement(priority).encode_unlisted(ip, self.coverage(), buf)
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

    /// What its sync group holds the priority down to.
    pub(crate) const fn ceiling(&self) -> Option<Priority> {
        self.ceiling
    }

    pub(crate) const fn set_breaks_ties(&mut self, breaks: bool) {
        self.breaks_ties = breaks;
    }

    /// The Active router that a Backup follows, as last heard.
    pub const fn followed(&self) -> Option<Heard> {
        match &self.state {
            State::Backup(backup) => backup.active,
            State::Initialize | State::Active(_) | State::Leaving(_) => None,
        }
    }

    /// Whether a Backup waits to preempt a living router of lower priority.
    pub(crate) const fn is_to_preempt(&self) -> bool {
        matches!(&self.state, State::Backup(backup) if backup.lower.is_some())
    }

    /// Whether a Backup follows a router of lower priority: it is not to preempt it, or not yet.
    pub(crate) fn follows_a_lower(&self) -> bool {
        !self.is_to_preempt() && self.followed().is_some_and(|active| active.priority < self.priority)
    }

    /// When a `preempt_delay` that a Backup waits out is over.
    pub const fn preempts_at(&self) -> Option<Instant> {
        match &self.state {
            State::Backup(backup) => backup.preempt_at,
            State::Initialize | State::Active(_) | State::Leaving(_) => None,
        }
    }

    /// Since when a Backup has heard nobody whom it follows.
    pub(crate) fn silent_since(&self) -> Option<Instant> {
        match &self.state {
            State::Backup(backup) => Some(backup.active_down_timer - self.waits(backup)),
            State::Initialize | State::Active(_) | State::Leaving(_) => None,
        }
    }

    /// When a Backup takes over unless it hears the Active router before.
    pub(crate) fn waits_until(&self) -> Option<Instant> {
        match &self.state {
            State::Backup(backup) => Some(backup.active_down_timer),
            State::Initialize | State::Active(_) | State::Leaving(_) => None,
        }
    }

    /// Whether another member of its sync group knew better a short while ago.
    pub(crate) fn is_overruled(&self, now: Instant) -> bool {
        self.overruled.is_some_and(|at| now < at + OVERRULED)
    }

    /// Whether it is to hand over and to stay: not because it is told to stop.
    pub(crate) fn hands_over(&self) -> bool {
        matches!(&self.state, State::Leaving(leaving) if leaving.purpose != Purpose::Stop)
    }

    /// `Active_Down_Interval` by its own interval.
    pub(crate) fn down_interval_of_its_own(&self) -> Duration {
        self.down_interval(self.config.interval)
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

    /// RFC 9568 §6.1 `Active_Down_Interval`; in VRRPv2 by the local interval, or the longer of two that differ.
    fn down_interval(&self, active_adver_interval: AdverInterval) -> Duration {
        active_down_interval(self.config.version, self.priority, active_adver_interval, self.config.down_timer_adverts)
    }

    /// What `Active_Down_Timer` was set to when it was last set.
    fn waits(&self, backup: &Backup) -> Duration {
        if backup.released.is_some() || backup.hastened {
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
                | Output::Priority { .. }
                | Output::Probe(_)
                | Output::Raised(_)
                | Output::Cleared(_) => {}
            }
        }
    }
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
