//! What looks like a line of a shell and means something else.

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Word;

/// Users whom nobody takes for an argument.
const USERS: [&str; 3] = ["root", "nobody", "keepalived_script"];
/// Words that only a shell understands.
const OPERATORS: [&str; 10] = ["&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1", "2>/dev/null"];

impl Context<'_> {
    /// Words behind a path without quotes are its user and group, not its arguments.
    pub(super) fn loose_arguments(&mut self, program: &Word, identity: &[Word]) {
        let user = |word: &Word| word.text.split(':').next().is_some_and(|name| USERS.contains(&name));
        let loose = identity.first().filter(|word| !program.quoted && !user(word));
        let Some(first) = loose else { return };
        let (path, name) = (&program.text, &first.text);
        let message = format!("`{name}` is the user that runs `{path}`, not its argument");
        let all = identity.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let warning = Diagnostic::warning(Code::Suspicious, first.span, message).label("as in keepalived");
        self.push(
            warning.help(format!("write `\"{path} {all}\"` if it is an argument, and `\"{path}\" {all}` if not")),
        );
    }

    /// `&&`, `|` and `>` reach the program as arguments.
    pub(super) fn no_shell(&mut self, command: &Word, argv: &[String]) {
        let operator = argv.iter().skip(1).find(|word| OPERATORS.contains(&word.as_str()));
        if let Some(operator) = operator {
            let message = format!("there is no shell: `{operator}` is an ordinary argument");
            let warning = Diagnostic::warning(Code::Suspicious, command.span, message).label("as in keepalived");
            self.push(warning.help("put the line in a script of its own, or write `\"/bin/sh -c '...'\"`"));
        }
    }
}
