use vrrp_wire::Vrid;

use super::between::Between;
use super::draft::Draft;
use super::global::GlobalDraft;
use super::{Context, Given, references};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::keywords::{Keyword, Place, Standing};
use crate::language::Item;
use crate::model::{Global, Model, Router};
use crate::options::Options;
use crate::source::Span;

/// What a tree comes to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) model: Model,
    pub(crate) quarantined: Vec<Unsound>,
    /// Interfaces that the routers name, with where.
    pub(crate) interfaces: Vec<InterfaceAt>,
}

/// A router whose block is wrong.
#[derive(Debug)]
pub(crate) struct Unsound {
    pub(crate) name: String,
    pub(crate) interface: Option<String>,
    pub(crate) virtual_router_id: Option<Vrid>,
}

/// An interface that a router names.
#[derive(Debug)]
pub(crate) struct InterfaceAt {
    pub(crate) instance: String,
    pub(crate) interface: String,
    pub(crate) span: Span,
}

/// Reads the whole tree; every problem is in `diagnostics` afterwards.
pub(crate) fn read(items: &[Item], options: &Options, diagnostics: &mut Diagnostics) -> Outcome {
    let mut context = Context { options, diagnostics, left_out: Vec::new(), shell: false };
    let mut global = GlobalDraft::default();
    let mut drafts = Vec::new();
    let mut between = Between::new();
    let mut balancers = Vec::new();
    for item in items {
        let Some(keyword) = context.keyword(item, Place::Root) else {
            continue;
        };
        let Some(word) = item.words.first() else {
            continue;
        };
        match (keyword, keyword.name) {
            (Keyword { standing: Standing::LoadBalancing, .. }, name) => balancers.push((name, word.span)),
            (_, "global_defs") => global.read(item, &mut context),
            _ => drafts.extend(instance(item, &mut between, &mut context)),
        }
    }
    attribute(items, context.diagnostics);
    references::check(items, &mut context);
    let global = global.resolve(&mut context);
    let unserved = load_balancing(&balancers, &global, &mut context);
    let grouped = if options.allow_not_built { Vec::new() } else { references::grouped(items) };
    let mut outcome = Outcome::default();
    for draft in drafts {
        let held = unserved
            || draft.unresolved
            || draft.name.as_ref().is_some_and(|name| grouped.contains(&name.text.as_str()));
        router(draft, held, &global, &mut between, &mut outcome, &mut context);
    }
    outcome.model.global = global;
    context.diagnostics.instance = None;
    outcome
}

/// Reads one `vrrp_instance`; a second one of a name is left out, and the first is none the worse for it.
fn instance(item: &Item, between: &mut Between, context: &mut Context<'_>) -> Option<Draft> {
    let name = item.values().first()?;
    if !between.new_name(name, context) {
        return None;
    }
    context.diagnostics.instance = Some(name.text.clone());
    let draft = Draft { unresolved: unresolved(item), ..Draft::read(item, context) };
    context.diagnostics.instance = None;
    Some(draft)
}

/// Tells which router a problem of the language is in, so that the others need not suffer from it.
fn attribute(items: &[Item], diagnostics: &mut Diagnostics) {
    let routers = items.iter().filter_map(|item| match item.words.as_slice() {
        [keyword, name, ..] if keyword.text == "vrrp_instance" => Some((name, item.block.as_ref()?.span?)),
        _ => None,
    });
    for (name, block) in routers {
        for diagnostic in diagnostics.list.iter_mut().filter(|diagnostic| diagnostic.instance.is_none()) {
            let inside = diagnostic.labels.first().is_some_and(|label| block.holds(label.span));
            if inside {
                diagnostic.instance = Some(name.text.clone());
            }
        }
    }
}

/// Whether a reference is left in a router's block: whatever it stands for, the router is not what was meant.
fn unresolved(item: &Item) -> bool {
    item.words.iter().any(|word| word.unresolved) || item.items().iter().any(unresolved)
}

/// Completes one router and puts it where it belongs; one that is held is quarantined though its block is right.
fn router(
    draft: Draft,
    held: bool,
    global: &Global,
    between: &mut Between,
    outcome: &mut Outcome,
    context: &mut Context<'_>,
) {
    let Some(name) = draft.name.clone() else {
        return;
    };
    context.diagnostics.instance = Some(name.text.clone());
    let interface = draft.interface.clone();
    let vrid = draft.virtual_router_id.clone();
    let named = interfaces(&draft, &name.text);
    let router: Option<Router> = draft.resolve(global, context);
    let wrong = context.diagnostics.list.iter().any(|diagnostic| {
        diagnostic.severity == Severity::Error && diagnostic.instance.as_deref() == Some(name.text.as_str())
    });
    let span = vrid.as_ref().map_or(name.span, |given| given.span);
    let router = router.filter(|router| !wrong && between.new_identity(router, span, context) && !held);
    match router {
        Some(router) => {
            outcome.interfaces.extend(named);
            outcome.model.routers.push(router);
        }
        None => outcome.quarantined.push(Unsound {
            name: name.text,
            interface: interface.map(|given| given.value),
            virtual_router_id: vrid.map(|given| given.value),
        }),
    }
    context.diagnostics.instance = None;
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

/// A load balancer's blocks: one diagnostic for the file; true when nobody serves them.
fn load_balancing(balancers: &[(&str, Span)], global: &Global, context: &mut Context<'_>) -> bool {
    let Some(&(name, span)) = balancers.first() else {
        return false;
    };
    if context.options.load_balancing_by_others || global.load_balancing_by_others {
        return false;
    }
    let count = balancers.len();
    let blocks = if count == 1 { format!("`{name}` needs") } else { format!("{count} blocks such as `{name}` need") };
    let message = format!("{blocks} a load balancer: the address would move to a host that balances nothing");
    let error = Diagnostic::error(Code::LoadBalancing, span, message);
    let help = "run `keepalived --check` beside this daemon for these blocks, and write `load_balancing_by_others` in `global_defs`";
    context.push(error.help(help));
    true
}
