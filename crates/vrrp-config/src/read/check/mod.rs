//! The blocks that define health checks: `vrrp_script`, `track_file`, `vrrp_track_process` and `check`.

mod file;
mod http;
mod native;
mod process;
mod script;
mod timing;

use super::{Context, references};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::keywords::Kind;
use crate::language::{Item, Word};
use crate::model::Check;
use crate::source::Span;

pub(crate) use http::WELL;
pub(crate) use native::{NATIVE_TIMEOUT, RECORDS};

/// Every check of the file, sound or not.
#[derive(Default)]
pub(super) struct Checks {
    list: Vec<Entry>,
}

/// One block.
struct Entry {
    kind: Kind,
    name: Word,
    block: Option<Span>,
    /// `None` if the block is wrong: whoever tracks it must not run without it.
    check: Option<Check>,
    used: bool,
}

/// What a reference to a check finds.
pub(super) enum Found {
    /// A check that is sound.
    Sound(Box<Check>),
    /// One whose block is wrong, which has been reported.
    Wrong,
    /// None, which has been reported.
    Nothing,
}

impl Checks {
    /// Reads one block.
    pub(super) fn read(&mut self, kind: Kind, item: &Item, context: &mut Context<'_>) {
        let Some(name) = item.values().first() else {
            return;
        };
        let before = context.diagnostics.list.len();
        context.left_out.clear();
        let check = match kind {
            Kind::Script => script::read(&name.text, item, context),
            Kind::File => file::read(&name.text, item, context),
            Kind::Process => process::read(&name.text, item, context),
            Kind::Native | Kind::Link => native::read(&name.text, item, context),
        };
        let check = check.filter(|_| !context.wrong_since(before) && !unresolved(item));
        if !self.new_name(kind, name, context) {
            return;
        }
        let block = item.block.as_ref().and_then(|block| block.span);
        self.list.push(Entry { kind, name: name.clone(), block, check, used: false });
    }

    /// Whether the name is new; a second block of a name is reported, and the first counts for nothing either, since
    /// nobody knows which is meant.
    fn new_name(&mut self, kind: Kind, name: &Word, context: &mut Context<'_>) -> bool {
        if Check::link_of(&name.text).is_some() {
            let message = format!("`{}` is what the link itself is called", name.text);
            context.push(Diagnostic::error(Code::Duplicate, name.span, message).help("give it another name"));
            return false;
        }
        let Some(before) = self.list.iter_mut().find(|before| before.name.text == name.text) else {
            return true;
        };
        before.check = None;
        let message = format!("a second check `{}`: this {} and a {}", name.text, kind.block(), before.kind.block());
        let error = Diagnostic::error(Code::Duplicate, name.span, message).also(before.name.span, "the first");
        context.push(error.help("give one of them another name: all kinds of checks share their names"));
        false
    }

    /// Drops the checks whose blocks hold an error of the language.
    pub(super) fn drop_broken(&mut self, diagnostics: &Diagnostics) {
        let errors = diagnostics.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let spans: Vec<Span> = errors.filter_map(|error| error.labels.first()).map(|label| label.span).collect();
        for entry in &mut self.list {
            if entry.block.is_some_and(|block| spans.iter().any(|&span| block.holds(span))) {
                entry.check = None;
            }
        }
    }

    /// The check that a word of a list names; whatever is wrong with it is reported.
    pub(super) fn find(&mut self, kind: Kind, word: &Word, context: &mut Context<'_>) -> Found {
        let Some(entry) = self.list.iter_mut().find(|entry| entry.name.text == word.text) else {
            let names: Vec<&str> =
                self.list.iter().filter(|entry| entry.kind == kind).map(|entry| entry.name.text.as_str()).collect();
            let near = references::unknown(word, &names, kind.block(), context).map(str::to_owned);
            self.meant(near.as_deref());
            return Found::Nothing;
        };
        entry.used = true;
        if entry.kind != kind {
            let message = format!("`{}` is a {}, not a {}", word.text, entry.kind.block(), kind.block());
            let error = Diagnostic::error(Code::UnknownName, word.span, message).also(entry.name.span, "here");
            context.push(error.help(format!("list it in `{}`", entry.kind.list())));
            return Found::Nothing;
        }
        entry.check.clone().map_or(Found::Wrong, |check| Found::Sound(Box::new(check)))
    }

    /// The check of any kind that `claim_requires` names.
    pub(super) fn find_any(&mut self, word: &Word, context: &mut Context<'_>) -> Found {
        let Some(entry) = self.list.iter_mut().find(|entry| entry.name.text == word.text) else {
            let names: Vec<&str> = self.list.iter().map(|entry| entry.name.text.as_str()).collect();
            let near = references::unknown(word, &names, Kind::Native.block(), context).map(str::to_owned);
            self.meant(near.as_deref());
            return Found::Nothing;
        };
        entry.used = true;
        entry.check.clone().map_or(Found::Wrong, |check| Found::Sound(Box::new(check)))
    }

    /// A misspelt name: nobody need hear besides that the right one is not tracked.
    fn meant(&mut self, name: Option<&str>) {
        for entry in self.list.iter_mut().filter(|entry| name == Some(entry.name.text.as_str())) {
            entry.used = true;
        }
    }

    /// Warns of those that nobody tracks.
    pub(super) fn warn_of_unused(&self, context: &mut Context<'_>) {
        for entry in self.list.iter().filter(|entry| !entry.used && entry.check.is_some()) {
            let message = format!("nobody tracks `{}`: it is not run", entry.name.text);
            let warning = Diagnostic::warning(Code::NoEffect, entry.name.span, message);
            let list = entry.kind.list();
            context.push(warning.help(format!("list it in `{list}` of a vrrp_instance, or remove it")));
        }
    }

    /// The sound ones that somebody tracks, with where they are named.
    pub(super) fn used(&self) -> impl Iterator<Item = (&Check, Span)> {
        let used = self.list.iter().filter(|entry| entry.used);
        used.filter_map(|entry| entry.check.as_ref().map(|check| (check, entry.name.span)))
    }

    /// The sound ones, in the order of the model.
    pub(super) fn into_model(mut self) -> Vec<Check> {
        self.list.sort_by_key(|entry| entry.kind);
        self.list.into_iter().filter_map(|entry| entry.check).collect()
    }
}

/// Whether a reference is left in the block.
fn unresolved(item: &Item) -> bool {
    item.words.iter().any(|word| word.unresolved) || item.items().iter().any(unresolved)
}
