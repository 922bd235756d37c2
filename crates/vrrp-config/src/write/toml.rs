use core::fmt::Write as _;

use toml::Value;

use super::{Block, Says, Statement, blocks, quote};
use crate::model::Model;
use crate::units;

/// The model in TOML.
pub(super) fn text(model: &Model) -> String {
    let mut out = String::new();
    for Block { keyword, name, statements } in blocks(model) {
        if !out.is_empty() {
            out.push('\n');
        }
        // Writing to a String cannot fail.
        let _ = match name {
            Some(name) => writeln!(out, "[[{keyword}]]\nname = {}", string(name)),
            None => writeln!(out, "[{keyword}]"),
        };
        entries(&mut out, &statements);
    }
    out
}

fn entries(out: &mut String, statements: &[Statement]) {
    for Statement { keyword, says } in statements {
        let _ = writeln!(out, "{keyword} = {}", value(says));
    }
}

fn value(says: &Says) -> String {
    match says {
        Says::Flag => "true".to_owned(),
        Says::Bool(value) => value.to_string(),
        Says::Text(text) => string(text),
        Says::Number(number) => number.to_string(),
        Says::Seconds(duration) | Says::Micros(duration) => string(&units::with_unit(*duration)),
        Says::Words(words) | Says::Quoted(words) => list(words.iter()),
        Says::Command(text, user) => list(core::iter::once(text).chain(user)),
        Says::Repeated(lines) => {
            let line = |words: &Vec<String>| words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
            let lines: Vec<String> = lines.iter().map(line).collect();
            list(lines.iter())
        }
        Says::Lines(lines) => {
            let lines: String = lines.iter().map(|line| format!("    {},\n", string(line))).collect();
            format!("[\n{lines}]")
        }
        Says::Block(statements) => {
            let inner = statements.iter().map(|Statement { keyword, says }| format!("{keyword} = {}", value(says)));
            format!("{{ {} }}", inner.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Words, as a string where there is but one.
fn list<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut words: Vec<String> = words.map(|word| string(word)).collect();
    match words.len() {
        0 => "true".to_owned(),
        1 => words.remove(0),
        _ => format!("[{}]", words.join(", ")),
    }
}

fn string(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
