//! From the model back to text, in either language.

mod global;
mod keepalived;
mod router;
mod toml;

use core::time::Duration;

use crate::model::Model;

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
    Lines(Vec<String>),
    Block(Vec<Statement>),
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

impl Statements {
    fn say(&mut self, keyword: &'static str, says: Says) {
        self.0.push(Statement { keyword, says });
    }

    fn say_if(&mut self, needed: bool, keyword: &'static str, says: Says) {
        if needed {
            self.say(keyword, says);
        }
    }

    /// Says a boolean that differs from what is inherited.
    fn switch(&mut self, keyword: &'static str, value: bool, inherited: bool) {
        self.say_if(value != inherited, keyword, Says::Bool(value));
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
