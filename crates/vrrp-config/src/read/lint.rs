//! What is legal about checks and weights, and seldom meant.

use core::time::Duration;

use vrrp_wire::Version;

use super::Context;
use super::policy::Required;
use super::track::Tracked;
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::model::{Check, CheckProbe, OnDegraded, Router};
use crate::source::Span;

/// Words that a check of a gateway has in its name or its command.
const GATEWAY: [&str; 10] =
    ["gateway", "gateways", "gw", "router", "uplink", "ping", "ping6", "fping", "arping", "icmp"];

impl Context<'_> {
    /// Warns of what a router tracks.
    pub(super) fn lint_track(&mut self, tracked: &[Tracked], router: &Router) {
        for tracked in tracked.iter().filter(|tracked| tracked.track.weight.is_weighted()) {
            self.lint_positive(tracked, Some(router));
            self.lint_gateway(tracked, router);
        }
    }

    /// Warns of what a group tracks.
    pub(super) fn lint_group_track(&mut self, tracked: &[Tracked]) {
        for tracked in tracked {
            self.lint_positive(tracked, None);
        }
    }

    /// A weight that is added while all is well.
    fn lint_positive(&mut self, tracked: &Tracked, router: Option<&Router>) {
        let weight = tracked.track.weight;
        if weight.amount <= 0 || weight.reverse || tracked.kind == Kind::File {
            return;
        }
        let (name, amount) = (&tracked.track.check, weight.amount);
        let message = match router.map(|router| i16::from(router.priority.get())) {
            Some(base) => {
                let up = base.saturating_add(amount).min(254);
                format!("a positive weight: the priority is {up} while `{name}` is up and {base} while it is down")
            }
            None => format!("a positive weight: {amount} is added to each priority while `{name}` is up"),
        };
        let warning = Diagnostic::warning(Code::Suspicious, tracked.span, message);
        let help = "a peer takes over only with a priority between the two: write a negative weight of more than the \
                    difference between the routers' priorities, or no weight";
        self.push(warning.help(help));
    }

    /// A check of the way out that only has a weight: a router that hears nobody claims whatever its priority is.
    fn lint_gateway(&mut self, tracked: &Tracked, router: &Router) {
        let name = &tracked.track.check;
        if !tracked.check.looks_at_gateway() || router.claim_requires.iter().any(|required| required.check == *name) {
            return;
        }
        let message =
            format!("a weight never stops a claim: a router that hears nobody serves, though `{name}` is down");
        let warning = Diagnostic::warning(Code::Suspicious, tracked.span, message);
        self.push(warning.help(format!("write `claim_requires {name}` beside it if a router cut off must not serve")));
    }

    /// A required check that is slower than a claim, which then waits for it: it must have been found well since the
    /// Active router fell silent.
    pub(super) fn lint_required(&mut self, required: &[Required], router: &Router) {
        let interval = router.advert_int.duration();
        let skew = match router.version {
            Version::V2 => Duration::from_secs(1),
            Version::V3 => interval,
        } * (256 - u32::from(router.priority.get()))
            / 256;
        let claims = interval * u32::from(router.down_timer_adverts) + skew;
        for Required { check, span, .. } in required.iter().filter(|required| !required.check.probe.is_watched()) {
            if check.interval > claims {
                let (name, interval) = (&check.name, check.interval);
                let message =
                    format!("a claim waits for `{name}`, which runs every {interval:.2?}: without it {claims:.2?}");
                let warning = Diagnostic::warning(Code::Suspicious, *span, message);
                let help = "give the check a shorter interval: a claim needs a success that began after the Active router fell silent";
                self.push(warning.help(help));
            }
        }
    }

    /// Weights beside `nopreempt`: a sick Active router keeps the addresses, because those that are well may not preempt.
    pub(super) fn lint_waiting(&mut self, tracked: &[Tracked], router: &Router, nopreempt: Option<Span>) {
        let nopreempt = nopreempt.filter(|_| router.nopreempt);
        let weighted = tracked.iter().find(|tracked| tracked.track.weight.is_weighted());
        let (Some(span), Some(weighted), OnDegraded::Stay) = (nopreempt, weighted, router.on_degraded) else {
            return;
        };
        let message = "`nopreempt` beside a weight: an Active peer whose check is down keeps the addresses";
        let warning = Diagnostic::warning(Code::Suspicious, span, message);
        let warning = warning.also(weighted.span, "this only lowers a priority");
        let help = "write `failback manual` instead, which spares a healthy peer only, or `on_degraded resign` on every router";
        self.push(warning.help(help));
    }
}

impl Check {
    /// Whether it looks at a gateway, by what it does or by what it is called: what it finds is the network's state.
    pub fn looks_at_gateway(&self) -> bool {
        let named = |text: &str| {
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| GATEWAY.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        match &self.probe {
            CheckProbe::Gateway(_) => true,
            CheckProbe::Script(command) => {
                let program = command.program().rsplit('/').next().unwrap_or_default();
                named(&self.name) || named(program)
            }
            CheckProbe::File(_)
            | CheckProbe::Process(_)
            | CheckProbe::Http(_)
            | CheckProbe::Tcp(_)
            | CheckProbe::Dns(_)
            | CheckProbe::Unit(_)
            | CheckProbe::Interface(_) => named(&self.name),
        }
    }
}
