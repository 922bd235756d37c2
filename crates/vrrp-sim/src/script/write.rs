use core::fmt;
use core::time::Duration;

use vrrp_core::{AnnouncePolicy, Config, Delivery, Habits, Instant, Preempt};
use vrrp_wire::Authentication;

use super::{Script, checks};
use crate::setup::{Make, VirtualRouterSetup, router_at};

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.comment.iter().try_for_each(|line| writeln!(f, "#{line}"))?;
        writeln!(f, "seed {}", self.seed)?;
        writeln!(f, "end {:?}", time(self.end))?;
        for router in 0..self.setup.routers {
            write!(f, "router r{router} {}", make(self.setup.make(router)))?;
            let delay = self.setup.startup_delay(router);
            if !delay.is_zero() {
                write!(f, " startup-delay {delay:?}")?;
            }
            writeln!(f)?;
        }
        for (place, one) in self.setup.virtual_routers.iter().enumerate() {
            virtual_router(f, place, one)?;
        }
        for group in &self.setup.groups {
            f.write_str("group")?;
            group.iter().try_for_each(|member| write!(f, " v{member}"))?;
            writeln!(f)?;
        }
        let steps = self.steps.iter().map(|(at, fault)| (*at, fault.to_string()));
        let expectations = self.expectations.iter().map(|(at, what)| (*at, format!("expect {what}")));
        let mut lines: Vec<_> = steps.chain(expectations).collect();
        lines.sort_by_key(|(at, _)| *at);
        lines.iter().try_for_each(|(at, line)| writeln!(f, "at {:?} {line}", time(*at)))?;
        self.breaks.map_or(Ok(()), |invariant| writeln!(f, "breaks {invariant:?}"))
    }
}

fn time(at: Instant) -> Duration {
    at.since(Instant::ORIGIN)
}

/// The word for a make.
pub(super) const fn make(make: Make) -> &'static str {
    match make {
        Make::Ours => "ours",
        Make::Keepalived22 => "keepalived-2.2",
        Make::Keepalived24 => "keepalived-2.4",
        Make::Frr => "frr",
    }
}

fn virtual_router(f: &mut fmt::Formatter<'_>, place: usize, one: &VirtualRouterSetup) -> fmt::Result {
    let Some(first) = one.configs.first() else { return Ok(()) };
    let version = first.version.number();
    let family = if first.family() == vrrp_wire::Family::V4 { "ipv4" } else { "ipv6" };
    writeln!(f, "v{place} segment {} version {version} family {family} vrid {}", one.segment, first.vrid)?;
    one.configs.iter().enumerate().try_for_each(|(router, config)| {
        write!(f, "v{place} r{router}")?;
        settings(f, config)?;
        writeln!(f)
    })
}

/// What a script can say about a configuration; the rest is as [`Config::new`] leaves it.
fn settings(f: &mut fmt::Formatter<'_>, config: &Config) -> fmt::Result {
    write!(f, " priority {} interval {:?}", config.priority, config.interval.duration())?;
    write!(f, " addresses {}", config.addresses.as_wire().len())?;
    match config.preempt {
        Preempt::Immediately => {}
        Preempt::After(delay) => write!(f, " preempt-delay {delay:?}")?,
        Preempt::Never if config.habits.preempt_degraded => {}
        Preempt::Never => f.write_str(" nopreempt")?,
    }
    if let Delivery::Unicast { peers, check_source, .. } = &config.delivery {
        let mut separator = " peers ";
        for router in peers.iter().filter_map(|peer| router_at(peer.address)) {
            write!(f, "{separator}r{router}")?;
            separator = ",";
        }
        f.write_str(if *check_source { "" } else { " unchecked" })?;
    }
    if let Authentication::Simple(password) = config.authentication {
        write!(f, " password {}", String::from_utf8_lossy(&password).trim_end_matches('\0'))?;
    }
    match config.announce.refresh {
        Duration::ZERO => f.write_str(" no-refresh")?,
        refresh if refresh == AnnouncePolicy::default().refresh => {}
        refresh => write!(f, " refresh {refresh:?}")?,
    }
    f.write_str(if config.habits.confirm_silence { " confirm-silence" } else { "" })?;
    f.write_str(if config.habits.damp_preemption || config.habits == Habits::STRICT { "" } else { " undamped" })?;
    f.write_str(if config.habits == Habits::STRICT { " strict" } else { "" })?;
    checks::write(f, config)
}
