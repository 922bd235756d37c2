use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::RangeInclusive;
use core::str::FromStr;
use core::time::Duration;

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::{suggest, units};

/// What to do with something that a template or a manual left to fill in.
pub(super) const FILL_IN: &str = "this looks like a placeholder: put the real value in";
/// Bytes of the longest interface name or label.
pub(super) const MAX_NAME: usize = 15;

impl Context<'_> {
    /// The line's value as a number within `range`.
    pub(super) fn number<T>(&mut self, item: &Item, range: RangeInclusive<i64>) -> Option<T>
    where
        T: TryFrom<i64>,
    {
        let word = item.values().first()?;
        self.number_word(word, keyword_name(item), range)
    }

    /// A word as a number within `range`.
    pub(super) fn number_word<T>(&mut self, word: &Word, what: &str, range: RangeInclusive<i64>) -> Option<T>
    where
        T: TryFrom<i64>,
    {
        let help = format!("`{what}` takes a whole number from {} to {}", range.start(), range.end());
        let digits = word.text.strip_prefix(['-', '+']).unwrap_or(&word.text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("`{}` is no number", word.text);
            self.push(Diagnostic::error(Code::InvalidValue, word.span, message).help(help));
            return None;
        }
        let value =
            word.text.parse().ok().filter(|value| range.contains(value)).and_then(|value: i64| T::try_from(value).ok());
        if value.is_none() {
            let message = format!("{} is out of range for `{what}`", word.text);
            let label = format!("{} to {}", range.start(), range.end());
            self.push(Diagnostic::error(Code::OutOfRange, word.span, message).label(label).help(help));
        }
        value
    }

    /// The line's value as a decimal number of seconds within limits.
    pub(super) fn seconds(&mut self, item: &Item, least: Duration, most: Duration) -> Option<Duration> {
        let word = item.values().first()?;
        self.seconds_word(word, keyword_name(item), least, most)
    }

    /// A word as a decimal number of seconds within limits.
    pub(super) fn seconds_word(
        &mut self,
        word: &Word,
        what: &str,
        least: Duration,
        most: Duration,
    ) -> Option<Duration> {
        let (from, to) = (units::seconds(least), units::seconds(most));
        let help = format!("`{what}` takes seconds from {from} to {to}");
        let Some(value) = units::parse_seconds(&word.text) else {
            let message = format!("`{}` is no number of seconds", word.text);
            self.push(Diagnostic::error(Code::InvalidValue, word.span, message).help(help));
            return None;
        };
        if value < least || value > most {
            let message = format!("{} is out of range for `{what}`", word.text);
            let label = format!("{from} to {to} seconds");
            self.push(Diagnostic::error(Code::OutOfRange, word.span, message).label(label).help(help));
            return None;
        }
        Some(value)
    }

    /// The line's boolean; the keyword alone is true.
    pub(super) fn boolean(&mut self, item: &Item) -> Option<bool> {
        let Some(word) = item.values().first() else {
            return Some(true);
        };
        match word.text.as_str() {
            "true" | "on" | "yes" => Some(true),
            "false" | "off" | "no" => Some(false),
            other => {
                let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{other}` is no boolean"));
                self.push(error.help("write `true`, `on` or `yes`, or `false`, `off` or `no`, in lower case"));
                None
            }
        }
    }

    /// The line's value as one of a few words.
    pub(super) fn choice<T: Copy>(&mut self, item: &Item, choices: &[(&str, T)]) -> Option<T> {
        let word = item.values().first()?;
        let found = choices.iter().find(|(name, _)| *name == word.text).map(|&(_, value)| value);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("`{}` is no value of `{}`", word.text, keyword_name(item));
            let near = suggest::closest(&word.text, choices.iter().map(|(name, _)| *name));
            let error = Diagnostic::error(Code::InvalidValue, word.span, message);
            self.push(error.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", names.join(", ")),
            }));
        }
        found
    }

    /// A word as an address of either family.
    pub(super) fn address(&mut self, word: &Word) -> Option<IpAddr> {
        self.parsed(word, "address", "10.0.0.1 or fe80::1")
    }

    pub(super) fn ipv4(&mut self, word: &Word) -> Option<Ipv4Addr> {
        self.parsed(word, "IPv4 address", "224.0.0.18")
    }

    pub(super) fn ipv6(&mut self, word: &Word) -> Option<Ipv6Addr> {
        self.parsed(word, "IPv6 address", "ff02::12")
    }

    pub(super) fn parsed<T: FromStr>(&mut self, word: &Word, what: &str, example: &str) -> Option<T> {
        let parsed = word.text.parse().ok();
        if parsed.is_none() {
            let message = format!("`{}` is no {what}", word.text);
            let help = if looks_like_a_placeholder(&word.text) {
                FILL_IN.to_owned()
            } else {
                format!("write an {what} such as {example}")
            };
            self.push(Diagnostic::error(Code::InvalidValue, word.span, message).help(help));
        }
        parsed
    }

    /// A word as the name of a network interface.
    pub(super) fn interface_name(&mut self, word: &Word) -> Option<String> {
        let name = word.text.as_str();
        let remedy = if looks_like_a_placeholder(name) { FILL_IN } else { "`ip link` lists the interfaces" };
        if name.len() > MAX_NAME {
            let message = format!("`{name}` is no interface: its name has {} characters", name.len());
            let error = Diagnostic::error(Code::OutOfRange, word.span, message);
            self.push(error.label(format!("at most {MAX_NAME}")).help(remedy));
            return None;
        }
        if name.is_empty() || name.contains(['/', ':', ' ']) || name == "." || name == ".." {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{name}` is no interface name"));
            let help = match name.split_once(':') {
                Some((device, _)) => {
                    format!("write `{device}`: aliases are labels of addresses, not interfaces")
                }
                None => remedy.to_owned(),
            };
            self.push(error.help(help));
            return None;
        }
        Some(name.to_owned())
    }
}

/// The keyword of a line.
pub(super) fn keyword_name(item: &Item) -> &str {
    item.words.first().map_or("", |word| &word.text)
}

/// `<ip>`, `xxx.xxx`, `${VIP}`, `VIP_ADDRESS`, `__VIP__`: what templates and manuals leave to fill in.
pub(super) fn looks_like_a_placeholder(text: &str) -> bool {
    let capitals = text.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'/'));
    capitals || text.contains(['<', '$', '{']) || text.starts_with("xx") || text.starts_with("__")
}
