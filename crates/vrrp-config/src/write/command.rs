//! Commands, written so that they are taken apart into the same words again.

use core::fmt::Write as _;

use super::quote;
use crate::model::Command;

/// The command with its arguments as one text, as TOML has it.
pub(super) fn joined(argv: &[String]) -> String {
    argv.iter().map(|word| argument(word)).collect::<Vec<_>>().join(" ")
}

/// The same as keepalived.conf has it: in double quotes, inside which keepalived takes a backslash for an escape.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | '{' | '}' | '#' | '!' | '$');
    if text.chars().all(plain) {
        return quote(text);
    }
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push_str("\\\\"),
            // A double quote would end the string for whatever looks for comments.
            '"' => out.push_str("\\042"),
            '$' if characters.peek().is_some_and(|next| next.is_alphabetic() || matches!(next, '_' | '{')) => {
                out.push_str("$\"\"");
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The user and the group, as far as they are given.
pub(super) fn user(command: &Command) -> Vec<String> {
    command.user.iter().chain(command.user.as_ref().and(command.group.as_ref())).cloned().collect()
}

/// One word, quoted where it would be several, or other ones.
fn argument(word: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\'' | '\\');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut out = String::from("'");
    for character in word.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            control if control.is_ascii_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\{:03o}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{joined, quoted};
    use crate::language::split;

    proptest! {
        #[test]
        fn a_command_is_taken_apart_into_the_words_it_was_made_of(
            argv in proptest::collection::vec("[a-c\"'\\\\ \t\n{}#!$~@é\u{1}\u{85}-]{0,6}", 1..5),
        ) {
            let text = joined(&argv);
            prop_assert_eq!(split(&text), Ok(argv));
            prop_assert_eq!(split(&quoted(&text)), Ok(vec![text]));
        }
    }
}
