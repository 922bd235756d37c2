use core::fmt;

use serde::{Deserialize, Serialize};

/// A program with its arguments, and as whom it runs: every script of the file.
///
/// No shell looks at it: `&&`, `|`, `>` and `$(...)` are ordinary arguments, as in keepalived.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The program and its arguments; never empty in a model that was read.
    pub argv: Vec<String>,
    /// The user's name or number; `None` is the one of `script_user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The group's name or number; `None` is the user's own, or the one of `script_user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl Command {
    /// A program with its arguments, run as `script_user` says.
    pub const fn new(argv: Vec<String>) -> Self {
        Self { argv, user: None, group: None }
    }

    /// The program: the first word.
    pub fn program(&self) -> &str {
        self.argv.first().map_or("", String::as_str)
    }
}

impl fmt::Display for Command {
    /// The words with spaces between, for messages; not for reading back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.argv.join(" "))
    }
}
