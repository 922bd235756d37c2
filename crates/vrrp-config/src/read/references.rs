//! Names that one block gives and another refers to; the order in the file does not matter.

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::suggest;

/// Which blocks give the names that a list refers to that is not built yet: the list's keyword, the blocks', and what they
/// are called.
const REFERENCES: [(&str, &[&str], &str); 1] = [("track_bfd", &["bfd_instance"], "bfd_instance")];

/// Reports every reference to a name that the file does not give. keepalived drops the reference and
/// runs untracked; nobody means that.
pub(super) fn check(items: &[Item], context: &mut Context<'_>) {
    for item in items {
        let Some([keyword, name]) = item.words.get(..2) else {
            continue;
        };
        let instance = match keyword.text.as_str() {
            "vrrp_instance" => Some(name.text.clone()),
            "vrrp_sync_group" => None,
            _ => continue,
        };
        context.diagnostics.instance = instance;
        for list in item.items() {
            let Some(keyword) = list.words.first() else {
                continue;
            };
            for (_, blocks, called) in REFERENCES.iter().filter(|(list, ..)| *list == keyword.text) {
                for word in list.items().iter().filter_map(|line| line.words.first()) {
                    let names = names(items, blocks);
                    if !names.contains(&word.text.as_str()) {
                        unknown(word, &names, called, context);
                    }
                }
            }
        }
        context.diagnostics.instance = None;
    }
}

/// Reports a name that no block gives; returns the name that was probably meant.
pub(super) fn unknown<'a>(word: &Word, names: &[&'a str], called: &str, context: &mut Context<'_>) -> Option<&'a str> {
    let name = word.text.as_str();
    let error = Diagnostic::error(Code::UnknownName, word.span, format!("there is no {called} `{name}`"));
    let near = suggest::closest(name, names.iter().copied()).or_else(|| part_of(name, names));
    context.push(error.label("keepalived drops it and says no more").help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write the block `{called} {name} {{ ... }}`, or remove the line"),
    }));
    near
}

/// The name that contains `name` or is contained in it: `chk_haproxy` and `haproxy`.
fn part_of<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    names.iter().copied().find(|known| known.len() > 2 && (known.contains(name) || name.contains(known)))
}

/// The names that blocks of these keywords give.
fn names<'a>(items: &'a [Item], blocks: &[&str]) -> Vec<&'a str> {
    let giving = items.iter().filter_map(|item| item.words.get(..2));
    giving
        .filter(|words| words.first().is_some_and(|word| blocks.contains(&word.text.as_str())))
        .filter_map(|words| words.get(1))
        .map(|word| word.text.as_str())
        .collect()
}
