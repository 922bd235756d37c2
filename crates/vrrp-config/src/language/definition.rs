use std::collections::BTreeMap;

use super::Text;
use crate::source::Span;

/// What `$NAME=` defines: one text per physical line.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) lines: Vec<Text>,
}

/// A `$NAME` or `${NAME ...}` in a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// Bytes of the line it takes up.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) name: &'a str,
    /// What follows the name inside the braces: `${_ENV HOME}`.
    pub(crate) argument: &'a str,
    /// Written with braces.
    pub(crate) braced: bool,
}

/// What a reference stands for.
pub(crate) enum Meaning {
    /// Its text, in lines.
    Lines(Vec<Text>),
    /// Nothing that is known.
    Undefined,
    /// `${_RANDOM}` and its kin.
    NotBuilt,
}

/// The definitions so far, in the order of the file: the latest counts.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    named: BTreeMap<String, Definition>,
}

impl Definitions {
    pub(crate) fn define(&mut self, name: String, definition: Definition) {
        self.named.insert(name, definition);
    }

    /// What `reference` stands for in a file of `directory`.
    pub(crate) fn meaning(&self, reference: &Reference<'_>, span: Span, directory: &str, config_id: &str) -> Meaning {
        let text = |text: &str| Meaning::Lines(vec![Text::substituted(span, text)]);
        match reference.name {
            "_PWD" => text(directory),
            "_INSTANCE" => text(config_id),
            "_HASH" => text("#"),
            "_BANG" => text("!"),
            "_ENV" => std::env::var(reference.argument).map_or(Meaning::Undefined, |value| text(&value)),
            "_RANDOM" => Meaning::NotBuilt,
            name => self.named.get(name).map_or(Meaning::Undefined, |definition| match definition.lines.as_slice() {
                [line] => text(line.as_str()),
                lines => Meaning::Lines(lines.to_vec()),
            }),
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }
}

/// Splits `$NAME=value` at the start of a line into name and the byte at which the value starts.
pub(crate) fn definition(line: &str) -> Option<(&str, usize)> {
    let rest = line.strip_prefix('$')?;
    let length = name_len(rest);
    let name = rest.get(..length).filter(|name| !name.is_empty())?;
    rest.get(length..)?.starts_with('=').then_some((name, length + 2))
}

/// The first reference at or after byte `from` of a line.
pub(crate) fn next_reference(line: &str, from: usize) -> Option<Reference<'_>> {
    let mut at = from;
    loop {
        let start = at + line.get(at..)?.find('$')?;
        if let Some(reference) = reference_at(line, start) {
            return Some(reference);
        }
        at = start + 1;
    }
}

fn reference_at(line: &str, start: usize) -> Option<Reference<'_>> {
    let rest = line.get(start + 1..)?;
    if let Some(inner) = rest.strip_prefix('{') {
        let inner = inner.get(..inner.find('}')?)?;
        let name = inner.get(..name_len(inner)).filter(|name| !name.is_empty())?;
        let argument = inner.get(name.len()..)?;
        if !argument.is_empty() && !argument.starts_with([' ', '\t']) {
            return None;
        }
        let end = start + 2 + inner.len() + 1;
        return Some(Reference { start, end, name, argument: argument.trim(), braced: true });
    }
    let name = rest.get(..name_len(rest)).filter(|name| !name.is_empty())?;
    let after = rest.get(name.len()..)?.chars().next();
    after.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ')')).then(|| Reference {
        start,
        end: start + 1 + name.len(),
        name,
        argument: "",
        braced: false,
    })
}

/// Bytes of the name that `text` starts with.
fn name_len(text: &str) -> usize {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if !starts {
        return 0;
    }
    text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(text.len())
}

#[cfg(test)]
mod tests;
