use core::time::Duration;

use super::timing::Timing;
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::language::Item;
use crate::model::{Check, CheckProbe, FileInit, FileProbe};
use crate::read::{Context, Given};

/// Reads a `track_file` block; `None` if it has no file.
pub(super) fn read(name: &str, item: &Item, context: &mut Context<'_>) -> Option<Check> {
    let mut timing = Timing::default();
    let mut path: Option<Given<String>> = None;
    let mut init: Option<Given<FileInit>> = None;
    for line in item.items() {
        let Some(keyword) = context.keyword(line, Kind::File.place()) else { continue };
        let Some(span) = line.words.first().map(|word| word.span) else { continue };
        match keyword.name {
            "file" => {
                let value = line.values().first().map(|word| word.text.clone());
                context.set(&mut path, value, keyword.name, span);
            }
            "init_file" => {
                let value = context.init_file(line);
                context.set(&mut init, value, keyword.name, span);
            }
            other => timing.apply(other, Kind::File, line, span, context),
        }
    }
    let Some(path) = path.map(|given| given.value).filter(|path| !path.is_empty()) else {
        context.nothing_to_check(item, "file");
        return None;
    };
    let probe = FileProbe { path, init: init.map(|given| given.value) };
    Some(timing.into_check(name, CheckProbe::File(probe), Duration::MAX, context))
}

impl Context<'_> {
    /// `init_file [VALUE] [overwrite]`, in either order.
    fn init_file(&mut self, item: &Item) -> Option<FileInit> {
        let mut init = FileInit::default();
        for word in item.values() {
            if word.text == "overwrite" {
                init.overwrite = true;
            } else if word.text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
                init.value = self.number_word(word, "init_file", i64::from(i32::MIN)..=i64::from(i32::MAX))?;
            } else {
                let message = format!("`{}` is no value of `init_file`", word.text);
                let error = Diagnostic::error(Code::InvalidValue, word.span, message);
                self.push(error.help("write `init_file NUMBER`, with or without `overwrite`"));
                return None;
            }
        }
        Some(init)
    }
}
