use vrrp_wire::Vrid;

use super::assembly::Assembly;
use super::between::Between;
use super::check::Checks;
use super::draft::Draft;
use super::global::GlobalDraft;
use super::group::Groups;
use super::places::PlaceOf;
use super::{Context, Given, references};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keywords::Kind;
use crate::keywords::{Keyword, Place, Standing};
use crate::language::Item;
use crate::model::{Command, Global, Model};
use crate::options::Options;
use crate::source::Span;

/// What a tree comes to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) model: Model,
    pub(crate) quarantined: Vec<Unsound>,
    /// Interfaces that the routers name, with where.
    pub(crate) interfaces: Vec<InterfaceAt>,
    /// Commands that are run, with where.
    pub(crate) commands: Vec<CommandAt>,
    /// Keywords of routers, with where their values stand.
    pub(crate) places: Vec<PlaceOf>,
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

/// A command that is run.
#[derive(Debug)]
pub(crate) struct CommandAt {
    pub(crate) command: Command,
    /// The router whose own it is; a check may be several routers'.
    pub(crate) instance: Option<String>,
    /// What follows if it cannot run.
    pub(crate) consequence: &'static str,
    pub(crate) span: Span,
}

/// What it means that a command of the daemon's own cannot run.
const RUNS_WITHOUT: &str = "the daemon runs without it";

impl CommandAt {
    /// What it means that a hook cannot run.
    pub(super) const CHANGES_WITHOUT: &str = "states change without it until it can run";

    /// The commands of a block.
    pub(super) fn all(
        commands: Vec<Given<Command>>,
        instance: Option<&str>,
        consequence: &'static str,
    ) -> impl Iterator<Item = Self> {
        commands.into_iter().map(move |Given { value: command, span }| Self {
            command,
            instance: instance.map(str::to_owned),
            consequence,
            span,
        })
    }
}

/// The blocks of the file.
#[derive(Default)]
struct Blocks<'a> {
    global: GlobalDraft,
    routers: Vec<Draft>,
    checks: Checks,
    groups: Groups,
    balancers: Vec<(&'a str, Span)>,
}

/// Reads the whole tree; every problem is in `diagnostics` afterwards.
pub(crate) fn read(items: &[Item], options: &Options, diagnostics: &mut Diagnostics) -> Outcome {
    let mut context = Context { options, diagnostics, left_out: Vec::new(), shell: false };
    let mut between = Between::new();
    let mut blocks = blocks(items, &mut between, &mut context);
    attribute(items, context.diagnostics);
    blocks.checks.drop_broken(context.diagnostics);
    references::check(items, &mut context);
    let mut commands: Vec<CommandAt> = CommandAt::all(blocks.global.commands(), None, RUNS_WITHOUT).collect();
    commands.extend(CommandAt::all(blocks.groups.commands(), None, CommandAt::CHANGES_WITHOUT));
    let global = blocks.global.resolve(&mut context);
    blocks.groups.check_mail(&global.mail, &mut context);
    let unserved = load_balancing(&blocks.balancers, &global, &mut context);
    let names: Vec<&str> = between.names().collect();
    blocks.groups.resolve(&names, &mut blocks.checks, &mut context);
    let Blocks { routers, checks, groups, .. } = blocks;
    let outcome = Outcome { commands, ..Outcome::default() };
    let mut assembly = Assembly { global: &global, between, checks, groups, unserved, outcome };
    for draft in routers {
        assembly.router(draft, &mut context);
    }
    let outcome = assembly.finish(&mut context);
    Outcome { model: Model { global, ..outcome.model }, ..outcome }
}

/// Reads every block by itself.
fn blocks<'a>(items: &'a [Item], between: &mut Between, context: &mut Context<'_>) -> Blocks<'a> {
    let mut blocks = Blocks::default();
    for item in items {
        let (Some(keyword), Some(word)) = (context.keyword(item, Place::Root), item.words.first()) else {
            continue;
        };
        match (keyword, keyword.name) {
            (Keyword { standing: Standing::LoadBalancing, .. }, name) => blocks.balancers.push((name, word.span)),
            (_, "global_defs") => blocks.global.read(item, context),
            (_, "vrrp_sync_group") => blocks.groups.read(item, context),
            (_, name) => match Kind::of_block(name) {
                Some(kind) => blocks.checks.read(kind, item, context),
                None => blocks.routers.extend(instance(item, between, context)),
            },
        }
    }
    blocks
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
