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
        let (word, identity) = item.values().split_first()?;
        let mut given = self.command_word(word)?;
        (given.value.user, given.value.group) = self.user(identity)?;
        self.loose_arguments(word, identity);
        Some(given)
    }

    /// `[USER [[:]GROUP]]`, or `USER:GROUP`; `None` if it is something else, which is reported.
    pub(super) fn user(&mut self, words: &[Word]) -> Option<(Option<String>, Option<String>)> {
        let (user, group) = match words {
            [] => return Some((None, None)),
            [user] => user.text.split_once(':').map_or((user.text.as_str(), None), |(user, group)| (user, Some(group))),
            [user, group] => (user.text.as_str(), Some(group.text.strip_prefix(':').unwrap_or(&group.text))),
            [_, _, first, ..] => {
                let message = format!("`{}` comes after the user and the group", first.text);
                let error = Diagnostic::error(Code::Surplus, first.span, message);
                self.push(error.help("put quotes around the whole command: `\"COMMAND ARGUMENTS\" USER GROUP`"));
                return None;
            }
        };
        let name = |name: &str| !name.is_empty() && !name.contains(|c: char| c == ':' || c.is_whitespace());
        if name(user) && group.is_none_or(name) {
            return Some((Some(user.to_owned()), group.map(str::to_owned)));
        }
        let (first, last) = (words.first()?, words.last()?);
        let error = Diagnostic::error(Code::InvalidValue, first.span.to(last.span), "this is no user and group");
        self.push(error.help("write `USER`, or `USER GROUP`, by name or number"));
        None
    }

    /// A word as a command with its arguments.
    fn command_word(&mut self, word: &Word) -> Option<Given<Command>> {
        match split(&word.text) {
            Ok(argv) if argv.first().is_some_and(|program| !program.is_empty()) => {
                self.no_shell(word, &argv);
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
