use core::str::{FromStr, SplitWhitespace};
use core::time::Duration;

use vrrp_core::Instant;
use vrrp_wire::{AdverInterval, Priority, Vrid};

use super::ScriptErrorKind as Kind;

/// The words of one line.
#[derive(Debug, Clone)]
pub(super) struct Words<'a>(SplitWhitespace<'a>);

impl<'a> Words<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self(line.split_whitespace())
    }

    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    pub(super) fn peek(&self) -> Option<&'a str> {
        self.0.clone().next()
    }

    /// The next word, if it is this one.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let is = self.peek() == Some(word);
        if is {
            self.next();
        }
        is
    }

    pub(super) fn expect(&mut self, word: &'static str) -> Result<(), Kind> {
        let found = self.word(word)?;
        if found == word { Ok(()) } else { Err(Kind::Word { wanted: word, found: found.into() }) }
    }

    pub(super) fn word(&mut self, wanted: &'static str) -> Result<&'a str, Kind> {
        self.next().ok_or(Kind::Ends(wanted))
    }

    pub(super) fn end(mut self) -> Result<(), Kind> {
        self.next().map_or(Ok(()), |word| Err(Kind::Surplus(word.into())))
    }

    /// The next word as what `read` makes of it.
    pub(super) fn read<T>(&mut self, wanted: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, Kind> {
        let word = self.word(wanted)?;
        read(word).ok_or_else(|| Kind::Word { wanted, found: word.into() })
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Result<T, Kind> {
        self.read("a number", |word| word.parse().ok())
    }

    pub(super) fn duration(&mut self) -> Result<Duration, Kind> {
        self.read("a time", duration)
    }

    pub(super) fn moment(&mut self) -> Result<Instant, Kind> {
        Ok(Instant::ORIGIN + self.duration()?)
    }

    pub(super) fn priority(&mut self) -> Result<Priority, Kind> {
        self.number().map(Priority::new)
    }

    pub(super) fn interval(&mut self) -> Result<AdverInterval, Kind> {
        self.read("an interval", |word| {
            let centis = duration(word)?.as_millis() / 10;
            AdverInterval::from_centis(u16::try_from(centis).ok()?).ok()
        })
    }

    pub(super) fn vrid(&mut self) -> Result<Vrid, Kind> {
        self.read("a VRID", |word| Vrid::new(word.parse().ok()?))
    }

    /// The number of a router (`r0`), a virtual router (`v0`) or a station (`s0`).
    pub(super) fn numbered(&mut self, letter: char, wanted: &'static str) -> Result<u8, Kind> {
        self.read(wanted, |word| numbered(word, letter))
    }
}

pub(super) fn numbered(word: &str, letter: char) -> Option<u8> {
    word.strip_prefix(letter)?.parse().ok().filter(|number| *number < 16)
}

/// A duration as [`core::fmt::Debug`] prints it, to the nanosecond.
fn duration(word: &str) -> Option<Duration> {
    let at = word.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = word.split_at(at);
    let decimals = match unit {
        "s" => 9,
        "ms" => 6,
        "µs" | "us" => 3,
        "ns" => 0,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.len() > decimals {
        return None;
    }
    let nanos = format!("{whole}{fraction:0<decimals$}").parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_as_it_is_printed() {
        for nanos in [0, 1, 999, 1_000, 1_500, 20_000_000, 1_000_000_000, 10_500_000_001, 86_400_000_000_000] {
            let printed = Duration::from_nanos(nanos);
            assert_eq!(duration(&format!("{printed:?}")), Some(printed), "{printed:?}");
        }
        for wrong in ["", "1", "s", "1.2.3s", "1h", "1.5ns", "-1s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
