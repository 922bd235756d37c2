use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Unsplit, Word, split};
use crate::model::Command;

impl Context<'_> {
    /// `CMD`: a script without a user of its own; more words are an error, as keepalived drops them.
    pub(super) fn script(&mut self, item: &Item) -> Option<Given<Command>> {
        let word = item.values().first()?;
        if let [_, first, ..] = item.values() {
            let last = item.values().last().map_or(first.span, |last| last.span);
            let message = format!("only `{}` is the command", word.text);
            let error = Diagnostic::error(Code::Surplus, first.span.to(last), message);
            self.push(error.label("keepalived drops this").help("put quotes around the whole command"));
            return None;
        }
        self.command_word(word)
    }

    /// `CMD [USER [GROUP]]`: a hook; the command is one word, in quotes if it has arguments.
    pub(super) fn command(&mut self, item: &Item) -> Option<Given<Command>> {
        let mut given = self.command_word(item.values().first()?)?;
        (given.value.user, given.value.group) = self.user(item.values().get(1..).unwrap_or_default())?;
        Some(given)
    }

    /// `[USER [[:]GROUP]]`; `None` if there is more, which is reported.
    pub(super) fn user(&mut self, words: &[Word]) -> Option<(Option<String>, Option<String>)> {
        let name = |word: &Word| Some(word.text.trim_start_matches(':').to_owned());
        match words {
            [] => Some((None, None)),
            [user] => Some((name(user), None)),
            [user, group] => Some((name(user), name(group))),
            [_, _, first, ..] => {
                let message = format!("`{}` comes after the user and the group", first.text);
                let error = Diagnostic::error(Code::Surplus, first.span, message);
                self.push(error.help("put quotes around the whole command: `\"COMMAND ARGUMENTS\" USER GROUP`"));
                None
            }
        }
    }

    /// A word as a command with its arguments.
    fn command_word(&mut self, word: &Word) -> Option<Given<Command>> {
        match split(&word.text) {
            Ok(argv) if argv.first().is_some_and(|program| !program.is_empty()) => {
                Some(Given { value: Command::new(argv), span: word.span })
            }
            Ok(_) => {
                let error = Diagnostic::error(Code::Missing, word.span, "the command is empty");
                self.push(error.help("write the program with its whole path"));
                None
            }
            Err(reason) => {
                let (message, help) = match reason {
                    Unsplit::Quote(quote) => {
                        (format!("a `{quote}` inside the command is never closed"), "close it, or write `\\` before it")
                    }
                    Unsplit::Backslash => ("the command ends in a `\\`".to_owned(), "write `\\\\` for a backslash"),
                    Unsplit::NoText => {
                        ("an escape in the command stands for no text".to_owned(), "write the characters themselves")
                    }
                };
                self.push(Diagnostic::error(Code::Syntax, word.span, message).help(help));
                None
            }
        }
    }
}
