use core::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::language::Item;
use crate::model::{Check, CheckProbe, Weight};
use crate::read::arity::line_span;
use crate::read::values::keyword_name;
use crate::read::{Context, Given, or};
use crate::source::Span;
use crate::units;

/// When a check runs, how many outcomes make a verdict, and what that does.
#[derive(Default)]
pub(super) struct Timing {
    interval: Option<Given<Duration>>,
    timeout: Option<Given<Duration>>,
    rise: Option<Given<u32>>,
    fall: Option<Given<u32>>,
    weight: Option<Given<Weight>>,
    init_fail: Option<Given<bool>>,
}

/// The longest interval, as keepalived has it.
const MOST: Duration = Duration::from_secs(4294);

impl Timing {
    /// Takes a line about when, how often and what for.
    pub(super) fn apply(&mut self, keyword: &str, kind: Kind, item: &Item, span: Span, context: &mut Context<'_>) {
        let whole = line_span(item, span);
        match keyword {
            "interval" => {
                let value = context.period(item, keyword);
                context.set(&mut self.interval, value, keyword, whole);
            }
            "timeout" => {
                let value = context.period(item, keyword);
                context.set(&mut self.timeout, value, keyword, whole);
            }
            "rise" => {
                let value = context.number(item, 1..=i64::from(i32::MAX));
                context.set(&mut self.rise, value, keyword, whole);
            }
            "fall" => {
                let value = context.number(item, 1..=i64::from(i32::MAX));
                context.set(&mut self.fall, value, keyword, whole);
            }
            "weight" => {
                let value = context.weight(item, kind);
                context.set(&mut self.weight, value, keyword, whole);
            }
            "init_fail" => context.set(&mut self.init_fail, Some(true), keyword, span),
            _ => {}
        }
    }

    /// The check; a timeout that the block does not give is the interval, up to `most_timeout`.
    pub(super) fn into_check(
        self,
        name: &str,
        probe: CheckProbe,
        most_timeout: Duration,
        context: &mut Context<'_>,
    ) -> Check {
        let default = Check::new(name.to_owned(), probe);
        let interval = or(self.interval.as_ref(), default.interval);
        if let Some(given) = self.timeout.as_ref().filter(|given| given.value > interval) {
            let (timeout, every) = (units::seconds(given.value), units::seconds(interval));
            let message = format!("a timeout of {timeout} s is longer than the interval of {every} s");
            let warning = Diagnostic::warning(Code::Suspicious, given.span, message);
            let help = "no run starts before the last one has ended: shorten it, or lengthen `interval`";
            context.push(warning.help(help));
        }
        Check {
            interval,
            timeout: or(self.timeout.as_ref(), interval.min(most_timeout)),
            rise: or(self.rise.as_ref(), default.rise),
            fall: or(self.fall.as_ref(), default.fall),
            weight: or(self.weight.as_ref(), default.weight),
            init_fail: or(self.init_fail.as_ref(), default.init_fail),
            ..default
        }
    }
}

impl Context<'_> {
    /// An interval or a timeout; keepalived takes 0 for 1.
    fn period(&mut self, item: &Item, keyword: &str) -> Option<Duration> {
        let word = item.values().first()?;
        if units::parse_seconds(&word.text) == Some(Duration::ZERO) {
            let warning = Diagnostic::warning(Code::OutOfRange, word.span, format!("`{keyword} 0` means 1 second"));
            self.push(warning.help(format!("write `{keyword} 1`; 0.001 is the least")));
            return Some(Duration::from_secs(1));
        }
        self.seconds(item, Duration::from_millis(1), MOST)
    }

    /// `weight NUMBER [reverse]`
    fn weight(&mut self, item: &Item, kind: Kind) -> Option<Weight> {
        let most = kind.most_weight();
        let amount = self.number(item, -most..=most)?;
        let reverse = match item.values().get(1) {
            None => false,
            Some(word) if word.text == "reverse" => true,
            Some(word) => {
                let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` after a weight", word.text));
                self.push(error.help("write `reverse`, or nothing"));
                return None;
            }
        };
        Some(Weight { amount, reverse })
    }

    /// A block without the keyword that says what is looked at.
    pub(super) fn nothing_to_check(&mut self, item: &Item, keyword: &str) {
        let Some(name) = item.values().first() else { return };
        // Of a command that is empty the command itself has been reported.
        let says = |line: &Item| line.values().first().is_none_or(|word| !word.text.is_empty() || keyword == "script");
        let seen = item.items().iter().any(|line| keyword_name(line) == keyword && says(line));
        if !seen {
            let error = Diagnostic::error(Code::Missing, name.span, format!("`{keyword}` is missing"));
            self.push(error.label("in this block").help(format!("write `{keyword}` and what is to be looked at")));
        }
    }
}
