//! Where answers go, and how they are to look there.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::args::{Args, Color};
use crate::error::Error;
use crate::render::Look;

/// Standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Whether programs read it.
    pub(crate) json: bool,
    /// How people are to see it.
    pub(crate) look: Look,
}

impl Output {
    /// As the command line and the terminal say.
    pub(crate) fn new(args: &Args) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let width = if terminal { ratatui::crossterm::terminal::size().ok().map(|(columns, _)| columns) } else { None };
        Self { json: args.json, look: Look { color, width } }
    }

    /// Prints `value` for programs, or what `words` makes of it for people.
    pub(crate) fn show<T: Serialize>(&self, value: &T, words: impl FnOnce(&Look) -> String) -> Result<(), Error> {
        if self.json {
            print(&format!("{}\n", serde_json::to_string_pretty(value)?))
        } else {
            print(&words(&self.look))
        }
    }

    /// Prints `value` for programs on one line, or what `words` makes of it.
    pub(crate) fn line<T: Serialize>(&self, value: &T, words: impl FnOnce(&Look) -> String) -> Result<(), Error> {
        if self.json { print(&format!("{}\n", serde_json::to_string(value)?)) } else { print(&words(&self.look)) }
    }
}

/// Writes to standard output. A reader that has gone away (a closed pipe) has read enough.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(Error::writing("standard output")),
    }
}

/// Says on standard error what went wrong.
pub(crate) fn complain(words: &dyn core::fmt::Display) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(io::stderr().lock(), "vrrpctl: {words}");
}
