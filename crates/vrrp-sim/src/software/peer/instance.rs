use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::{
    Cause, CheckId, Config, Heard, Ineligible, Input, Instant, Name, Output, Preempt, Received, Verdict,
    active_down_interval, skew_time,
};
use vrrp_wire::{AdverInterval, Priority, Version};

use crate::checks::{Verdicts, forbids, points, verdict, verdicts};
use crate::setup::Make;

/// From the claim to keepalived's second burst (`garp_master_delay`, `garp_lower_prio_delay`).
const SECOND_BURST: Duration = Duration::from_secs(5);

/// One `vrrp_instance`.
#[derive(Debug)]
pub(super) struct Instance {
    make: Make,
    config: Config,
    priority: Priority,
    source: Option<IpAddr>,
    state: State,
    started: bool,
    faults: Vec<Ineligible>,
    verdicts: Verdicts,
    second_burst: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Fault,
    Backup(Backup),
    Master { adver_timer: Instant },
}

#[derive(Debug, Clone, Copy)]
struct Backup {
    /// When the timer was last set.
    armed: Instant,
    /// Whether it was set to the skew alone.
    released: Option<IpAddr>,
    interval: AdverInterval,
    preempt_at: Option<Instant>,
}

impl Instance {
    pub(super) fn new(make: Make, config: Config) -> Self {
        let (priority, state) = (config.priority, State::Fault);
        let verdicts = verdicts(core::iter::once(&config), Verdict::Unknown);
        Self {
            make,
            config,
            priority,
            source: None,
            state,
            started: false,
            faults: Vec::new(),
            verdicts,
            second_burst: None,
        }
    }

    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    pub(super) const fn source(&self) -> Option<IpAddr> {
        self.source
    }

    pub(super) const fn priority(&self) -> Priority {
        self.priority
    }

    pub(super) const fn name(&self) -> Name {
        match self.state {
            State::Fault => Name::Initialize,
            State::Backup(_) => Name::Backup,
            State::Master { .. } => Name::Active,
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Instant> {
        let timer = match self.state {
            State::Fault => None,
            State::Backup(backup) => Some(backup.armed + self.waits(&backup)),
            State::Master { adver_timer } => Some(adver_timer),
        };
        [timer, self.second_burst].into_iter().flatten().min()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "they know nothing of our other inputs")]
    pub(super) fn handle(&mut self, now: Instant, input: Input) -> Vec<Output> {
        match input {
            Input::Startup => {
                self.started = true;
                self.begin(now, Cause::Started)
            }
            Input::Shutdown(_) => {
                self.started = false;
                self.go_down(Cause::Stopped)
            }
            Input::Raise(cause) => {
                if !self.faults.contains(&cause) {
                    self.faults.push(cause);
                }
                self.go_down(Cause::Ineligible(cause))
            }
            Input::Clear(cause) => {
                self.faults.retain(|fault| *fault != cause);
                if self.started { self.begin(now, Cause::Recovered(cause)) } else { Vec::new() }
            }
            Input::Source(address) => {
                self.source = Some(address);
                Vec::new()
            }
            Input::Priority(priority) if self.make != Make::Frr && self.config.priority != Priority::OWNER => {
                self.priority = priority.clamp(Priority::new(1), Priority::new(254));
                Vec::new()
            }
            Input::Check(check, says) if self.make != Make::Frr => self.take_verdict(now, check, says),
            Input::Claimed => self.announce(now),
            _ => Vec::new(),
        }
    }

    /// keepalived's `track_script`: without a weight a fault, with one a change of priority that is told in due course.
    fn take_verdict(&mut self, now: Instant, check: CheckId, says: Verdict) -> Vec<Output> {
        let place = usize::try_from(check.0).unwrap_or(usize::MAX);
        if let Some(known) = self.verdicts.get_mut(place) {
            *known = says;
        }
        let tracks = self.config.tracks.iter();
        let sum: i64 = tracks.clone().map(|track| points(track, verdict(&self.verdicts, track.check))).sum();
        if self.config.priority != Priority::OWNER {
            let moved = (i64::from(self.config.priority.get()) + sum).clamp(1, 254);
            self.priority = Priority::new(u8::try_from(moved).unwrap_or(u8::MAX));
        }
        let cause = Ineligible::Check(check.0);
        let mut about = tracks.filter(|track| track.check == check);
        let input = if about.any(|track| forbids(track, says)) { Input::Raise(cause) } else { Input::Clear(cause) };
        let stands = self.faults.contains(&cause);
        if stands == matches!(input, Input::Raise(_)) { Vec::new() } else { self.handle(now, input) }
    }

    /// A packet for this VRID came; `None` when it was discarded.
    pub(super) fn receive(&mut self, now: Instant, received: Option<&Received>) -> Vec<Output> {
        match (self.state, received) {
            (State::Backup(backup), Some(received)) => {
                self.backup_hears(now, backup, received);
                Vec::new()
            }
            (State::Master { .. }, Some(received)) => self.master_hears(now, received),
            // keepalived waits anew after any packet, whatever becomes of it.
            (State::Master { .. }, None) if self.make != Make::Frr => {
                self.state = State::Master { adver_timer: now + self.config.interval.duration() };
                Vec::new()
            }
            (State::Fault, _) | (State::Backup(_) | State::Master { .. }, None) => Vec::new(),
        }
    }

    fn backup_hears(&mut self, now: Instant, mut backup: Backup, received: &Received) {
        if received.priority == Priority::RELEASE {
            backup.armed = now;
            backup.released = Some(received.source);
        } else if received.priority >= self.priority || self.defers(now, &mut backup) {
            if received.priority >= self.priority {
                backup.preempt_at = None;
            }
            let interval = if self.config.version == Version::V3 { received.interval } else { backup.interval };
            backup = Backup { armed: now, released: None, interval, ..backup };
        }
        self.state = State::Backup(backup);
    }

    fn defers(&self, now: Instant, backup: &mut Backup) -> bool {
        match self.config.preempt {
            Preempt::Never => true,
            Preempt::After(delay) if self.make != Make::Frr => now < *backup.preempt_at.get_or_insert(now + delay),
            Preempt::Immediately | Preempt::After(_) => false,
        }
    }

    fn master_hears(&mut self, now: Instant, received: &Received) -> Vec<Output> {
        let by = Heard { source: received.source, priority: received.priority, at: now };
        let greater = self.source.is_some_and(|own| received.source > own);
        let advertise = Output::Advertise(self.priority);
        let why = match received.priority.cmp(&self.priority) {
            core::cmp::Ordering::Greater => Cause::Higher { by },
            core::cmp::Ordering::Equal if greater => Cause::Tie { by },
            core::cmp::Ordering::Equal | core::cmp::Ordering::Less => {
                let release = received.priority == Priority::RELEASE;
                if self.make == Make::Frr && !release {
                    return Vec::new();
                }
                self.state = State::Master { adver_timer: now + self.config.interval.duration() };
                if release {
                    return vec![advertise];
                }
                self.second_burst = Some(now + SECOND_BURST);
                return vec![advertise, Output::Announce];
            }
        };
        let interval = if self.config.version == Version::V3 { received.interval } else { self.config.interval };
        self.state = State::Backup(Backup { armed: now, released: None, interval, preempt_at: None });
        self.second_burst = None;
        vec![Output::Release, Output::Moved { from: Name::Active, to: Name::Backup, why }]
    }

    pub(super) fn time_out(&mut self, now: Instant) -> Vec<Output> {
        if self.second_burst.is_some_and(|due| due <= now) {
            self.second_burst = None;
            return vec![Output::Announce];
        }
        match self.state {
            State::Backup(backup) if backup.armed + self.waits(&backup) <= now => {
                let why = backup.released.map_or(Cause::ActiveDown { last: None }, |by| Cause::Released { by });
                self.become_master(now, why)
            }
            State::Master { adver_timer } if adver_timer <= now => {
                // Counted from now, not from when it was due: the interval drifts.
                self.state = State::Master { adver_timer: now + self.config.interval.duration() };
                vec![Output::Advertise(self.priority)]
            }
            State::Fault | State::Backup(_) | State::Master { .. } => Vec::new(),
        }
    }

    /// Somebody removed the addresses: keepalived gives up and waits for itself; FRR's live on another device.
    pub(super) fn robbed(&mut self, now: Instant) -> Vec<Output> {
        if self.make == Make::Frr || self.name() != Name::Active {
            return Vec::new();
        }
        let mut orders = self.go_down(Cause::Ineligible(Ineligible::ClaimRefused));
        orders.extend(self.begin(now, Cause::Recovered(Ineligible::ClaimRefused)));
        orders
    }

    pub(super) fn reload(&mut self, now: Instant, config: Config) -> Vec<Output> {
        let other = config.vrid != self.config.vrid;
        if config.priority != self.config.priority {
            self.priority = config.priority;
        }
        let mut orders = if other { self.go_down(Cause::Stopped) } else { Vec::new() };
        self.config = config;
        if other {
            orders.extend(self.begin(now, Cause::Started));
        } else if self.name() == Name::Active {
            orders.push(Output::Claim);
        }
        orders
    }

    fn begin(&mut self, now: Instant, why: Cause) -> Vec<Output> {
        if !self.faults.is_empty() || self.name() != Name::Initialize {
            return Vec::new();
        }
        if self.config.is_owner() {
            return self.become_master(now, Cause::Owner);
        }
        let interval = self.config.interval;
        self.state = State::Backup(Backup { armed: now, released: None, interval, preempt_at: None });
        vec![Output::Moved { from: Name::Initialize, to: Name::Backup, why }]
    }

    fn become_master(&mut self, now: Instant, why: Cause) -> Vec<Output> {
        let from = self.name();
        self.state = State::Master { adver_timer: now + self.config.interval.duration() };
        vec![Output::Advertise(self.priority), Output::Claim, Output::Moved { from, to: Name::Active, why }]
    }

    fn go_down(&mut self, why: Cause) -> Vec<Output> {
        let from = self.name();
        self.state = State::Fault;
        self.second_burst = None;
        let moved = Output::Moved { from, to: Name::Initialize, why };
        match from {
            Name::Initialize => Vec::new(),
            Name::Backup => vec![moved],
            Name::Active => vec![Output::Advertise(Priority::RELEASE), Output::Release, moved],
        }
    }

    fn announce(&mut self, now: Instant) -> Vec<Output> {
        if self.name() != Name::Active {
            return Vec::new();
        }
        self.second_burst = (self.make != Make::Frr).then(|| now + SECOND_BURST);
        vec![Output::Announce]
    }

    fn waits(&self, backup: &Backup) -> Duration {
        let (version, interval) = (self.config.version, backup.interval);
        let skew = skew_time(version, self.priority, interval);
        let whole = match backup.released {
            Some(_) => skew,
            None => active_down_interval(version, self.priority, interval, self.config.down_timer_adverts),
        };
        if self.make == Make::Frr {
            let beyond = u64::try_from(skew.as_nanos()).unwrap_or(0) % 10_000_000;
            return whole.saturating_sub(Duration::from_nanos(beyond));
        }
        whole
    }
}
