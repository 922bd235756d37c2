//! What the settings of one router come to together, as keepalived's `vrrp_complete_instance` has it.

use core::time::Duration;

use vrrp_wire::{AdverInterval, Family, Priority, Version};

use super::draft::Draft;
use super::inherit::Resolved;
use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Global, Router, StateWish};
use crate::source::Span;
use crate::units;

/// How many addresses keepalived puts into an advertisement: one octet counts them, and what it takes for the frame, with
/// its Ethernet header, has to fit into the MTU that it assumes where it knows none.
const fn most_addresses(family: Family) -> usize {
    match family {
        Family::V4 => 255,
        Family::V6 => (1500 - (14 + 40 + 8)) / 16,
    }
}

impl Draft {
    /// The router; `None` when something mandatory is missing or wrong, which has been reported.
    pub(super) fn resolve(mut self, global: &Global, context: &mut Context<'_>) -> Option<Router> {
        let name = self.name.clone()?;
        let strict = or(self.strict_mode.as_ref(), global.vrrp_strict);
        let family = self.family(context);
        let version = self.resolve_version(family, global, strict, context);
        let mandatory = self.mandatory(name.span, version, strict, context);
        let (priority, state) = self.priority_and_state(strict, context);
        self.failback_conflicts(priority == Priority::OWNER, context);
        self.preemption(priority, state, strict, context);
        self.path_conflicts(family, name.span, context);
        self.authentication_conflicts(version, strict, context);
        self.strict_conflicts(strict, priority, version, context);
        self.move_excess(family, name.span, context);
        context.check_mail(&global.mail, self.hooks.wants_mail());
        let advert_int = self.interval(version, name.span, context)?;
        let virtual_router_id = mandatory?;
        let resolved = Resolved { virtual_router_id, version, family, priority, state, advert_int, strict };
        Some(self.into_router(&resolved, global))
    }

    /// The family that is advertised; whatever is of the other one is reported.
    fn family(&self, context: &mut Context<'_>) -> Family {
        let first = self.virtual_ipaddress.first().map(|given| (Family::of(given.value.address), given.span));
        let native = self.native_ipv6.as_ref().map(|given| (Family::V6, given.span));
        let source = self.src_ip.as_ref().map(|given| (Family::of(given.value), given.span));
        let peer = self.unicast_peer.first().map(|given| (Family::of(given.value.address), given.span));
        let group = self.mcast_dst_ip.as_ref().map(|given| (Family::of(given.value), given.span));
        let Some((family, because)) = first.or(native).or(source).or(peer).or(group) else {
            return Family::V4;
        };
        for given in self.virtual_ipaddress.iter().filter(|given| Family::of(given.value.address) != family) {
            let message = format!("{} is not {family} like the other virtual addresses", given.value.address);
            let error = Diagnostic::error(Code::Conflict, given.span, message).also(because, format!("{family}"));
            context.push(error.help("move it to `virtual_ipaddress_excluded`, or to a vrrp_instance of its own"));
        }
        let peers = self.unicast_peer.iter().map(|given| (Family::of(given.value.address), given.span));
        for (_, span) in
            native.into_iter().chain(source).chain(group).chain(peers).filter(|&(other, _)| other != family)
        {
            let message = format!("this is not {family} like the virtual addresses");
            let error = Diagnostic::error(Code::Conflict, span, message).also(because, format!("{family}"));
            context.push(error.help(format!("give it in {family}")));
        }
        family
    }

    fn resolve_version(&self, family: Family, global: &Global, strict: bool, context: &mut Context<'_>) -> Version {
        match (family, &self.version) {
            (Family::V6, Some(Given { value: Version::V2, span })) => {
                let error = Diagnostic::error(Code::Conflict, *span, "VRRPv2 carries IPv4 only");
                let why = if strict {
                    "keepalived uses 3 with strict"
                } else {
                    "keepalived sends packets that no standard knows"
                };
                context.push(error.label(why).help("write `version 3`, or remove the line"));
                Version::V3
            }
            (Family::V6, _) => Version::V3,
            (Family::V4, Some(given)) => given.value,
            (Family::V4, None) => global.vrrp_version,
        }
    }

    /// Priority and wish; each is derived from the other where only one is given.
    fn priority_and_state(&self, strict: bool, context: &mut Context<'_>) -> (Priority, StateWish) {
        let wish = self.state.as_ref().map(|given| given.value);
        let priority = match (&self.priority, wish) {
            (Some(given), _) => given.value,
            (None, Some(StateWish::Master)) => 255,
            (None, Some(StateWish::Backup) | None) => 100,
        };
        if let (None, Some(Given { value: StateWish::Master, span })) = (&self.priority, &self.state) {
            let message = "`state MASTER` without a priority means 255: the owner of the addresses";
            context
                .push(Diagnostic::warning(Code::Suspicious, *span, message).help("write the priority that is meant"));
        }
        let owner = priority == 255;
        let derived = if owner { StateWish::Master } else { StateWish::Backup };
        let state = match &self.state {
            None => derived,
            Some(given) if strict && given.value != derived => {
                let message = "strict mode wants `state MASTER` if and only if the priority is 255";
                let warning = Diagnostic::warning(Code::Conflict, given.span, message);
                let word = if owner { "MASTER" } else { "BACKUP" };
                context.push(warning.label(format!("taken for {word}")).help(format!("write `state {word}`")));
                derived
            }
            Some(given) => given.value,
        };
        (Priority::new(priority), state)
    }

    /// What keepalived resets: `nopreempt` and `preempt_delay` beside what they cannot work with.
    fn preemption(&mut self, priority: Priority, state: StateWish, strict: bool, context: &mut Context<'_>) {
        let master = state == StateWish::Master;
        if let Some(given) = self.nopreempt.take_if(|given| given.value && (master || priority == Priority::OWNER)) {
            let why = if priority == Priority::OWNER { "priority 255" } else { "`state MASTER`" };
            let message = format!("`nopreempt` has no effect beside {why}");
            let warning = Diagnostic::warning(Code::Conflict, given.span, message).label("this router will preempt");
            context.push(warning.help("a trap that keepalived shares: write `state BACKUP` on every router"));
        }
        let why = match (&self.nopreempt, master, strict) {
            (_, true, _) => "`state MASTER`",
            (_, _, true) => "strict mode",
            (Some(given), ..) if given.value => "`nopreempt`",
            _ => return,
        };
        if let Some(given) = self.preempt_delay.take_if(|given| given.value > Duration::ZERO) {
            let message = format!("`preempt_delay` has no effect beside {why}");
            let help = if master { "write `state BACKUP`; the priority decides who serves" } else { "remove it" };
            context.push(Diagnostic::warning(Code::Conflict, given.span, message).help(help));
        }
    }

    /// The interval, if the version can carry it.
    fn interval(&self, version: Version, name: Span, context: &mut Context<'_>) -> Option<AdverInterval> {
        let Some(given) = &self.advert_int else {
            return Some(AdverInterval::DEFAULT);
        };
        let seconds = units::seconds(given.value);
        let exact = units::interval(given.value);
        if let Some(interval) = exact.filter(|interval| interval.fits(version)) {
            return Some(interval);
        }
        let error = Diagnostic::error(Code::OutOfRange, given.span, format!("VRRPv{version} cannot carry {seconds} s"));
        let rounded = given.value.as_millis().div_ceil(1000).clamp(1, 255);
        let help = match version {
            Version::V2 => format!("write `version 3` on every router, or a whole number of seconds such as {rounded}"),
            Version::V3 => "write 0.01 to 40.95, in steps of 0.01".to_owned(),
        };
        let default = (name, "VRRPv2, as nothing here says otherwise");
        let (because, why) = self.version.as_ref().map_or(default, |given| (given.span, "VRRPv2"));
        let error = match version {
            Version::V2 => error.label("whole seconds only").also(because, why),
            Version::V3 => error,
        };
        context.push(error.help(help));
        None
    }

    /// Moves what does not fit into a packet to the addresses that are not advertised.
    fn move_excess(&mut self, family: Family, name: Span, context: &mut Context<'_>) {
        let most = most_addresses(family);
        if self.virtual_ipaddress.len() <= most {
            return;
        }
        let excess = self.virtual_ipaddress.split_off(most);
        let span = excess.first().map_or(name, |given| given.span);
        let message = format!("only {most} addresses fit into an advertisement");
        let warning = Diagnostic::warning(Code::OutOfRange, span, message).label("not advertised from here on");
        context.push(warning.help("move them to `virtual_ipaddress_excluded`, on every router alike"));
        self.virtual_ipaddress_excluded.extend(excess);
    }
}
