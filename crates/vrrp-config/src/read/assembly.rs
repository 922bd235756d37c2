use std::collections::BTreeSet;

use super::between::Between;
use super::check::Checks;
use super::draft::Draft;
use super::group::Groups;
use super::policy::Required;
use super::root::{CommandAt, InterfaceAt, Outcome, Unsound};
use super::track::{NoWeights, Tracked, resolve, without_weights};
use super::{Context, Given};
use crate::diagnostic::Severity;
use crate::language::Word;
use crate::model::{Check, CheckProbe, Global, Router};
use crate::source::Span;

/// What a check's script that cannot run means.
const COUNTS_AS_DOWN: &str = "the check counts as down until it can run";

/// Puts routers, groups and checks together.
pub(super) struct Assembly<'a> {
    pub(super) global: &'a Global,
    pub(super) between: Between,
    pub(super) checks: Checks,
    pub(super) groups: Groups,
    /// A load balancer's blocks are served by nobody: no router may run.
    pub(super) unserved: bool,
    pub(super) outcome: Outcome,
}

impl Assembly<'_> {
    /// Completes one router and puts it where it belongs; one that is held is quarantined though its block is right.
    pub(super) fn router(&mut self, draft: Draft, context: &mut Context<'_>) {
        let Some(name) = draft.name.clone() else {
            return;
        };
        context.diagnostics.instance = Some(name.text.clone());
        let (tracked, found) = resolve(&draft.track, draft.interface.as_ref(), &mut self.checks, context);
        let (required, all) = draft.policy.required(&mut self.checks, context);
        let held = self.unserved || draft.unresolved || self.groups.holds_back(&name.text) || !found || !all;
        let mut named = interfaces(&draft, &name.text);
        named.extend(links(&tracked, &name.text));
        let (interface, vrid) = (draft.interface.clone(), draft.virtual_router_id.clone());
        let span = vrid.as_ref().map_or(name.span, |given| given.span);
        let nopreempt = draft.nopreempt.as_ref().map(|given| given.span);
        let commands = draft.hooks.commands();
        self.outcome.places.extend(draft.places(&tracked));
        let router = draft.resolve(self.global, context);
        let claim_requires = required.iter().map(Required::to_model).collect();
        let router =
            router.map(|router| self.tracking(Router { claim_requires, ..router }, tracked, nopreempt, context));
        if let Some(router) = &router {
            context.lint_required(&required, router);
        }
        let wrong = wrong(&name, context);
        let router = router.filter(|router| !wrong && self.between.new_identity(router, span, context) && !held);
        match router {
            Some(router) => {
                self.outcome.interfaces.extend(named);
                let commands = CommandAt::all(commands, Some(&name.text), CommandAt::CHANGES_WITHOUT);
                self.outcome.commands.extend(commands);
                self.outcome.model.routers.push(router);
            }
            None => self.outcome.quarantined.push(Unsound {
                name: name.text,
                interface: interface.map(|given| given.value),
                virtual_router_id: vrid.map(|given| given.value),
            }),
        }
        context.diagnostics.instance = None;
    }

    /// The router with what it tracks.
    fn tracking(
        &self,
        router: Router,
        mut tracked: Vec<Tracked>,
        nopreempt: Option<Span>,
        context: &mut Context<'_>,
    ) -> Router {
        if router.is_owner() {
            without_weights(&mut tracked, NoWeights::Owner, context);
        } else if self.groups.drops_weights(&router.name) {
            without_weights(&mut tracked, NoWeights::Grouped, context);
        }
        context.lint_track(&tracked, &router);
        context.lint_waiting(&tracked, &router, nopreempt);
        Router { track: tracked.into_iter().map(|Tracked { track, .. }| track).collect(), ..router }
    }

    /// Everything together: groups that lack a member are torn, and their other members must not run alone.
    pub(super) fn finish(mut self, context: &mut Context<'_>) -> Outcome {
        let routers = &mut self.outcome.model.routers;
        let torn = self.groups.torn(routers);
        for router in routers.extract_if(.., |router| torn.contains(&router.name)) {
            self.outcome.quarantined.push(Unsound {
                name: router.name,
                interface: router.interface,
                virtual_router_id: Some(router.virtual_router_id),
            });
        }
        self.outcome.interfaces.retain(|named| !torn.contains(&named.instance));
        let runs = |instance: &String| !torn.contains(instance);
        self.outcome.commands.retain(|named| named.instance.as_ref().is_none_or(runs));
        self.groups.warn_of_priorities(routers, context);
        self.checks.warn_of_unused(context);
        self.outcome.commands.extend(scripts(&self.checks));
        let model = &mut self.outcome.model;
        model.sync_groups = self.groups.into_model(&model.routers, self.global);
        model.checks = self.checks.into_model();
        let tracks = model.routers.iter().flat_map(|router| &router.track);
        let all = tracks.chain(model.sync_groups.iter().flat_map(|group| &group.track));
        let names: BTreeSet<&str> = all.filter_map(|track| Check::link_of(&track.check)).collect();
        model.checks.extend(names.into_iter().map(Check::link));
        self.outcome
    }
}

/// Whether an error has been reported of a router.
fn wrong(name: &Word, context: &Context<'_>) -> bool {
    context.diagnostics.list.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error && diagnostic.instance.as_deref() == Some(name.text.as_str())
    })
}

/// The scripts of checks that are run.
fn scripts(checks: &Checks) -> impl Iterator<Item = CommandAt> {
    checks.used().filter_map(|(check, span)| match &check.probe {
        CheckProbe::Script(command) => {
            Some(CommandAt { command: command.clone(), instance: None, consequence: COUNTS_AS_DOWN, span })
        }
        CheckProbe::File(_)
        | CheckProbe::Process(_)
        | CheckProbe::Http(_)
        | CheckProbe::Tcp(_)
        | CheckProbe::Gateway(_)
        | CheckProbe::Dns(_)
        | CheckProbe::Unit(_)
        | CheckProbe::Interface(_) => None,
    })
}

/// The links that a router tracks.
fn links(tracked: &[Tracked], instance: &str) -> Vec<InterfaceAt> {
    let named = tracked.iter().filter_map(|tracked| Some((Check::link_of(&tracked.track.check)?, tracked.span)));
    named
        .map(|(interface, span)| InterfaceAt { instance: instance.to_owned(), interface: interface.to_owned(), span })
        .collect()
}

/// The interfaces that a router names.
fn interfaces(draft: &Draft, instance: &str) -> Vec<InterfaceAt> {
    let own = draft.interface.iter().map(|Given { value, span }| (value, *span));
    let addresses = draft.virtual_ipaddress.iter().chain(&draft.virtual_ipaddress_excluded);
    let devices = addresses.filter_map(|given| Some((given.value.dev.as_ref()?, given.span)));
    let all = own.chain(devices);
    all.map(|(interface, span)| InterfaceAt { instance: instance.to_owned(), interface: interface.clone(), span })
        .collect()
}
