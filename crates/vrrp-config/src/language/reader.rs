use std::path::Path;

use super::definition::{self, Definition, Definitions, Meaning, Reference};
use super::lexer::first_template;
use super::line::{Condition, Decommented, condition, decomment, trim};
use super::{Item, Text, Token, build, lex};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::options::Options;
use crate::source::{FileId, Sources, Span};
use crate::suggest;

/// Reads files into tokens: comments, conditions, definitions, references and includes are gone afterwards.
pub(crate) struct Reader<'a> {
    pub(super) options: &'a Options,
    pub(super) sources: Sources,
    pub(super) diagnostics: Diagnostics,
    /// Whether `include` may open files.
    pub(super) follow: bool,
    pub(super) include_depth: usize,
    config_id: String,
    definitions: Definitions,
    tokens: Vec<Token>,
    /// What expansion may still cost, in bytes; `None` once that was not enough.
    budget: Option<usize>,
    said_spent: bool,
    said_template: bool,
}

/// The file a line is in.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) directory: &'a Path,
}

/// What some editors put before the first line.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Each replaced reference costs at least this much of the budget, so that a cycle ends soon.
const LEAST_COST: usize = 64;

impl<'a> Reader<'a> {
    /// A reader; `follow` lets `include` open files.
    pub(crate) fn new(options: &'a Options, follow: bool) -> Self {
        Self {
            options,
            sources: Sources::default(),
            diagnostics: Diagnostics::default(),
            follow,
            include_depth: 0,
            config_id: options.config_id(),
            definitions: Definitions::default(),
            tokens: Vec::new(),
            budget: Some(options.limits.expanded_bytes),
            said_spent: false,
            said_template: false,
        }
    }

    /// Reads one file's text, with the files it includes.
    pub(crate) fn read(&mut self, name: String, text: String) {
        let directory = Path::new(&name).parent().unwrap_or_else(|| Path::new("")).to_owned();
        let id = self.sources.add(name, text.clone());
        let here = Here { directory: &directory };
        if let Some((at, replaced)) = text.match_indices(char::REPLACEMENT_CHARACTER).next() {
            let span = Span::new(id, at, at + replaced.len());
            let warning = Diagnostic::warning(Code::Syntax, span, "bytes that are no UTF-8 text");
            self.diagnostics.push(warning.help("save the file as UTF-8"));
        }
        let mut open: Option<(String, Definition, Span)> = None;
        let marked = text.strip_prefix(BYTE_ORDER_MARK);
        let mut start = if marked.is_some() { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        for line in marked.unwrap_or(&text).split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            if let Some(kept) = self.physical_line(&Text::literal(id, start, content)) {
                open = self.definition_or_line(open, kept, here);
            }
            start += line.len();
        }
        if let Some((name, definition, span)) = open {
            let error = Diagnostic::error(Code::Syntax, span, format!("the definition of `${name}` has no last line"));
            self.diagnostics.push(error.help("end its last line without a `\\`"));
            self.definitions.define(name, definition);
        }
    }

    /// The tree of everything that was read.
    pub(crate) fn finish(mut self) -> (Vec<Item>, Sources, Diagnostics) {
        let items = build(self.tokens, self.options.limits.block_depth, &mut self.diagnostics);
        (items, self.sources, self.diagnostics)
    }

    /// The line that counts: without its comment, and kept by its condition.
    fn physical_line(&mut self, line: &Text) -> Option<Text> {
        if let Some(at) = line.as_str().find('\0') {
            let span = line.span(at..at + 1)?;
            self.diagnostics.push(Diagnostic::error(Code::Syntax, span, "a NUL byte").help("save the file as text"));
            return None;
        }
        let Decommented { text, open_quote, glued_comment } = decomment(line);
        if let Some(span) = open_quote.and_then(|at| text.span(at..at + 1)) {
            let error = Diagnostic::error(Code::Syntax, span, "a `\"` without its partner on this line");
            self.diagnostics.push(error.label("opens here").help("close the string on the same line"));
        }
        if glued_comment && text.as_str().starts_with("auth_pass") {
            self.glued_comment(&text);
        }
        match condition(text, &self.config_id) {
            Condition::Kept(text) if text.len() > 0 => Some(text),
            Condition::Kept(_) | Condition::Dropped => None,
            Condition::Malformed => {
                let error = Diagnostic::error(Code::Syntax, line.whole()?, "`@` without an id");
                self.diagnostics.push(error.help("write `@id` or `@^id`, without a space after `@`"));
                None
            }
        }
    }

    /// `auth_pass a#b` is `a`, which nobody expects.
    fn glued_comment(&mut self, text: &Text) {
        if let Some(span) = text.span(text.len()..text.len()).or_else(|| text.whole()) {
            let message = "the password ends here: `#` and `!` begin a comment, also inside a word";
            let warning = Diagnostic::warning(Code::Suspicious, Span { end: span.end + 1, ..span }, message);
            self.diagnostics.push(warning.help("quote the password with \"...\", on every router alike"));
        }
    }

    /// A line of a definition, the start of one, or a line to expand.
    fn definition_or_line(
        &mut self,
        open: Option<(String, Definition, Span)>,
        text: Text,
        here: Here<'_>,
    ) -> Option<(String, Definition, Span)> {
        let continues = text.as_str().ends_with('\\');
        let content = |text: &Text| trim(&text.slice(0..text.len() - usize::from(continues)));
        let (name, definition, span) = if let Some((name, mut definition, span)) = open {
            definition.lines.push(content(&text));
            (name, definition, span)
        } else if let Some((name, start)) = definition::definition(text.as_str()) {
            let (name, span) = (name.to_owned(), text.span(0..start)?);
            let value = text.slice(start..text.len());
            (name, Definition { lines: vec![content(&value)] }, span)
        } else {
            if !self.spaced_definition(&text) {
                self.expand(text, here);
            }
            return None;
        };
        if continues {
            return Some((name, definition, span));
        }
        self.definitions.define(name, definition);
        None
    }

    /// Whether a line is `$A = 5`, which keepalived reads as a keyword; reports it.
    fn spaced_definition(&mut self, text: &Text) -> bool {
        let mut words = text.as_str().split_whitespace();
        let (Some(name), Some(equals)) = (words.next(), words.next()) else {
            return false;
        };
        let spaced = name.starts_with('$') && equals.starts_with('=');
        if let Some(span) = text.span(0..name.len() + 2).filter(|_| spaced) {
            let error = Diagnostic::error(Code::Syntax, span, format!("a space before the `=` of `{name}`"));
            self.diagnostics.push(error.help(format!("write `{name}=value`")));
        }
        spaced
    }

    /// Replaces the references of a line, which may make it several, and takes the lines in.
    fn expand(&mut self, text: Text, here: Here<'_>) {
        let mut left = self.options.limits.line_bytes;
        let mut waiting = vec![text];
        while let Some(mut line) = waiting.pop() {
            let mut from = 0;
            while let Some(reference) = definition::next_reference(line.as_str(), from) {
                let Some(span) = line.span(reference.start..reference.end) else {
                    break;
                };
                let directory = here.directory.to_string_lossy();
                match self.definitions.meaning(&reference, span, &directory, &self.config_id) {
                    Meaning::Lines(lines) => {
                        from = reference.start;
                        line = splice(&line, &reference, lines, &mut waiting);
                    }
                    Meaning::Undefined => from = self.undefined(&line, &reference, span),
                    Meaning::NotBuilt => {
                        let message = "`${_RANDOM}` is not built yet";
                        self.diagnostics.push(Diagnostic::error(Code::NotBuilt, span, message));
                        from = reference.end;
                    }
                }
                let cost = line.len().max(LEAST_COST);
                self.budget = self.budget.and_then(|budget| budget.checked_sub(cost));
                match (self.budget, left.checked_sub(cost)) {
                    (Some(_), Some(rest)) => left = rest,
                    _ => return self.spent(span),
                }
            }
            self.logical_line(&line, here);
        }
    }

    /// The budget is gone: nothing is expanded any more, and that is said once.
    fn spent(&mut self, span: Span) {
        self.budget = None;
        if !core::mem::replace(&mut self.said_spent, true) {
            let limit = self.options.limits.line_bytes;
            let message = format!("definitions expand to more than {limit} bytes on one line, or too much in all");
            let error = Diagnostic::error(Code::Limit, span, message);
            self.diagnostics.push(error.help("a definition that contains itself never ends"));
        }
    }

    /// Reports a reference to nothing; returns where to look on.
    fn undefined(&mut self, line: &Text, reference: &Reference<'_>, span: Span) -> usize {
        let written = line.as_str().get(reference.start..reference.end).unwrap_or_default();
        let message = format!("`{written}` is not defined");
        let diagnostic = if reference.braced {
            Diagnostic::error(Code::UndefinedReference, span, message)
        } else {
            Diagnostic::warning(Code::UndefinedReference, span, message).label("taken as it stands")
        };
        let help = suggest::closest(reference.name, self.definitions.names()).map_or_else(
            || format!("define it above with `${}=value`; shell variables are not known here", reference.name),
            |name| {
                format!(
                    "did you mean `{}`?",
                    if reference.braced { format!("${{{name}}}") } else { format!("${name}") }
                )
            },
        );
        self.diagnostics.push(diagnostic.help(help));
        reference.end
    }

    /// A line in which nothing is left to replace.
    fn logical_line(&mut self, line: &Text, here: Here<'_>) {
        let first = line.as_str().split_whitespace().next().unwrap_or_default();
        if first.starts_with("~SEQ") || first.starts_with("~LST") {
            if let Some(span) = line.span(0..first.len().min(4)) {
                let message = format!("`{}` is not built yet", first.get(..4).unwrap_or_default());
                self.diagnostics.push(Diagnostic::error(Code::NotBuilt, span, message).help("write the lines out"));
            }
            return;
        }
        if matches!(first, "include" | "includer" | "includem" | "includew" | "includeb" | "includea") {
            self.include(line, here);
        } else {
            self.template(line);
            lex(line, &mut self.tokens);
        }
    }

    /// A template that nobody has filled in. One error says so for all of it.
    fn template(&mut self, line: &Text) {
        if self.said_template {
            return;
        }
        let Some(range) = first_template(line.as_str()) else { return };
        let Some(span) = line.span(range.clone()) else { return };
        self.said_template = true;
        let message = format!("`{}` belongs to a template", line.as_str().get(range).unwrap_or_default());
        let error = Diagnostic::error(Code::UndefinedReference, span, message);
        self.diagnostics.push(error.help("fill the template in, and check what comes out of it"));
    }

    pub(super) fn too_many_files(&self) -> bool {
        self.sources.len() >= self.options.limits.files || self.include_depth >= self.options.limits.include_depth
    }
}

/// The line with a reference replaced by the first of `lines`; the others wait, the last with the rest of the line.
fn splice(line: &Text, reference: &Reference<'_>, lines: Vec<Text>, waiting: &mut Vec<Text>) -> Text {
    let mut head = line.slice(0..reference.start);
    let tail = line.slice(reference.end..line.len());
    let mut lines = lines.into_iter();
    head.push(&lines.next().unwrap_or_default());
    let mut others: Vec<Text> = lines.collect();
    match others.last_mut() {
        Some(last) => last.push(&tail),
        None => head.push(&tail),
    }
    waiting.extend(others.into_iter().rev());
    head
}

/// The place of a problem with the file as a whole.
pub(crate) const fn start_of_first_file() -> Span {
    Span::new(FileId::FIRST, 0, 0)
}
