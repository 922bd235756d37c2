//! From the model back to text, in either language.

mod check;
mod command;
mod global;
mod group;
mod keepalived;
mod notification;
mod policy;
mod router;
mod toml;

use core::time::Duration;

use crate::model::{Command, Model};

/// One keyword with what it says.
pub(crate) struct Statement {
    keyword: &'static str,
    says: Says,
}

enum Says {
    /// The keyword alone.
    Flag,
    Bool(bool),
    Text(String),
    Number(i64),
    /// keepalived.conf has seconds, TOML a unit.
    Seconds(Duration),
    /// keepalived.conf has microseconds, TOML a unit.
    Micros(Duration),
    Words(Vec<String>),
    /// A command as one text, and its user.
    Command(String, Vec<String>),
    /// Words with either kind of quotes.
    Quoted(Vec<String>),
    /// Lines of one keyword.
    Repeated(Vec<Vec<String>>),
    Lines(Vec<String>),
    Block(Vec<Statement>),
}

/// One block of the top level.
struct Block<'a> {
    keyword: &'static str,
    /// `None` for `global_defs`.
    name: Option<&'a str>,
    statements: Vec<Statement>,
}

/// All blocks of a model, those of a keyword together.
fn blocks(model: &Model) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let globals = global::statements(&model.global);
    if !globals.is_empty() {
        blocks.push(Block { keyword: "global_defs", name: None, statements: globals });
    }
    blocks.extend(model.checks.iter().filter_map(|check| {
        let keyword = check::keyword(check)?;
        Some(Block { keyword, name: Some(&check.name), statements: check::statements(check) })
    }));
    blocks.extend(model.routers.iter().map(|router| {
        let statements = router::statements(router, model);
        Block { keyword: "vrrp_instance", name: Some(&router.name), statements }
    }));
    blocks.extend(model.sync_groups.iter().map(|group| {
        let statements = group::statements(group, model);
        Block { keyword: "vrrp_sync_group", name: Some(&group.name), statements }
    }));
    blocks
}

/// Gathers statements, leaving out what need not be said.
#[derive(Default)]
struct Statements(Vec<Statement>);

/// Writes a model as keepalived.conf text that reads back as the same model, secrets included.
pub fn to_keepalived(model: &Model) -> String {
    keepalived::text(model)
}

/// Writes a model as TOML text that reads back as the same model, secrets included.
pub fn to_toml(model: &Model) -> String {
    toml::text(model)
}

/// A value as one word: quoted where it would be several, or none. Trailing backslashes stay outside the
/// quotes, where they escape nothing, and what looks like a reference is broken by quotes.
pub(crate) fn quote(word: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '#' | '!');
    let reference = word.contains("${") || word.contains("$_");
    if !word.is_empty() && !word.contains(special) && !reference {
        return word.to_owned();
    }
    let inner = word.trim_end_matches('\\');
    let backslashes = word.get(inner.len()..).unwrap_or_default();
    let inner = if reference { inner.replace('$', "$\"\"") } else { inner.to_owned() };
    format!("\"{inner}\"{backslashes}")
}

/// A value after a keyword that knows either kind of quotes.
fn quote_either(word: &str) -> String {
    match (word.contains('"'), word.contains('\'')) {
        (true, _) => format!("'{word}'"),
        (false, true) => format!("\"{word}\""),
        (false, false) => quote(word),
    }
}

impl Statements {
    fn say(&mut self, keyword: &'static str, says: Says) {
        self.0.push(Statement { keyword, says });
    }

    fn say_if(&mut self, needed: bool, keyword: &'static str, says: Says) {
        if needed {
            self.say(keyword, says);
        }
    }

    /// Says a command with its user.
    fn command(&mut self, keyword: &'static str, command: &Command) {
        self.say(keyword, Says::Command(command::joined(&command.argv), command::user(command)));
    }

    /// Says a boolean that differs from what is inherited.
    fn switch(&mut self, keyword: &'static str, value: bool, inherited: bool) {
        self.say_if(value != inherited, keyword, Says::Bool(value));
    }

    /// Says a boolean that the file gives.
    fn boolean(&mut self, keyword: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.say(keyword, Says::Bool(value));
        }
    }

    /// Says a flag that is on.
    fn flag(&mut self, keyword: &'static str, on: bool) {
        self.say_if(on, keyword, Says::Flag);
    }

    /// Says a duration that differs from what is inherited.
    fn seconds(&mut self, keyword: &'static str, value: Duration, inherited: Duration) {
        self.say_if(value != inherited, keyword, Says::Seconds(value));
    }

    /// Says a number that differs from what is inherited.
    fn number<T: Into<i64> + PartialEq>(&mut self, keyword: &'static str, value: T, inherited: T) {
        if value != inherited {
            self.say(keyword, Says::Number(value.into()));
        }
    }
}
