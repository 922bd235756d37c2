use core::fmt::Write as _;

use super::command::quoted;
use super::{Block, Says, Statement, blocks, quote, quote_either};
use crate::model::Model;
use crate::units;

/// The model in keepalived's own language.
pub(super) fn text(model: &Model) -> String {
    let mut out = String::new();
    for Block { keyword, name, statements } in blocks(model) {
        if !out.is_empty() {
            out.push('\n');
        }
        let head = match name {
            Some(name) => format!("{keyword} {}", quote(name)),
            None => keyword.to_owned(),
        };
        block(&mut out, 0, &head, &statements);
    }
    out
}

fn block(out: &mut String, depth: usize, head: &str, statements: &[Statement]) {
    line(out, depth, &format!("{head} {{"));
    for Statement { keyword, says } in statements {
        statement(out, depth + 1, keyword, says);
    }
    line(out, depth, "}");
}

fn statement(out: &mut String, depth: usize, keyword: &str, says: &Says) {
    let value = match says {
        Says::Flag => String::new(),
        Says::Bool(value) => value.to_string(),
        Says::Text(text) => quote(text),
        Says::Number(number) => number.to_string(),
        Says::Seconds(duration) => units::seconds(*duration),
        Says::Micros(duration) => duration.as_micros().to_string(),
        Says::Words(words) => words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" "),
        Says::Quoted(words) => words.iter().map(|word| quote_either(word)).collect::<Vec<_>>().join(" "),
        Says::Command(text, user) => {
            let user = user.iter().map(|word| quoted(word));
            core::iter::once(quoted(text)).chain(user).collect::<Vec<_>>().join(" ")
        }
        Says::Repeated(lines) => {
            for words in lines {
                statement(out, depth, keyword, &Says::Words(words.clone()));
            }
            return;
        }
        Says::Lines(lines) => {
            line(out, depth, &format!("{keyword} {{"));
            for entry in lines {
                line(out, depth + 1, entry);
            }
            return line(out, depth, "}");
        }
        Says::Block(statements) => return block(out, depth, keyword, statements),
    };
    line(out, depth, format!("{keyword} {value}").trim_end());
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{:indent$}{text}", "", indent = depth * 4);
}
