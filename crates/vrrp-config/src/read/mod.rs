//! From the tree of blocks and lines to the model: keywords, values, and what keepalived makes of them together.

mod address;
mod arity;
mod assembly;
mod between;
mod check;
mod command;
mod draft;
mod fifo;
mod garp;
mod global;
mod group;
mod hooks;
mod inherit;
mod instance;
mod lint;
mod mail;
mod path;
mod places;
mod policy;
mod references;
mod resolve;
mod root;
mod scheduling;
mod scripts;
mod shell;
mod strict;
mod surfaces;
mod track;
mod values;

pub(crate) use check::{NATIVE_TIMEOUT, RECORDS, WELL};
pub(crate) use root::{Outcome, read};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::language::{Item, Word};
use crate::options::Options;
use crate::source::Span;

/// What every step of reading needs.
pub(super) struct Context<'a> {
    pub(super) options: &'a Options,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// The warnings about keywords that are left out in the block that is read, by their reason.
    pub(super) left_out: Vec<(&'static str, usize)>,
    /// The file turned out to be a shell script.
    pub(super) shell: bool,
}

/// A value and where the file gives it.
#[derive(Debug, Clone)]
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

impl Context<'_> {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A keyword that is left out; those of one reason in one block make one warning.
    pub(super) fn leave_out(&mut self, word: &Word, why: &'static str) {
        let before = self.left_out.iter().find(|(reason, _)| *reason == why);
        if let Some(first) = before.and_then(|&(_, index)| self.diagnostics.list.get_mut(index)) {
            *first = first.clone().also(word.span, "");
            return;
        }
        self.left_out.push((why, self.diagnostics.list.len()));
        let message = format!("`{}` is left out: {why}", word.text);
        self.push(Diagnostic::warning(Code::NoEffect, word.span, message));
    }

    /// The same for the keyword of a line, whose value is kept for conversion.
    pub(super) fn leave_out_keyword(&mut self, item: &Item, why: &'static str) {
        if let Some(word) = item.words.first() {
            self.leave_out(word, why);
        }
    }

    /// Something that exists in keepalived and not here yet.
    pub(super) fn not_built(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        let severity = if self.options.allow_not_built { Severity::Warning } else { Severity::Error };
        let mut diagnostic = Diagnostic::new(severity, Code::NotBuilt, span, message);
        if severity == Severity::Warning {
            diagnostic = diagnostic.label("left out");
        }
        diagnostic.help = help.map(str::to_owned);
        self.push(diagnostic);
    }

    /// Whether an error has been reported since there were so many diagnostics.
    pub(super) fn wrong_since(&self, before: usize) -> bool {
        let reported = self.diagnostics.list.get(before..).unwrap_or_default();
        reported.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Puts a value in its slot; a second one counts, as in keepalived, and is reported.
    pub(super) fn set<T>(&mut self, slot: &mut Option<Given<T>>, value: Option<T>, keyword: &str, span: Span) {
        let Some(value) = value else { return };
        if let Some(before) = slot.as_ref() {
            let message = format!("`{keyword}` is given twice");
            let warning = Diagnostic::warning(Code::Duplicate, span, message).label("this one counts");
            self.push(warning.also(before.span, "this one does not").help("remove one of them"));
        }
        *slot = Some(Given { value, span });
    }

    /// The same where keepalived keeps the first one: a second is reported and does not count.
    pub(super) fn set_first<T>(&mut self, slot: &mut Option<Given<T>>, value: Option<Given<T>>, keyword: &str) {
        let Some(value) = value else { return };
        let Some(before) = slot.as_ref() else {
            *slot = Some(value);
            return;
        };
        let message = format!("`{keyword}` is given twice");
        let warning = Diagnostic::warning(Code::Duplicate, value.span, message).label("this one does not count");
        self.push(warning.also(before.span, "this one counts").help("remove one of them"));
    }
}

/// The value of a slot, or a default.
pub(super) fn or<T: Clone>(slot: Option<&Given<T>>, default: T) -> T {
    slot.map_or(default, |given| given.value.clone())
}
