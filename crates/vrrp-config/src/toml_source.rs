//! TOML as the same tree of keywords that keepalived.conf makes: keywords are keys, blocks are tables,
//! lines of a list are strings, `vrrp_instance` is an array of tables with a `name`.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else TOML has is a value of the wrong kind")]

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keywords::{Place, Shape};
use crate::language::{Block, Item, Text, Token, Word, lex};
use crate::source::{FileId, Span};
use crate::units;

/// Reads a TOML file's text into the tree.
pub(crate) fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let broken = !errors.is_empty();
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let span = Span::new(file, range.start, range.end);
        diagnostics.push(Diagnostic::error(Code::Syntax, span, error.message().to_owned()));
    }
    if broken {
        return Vec::new();
    }
    let mut converter = Converter { file, text, diagnostics };
    converter.table(table.get_ref(), Place::Root)
}

struct Converter<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Table<'a> = DeTable<'a>;
type Node<'a> = Spanned<DeValue<'a>>;

impl Converter<'_> {
    /// The lines of a table, in the order of the file.
    fn table(&mut self, table: &Table<'_>, place: Place) -> Vec<Item> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().flat_map(|(key, value)| self.entry(key, value, place)).collect()
    }

    fn entry(&mut self, key: &Key<'_>, value: &Node<'_>, place: Place) -> Vec<Item> {
        let name = self.word(key.get_ref(), key.span());
        let Some(keyword) = place.find(&name.text) else {
            let nested = value.get_ref().is_table() || value.get_ref().is_array();
            let inside = nested.then(|| block(Vec::new()));
            return vec![Item { words: vec![name], block: inside }];
        };
        match keyword.shape {
            Shape::Named(inner) => self.named(&name, value, inner),
            Shape::Block(inner) => self.block(name, value, inner).into_iter().collect(),
            Shape::List => self.list(name, value).into_iter().collect(),
            Shape::Opaque => vec![Item { words: vec![name], block: Some(block(Vec::new())) }],
            Shape::Flag => match value.get_ref() {
                DeValue::Boolean(true) => vec![line(name, Vec::new())],
                DeValue::Boolean(false) => Vec::new(),
                _ => self.mismatch(&name, value, "`true` or `false`"),
            },
            Shape::Words(..) => self.words(name, value),
            Shape::Quoted(_) => self.texts(name, value, "a string, or an array of strings"),
            Shape::Command => self.texts(name, value, "a string, or an array of the command, its user and its group"),
            Shape::MaybeCommand => match value.get_ref() {
                DeValue::Boolean(true) => vec![line(name, Vec::new())],
                DeValue::Boolean(false) => Vec::new(),
                _ => self.texts(name, value, "`true`, a string, or an array of the command, its user and its group"),
            },
            Shape::Repeated(..) => self.repeated(&name, value),
            Shape::Bool | Shape::Word | Shape::Number | Shape::Seconds | Shape::Micros => {
                self.scalar(name, value, keyword.shape)
            }
        }
    }

    fn named(&mut self, keyword: &Word, value: &Node<'_>, place: Place) -> Vec<Item> {
        let tables: Vec<&Node<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            DeValue::Table(_) => vec![value],
            _ => {
                return self.mismatch(keyword, value, &format!("tables: write `[[{}]]`", keyword.text));
            }
        };
        let mut items = Vec::new();
        for node in tables {
            let DeValue::Table(table) = node.get_ref() else {
                self.mismatch(keyword, node, "a table");
                continue;
            };
            let named = table.iter().find(|(key, _)| key.get_ref() == "name");
            let Some((text, span)) = named.and_then(|(_, name)| Some((name.get_ref().as_str()?, name.span()))) else {
                let span = self.head(node.span());
                let error = Diagnostic::error(Code::Missing, span, format!("a `{}` without its `name`", keyword.text));
                self.diagnostics.push(error.help("write `name = \"...\"`"));
                continue;
            };
            let name = self.checked(text, span);
            let without_name = table.iter().filter(|(key, _)| key.get_ref() != "name");
            let table = without_name.map(|(key, value)| (key.clone(), value.clone())).collect();
            if place == Place::Instance {
                self.diagnostics.instance = Some(name.text.clone());
            }
            let inside = Block { items: self.table(&table, place), span: Some(self.extent(node)) };
            self.diagnostics.instance = None;
            items.push(Item { words: vec![keyword.clone(), name], block: Some(inside) });
        }
        items
    }

    /// A table from its head to its last value: `toml` counts the head alone where it has one.
    fn extent(&self, node: &Node<'_>) -> Span {
        let values =
            node.get_ref().as_table().into_iter().flat_map(|table| table.iter().map(|(_, value)| value.span().end));
        let range = node.span();
        Span::new(self.file, range.start, values.fold(range.end, usize::max))
    }

    fn block(&mut self, keyword: Word, value: &Node<'_>, place: Place) -> Option<Item> {
        let DeValue::Table(table) = value.get_ref() else {
            self.mismatch(&keyword, value, "a table");
            return None;
        };
        let inside = block(self.table(table, place));
        Some(Item { words: vec![keyword], block: Some(inside) })
    }

    fn list(&mut self, keyword: Word, value: &Node<'_>) -> Option<Item> {
        let DeValue::Array(array) = value.get_ref() else {
            self.mismatch(&keyword, value, "an array of strings");
            return None;
        };
        let mut items = Vec::new();
        for node in array.iter() {
            match node.get_ref() {
                DeValue::String(text) => items.push(Item { words: self.lexed(text, node.span()), block: None }),
                _ => {
                    self.mismatch(&keyword, node, "strings, each a line as keepalived.conf has it");
                }
            }
        }
        Some(Item { words: vec![keyword], block: Some(block(items)) })
    }

    fn words(&mut self, keyword: Word, value: &Node<'_>) -> Vec<Item> {
        let nodes: Vec<&Node<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            DeValue::Boolean(true) => return vec![line(keyword, Vec::new())],
            DeValue::Boolean(false) => return Vec::new(),
            _ => vec![value],
        };
        let words: Option<Vec<Word>> = nodes.into_iter().map(|node| self.text_of(node)).collect();
        match words {
            Some(words) => vec![line(keyword, words)],
            None => self.mismatch(&keyword, value, "a string, a number or an array of them"),
        }
    }

    /// Strings that may hold what others may not: how they can be written in keepalived.conf is looked at later.
    fn texts(&mut self, keyword: Word, value: &Node<'_>, takes: &str) -> Vec<Item> {
        let nodes: Vec<&Node<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        let word = |node: &&Node<'_>| match node.get_ref() {
            DeValue::String(text) => Some(self.word(text, node.span())),
            _ => None,
        };
        match nodes.iter().map(word).collect::<Option<Vec<Word>>>() {
            Some(words) => vec![line(keyword, words)],
            None => self.mismatch(&keyword, value, takes),
        }
    }

    /// Lines of one keyword: a string, or an array of strings.
    fn repeated(&mut self, keyword: &Word, value: &Node<'_>) -> Vec<Item> {
        let nodes: Vec<&Node<'_>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![value],
        };
        let mut items = Vec::new();
        for node in nodes {
            match node.get_ref() {
                DeValue::String(text) => items.push(line(keyword.clone(), self.lexed(text, node.span()))),
                _ => items.extend(self.mismatch(keyword, node, "a string, or an array of strings")),
            }
        }
        items
    }

    fn scalar(&mut self, keyword: Word, value: &Node<'_>, shape: Shape) -> Vec<Item> {
        let span = value.span();
        let word = match (shape, value.get_ref()) {
            (Shape::Bool, DeValue::Boolean(on)) => Some(self.word(if *on { "true" } else { "false" }, span)),
            (Shape::Number | Shape::Word, DeValue::Integer(_)) | (Shape::Word, DeValue::String(_)) => {
                self.text_of(value)
            }
            (Shape::Seconds | Shape::Micros, DeValue::String(text)) => units::parse(text).map(|duration| {
                let seconds = units::seconds(duration);
                let micros = duration.as_micros().to_string();
                self.word(if shape == Shape::Seconds { &seconds } else { &micros }, span)
            }),
            _ => None,
        };
        match (word, shape) {
            (Some(word), _) => vec![line(keyword, vec![word])],
            (None, Shape::Bool) => self.mismatch(&keyword, value, "`true` or `false`"),
            (None, Shape::Number) => self.mismatch(&keyword, value, "a whole number"),
            (None, Shape::Seconds | Shape::Micros) => {
                self.mismatch(&keyword, value, "a duration with its unit, such as \"250ms\" or \"1s\"")
            }
            (None, _) => self.mismatch(&keyword, value, "a string"),
        }
    }

    /// A string or a number as a word.
    fn text_of(&mut self, node: &Node<'_>) -> Option<Word> {
        match node.get_ref() {
            DeValue::String(text) => Some(self.checked(text, node.span())),
            DeValue::Integer(number) if number.radix() == 10 => {
                Some(self.word(&number.as_str().replace('_', ""), node.span()))
            }
            _ => None,
        }
    }

    /// A string that keepalived.conf could hold too, so that every configuration can be converted.
    fn checked(&mut self, text: &str, range: core::ops::Range<usize>) -> Word {
        let word = self.word(text, range);
        if text.contains(['"', '\0', '\n', '\r']) {
            let shown = Value::String(text.to_owned());
            let error =
                Diagnostic::error(Code::InvalidValue, word.span, format!("{shown} cannot stand in keepalived.conf"));
            self.diagnostics.push(error.help("leave out double quotes and line ends"));
        }
        word
    }

    /// The words of a line that stands in a string.
    fn lexed(&self, text: &str, range: core::ops::Range<usize>) -> Vec<Word> {
        let inside = self.text.get(range.start + 1..range.end.saturating_sub(1));
        let line = match inside {
            Some(inside) if inside == text => Text::literal(self.file, range.start + 1, text),
            _ => Text::substituted(Span::new(self.file, range.start, range.end), text),
        };
        let mut tokens = Vec::new();
        lex(&line, &mut tokens);
        tokens
            .into_iter()
            .filter_map(|token| match token {
                // TOML has no references: what looks like one is itself.
                Token::Word(word) => Some(Word { unresolved: false, ..word }),
                Token::Open(span) => Some(Word { text: "{".to_owned(), span, unresolved: false, quoted: true }),
                Token::Close(span) => Some(Word { text: "}".to_owned(), span, unresolved: false, quoted: true }),
                Token::End => None,
            })
            .collect()
    }

    fn mismatch(&mut self, keyword: &Word, value: &Node<'_>, takes: &str) -> Vec<Item> {
        let span = self.head(value.span());
        let kind = match value.get_ref() {
            DeValue::String(_) => "this string",
            DeValue::Integer(_) | DeValue::Float(_) => "this number",
            DeValue::Boolean(_) => "this boolean",
            DeValue::Datetime(_) => "this date",
            DeValue::Array(_) => "this array",
            DeValue::Table(_) => "this table",
        };
        let error = Diagnostic::error(Code::InvalidValue, span, format!("`{}` does not take {kind}", keyword.text));
        self.diagnostics.push(error.help(format!("`{}` takes {takes}", keyword.text)));
        Vec::new()
    }

    fn word(&self, text: &str, range: core::ops::Range<usize>) -> Word {
        Word {
            text: text.to_owned(),
            span: Span::new(self.file, range.start, range.end),
            unresolved: false,
            quoted: true,
        }
    }

    /// The first line of a value, which may be a long table.
    fn head(&self, range: core::ops::Range<usize>) -> Span {
        let length = self.text.get(range.clone()).map_or(0, |text| text.lines().next().unwrap_or_default().len());
        Span::new(self.file, range.start, range.start + length)
    }
}

/// A block; problems inside it are told apart while it is read.
const fn block(items: Vec<Item>) -> Block {
    Block { items, span: None }
}

fn line(keyword: Word, values: Vec<Word>) -> Item {
    Item { words: core::iter::once(keyword).chain(values).collect(), block: None }
}
