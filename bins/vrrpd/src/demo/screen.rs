use core::fmt::Write as _;
use core::time::Duration;
use std::io::{IsTerminal, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vrrp_lab::Stamp;

/// What a piece of text is about: on a terminal each has its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    First,
    Second,
    Lost,
    Heading,
    Warning,
    Quiet,
    Plain,
}

impl Ink {
    /// The colour of the router with this place in the list.
    pub(crate) const fn of_router(place: usize) -> Self {
        if place == 0 { Self::First } else { Self::Second }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::First => "32",
            Self::Second => "35",
            Self::Lost => "31",
            Self::Heading => "1",
            Self::Warning => "33",
            Self::Quiet => "2",
            Self::Plain => "0",
        }
    }
}

/// Standard output: lines with the time since the start, and on a terminal one more line below them that changes.
#[derive(Debug)]
pub(crate) struct Screen {
    started: Stamp,
    terminal: bool,
    strip: Mutex<String>,
}

impl Screen {
    pub(crate) fn start() -> Self {
        Self { started: Stamp::now(), terminal: std::io::stdout().is_terminal(), strip: Mutex::default() }
    }

    pub(crate) const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The text in its colour, if there are colours.
    pub(crate) fn dye(&self, ink: Ink, text: &str) -> String {
        if self.terminal { format!("\x1b[{}m{text}\x1b[0m", ink.code()) } else { text.to_owned() }
    }

    /// A line that happened at a moment: who, and what.
    pub(crate) fn at(&self, moment: Stamp, who: (Ink, &str), what: (Ink, &str)) {
        let time = format!("{:>8.3} s", moment.since(self.started).as_secs_f64());
        let (time, name) = (self.dye(Ink::Quiet, &time), self.dye(who.0, &format!("{:<6}", who.1)));
        self.line(&format!("{time}  {name}  {}", self.dye(what.0, what.1)));
    }

    /// A line as it is.
    pub(crate) fn line(&self, text: &str) {
        let strip = self.strip();
        let clear = if strip.is_empty() { "" } else { "\r\x1b[K" };
        put(&format!("{clear}{text}\n{strip}"));
    }

    /// Draws the line that changes: who answered lately, oldest first, and how long ago the demonstration began.
    pub(crate) fn draw(&self, answers: &[Option<Ink>]) {
        let mut text = String::new();
        for answer in answers {
            let (ink, mark) = answer.map_or((Ink::Lost, "·"), |ink| (ink, "▇"));
            text.push_str(&self.dye(ink, mark));
        }
        let mut line = String::new();
        let now = Stamp::now().since(self.started);
        let _ = write!(line, "{}  client  {text}", self.dye(Ink::Quiet, &format!("{:>8.1} s", now.as_secs_f64())));
        let mut strip = self.strip();
        put(&format!("\r\x1b[K{line}"));
        *strip = line;
    }

    /// Ends the line that changes.
    pub(crate) fn settle(&self) {
        let mut strip = self.strip();
        if !strip.is_empty() {
            put("\r\x1b[K");
            strip.clear();
        }
    }

    fn strip(&self) -> MutexGuard<'_, String> {
        self.strip.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader that has gone away is told by the exit status all the same.
fn put(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A length of time as a person says it.
pub(crate) fn spoken(time: Duration) -> String {
    if time < Duration::from_millis(10) {
        format!("{:.1} ms", time.as_secs_f64() * 1e3)
    } else if time < Duration::from_secs(1) {
        format!("{:.0} ms", time.as_secs_f64() * 1e3)
    } else {
        format!("{:.3} s", time.as_secs_f64())
    }
}
