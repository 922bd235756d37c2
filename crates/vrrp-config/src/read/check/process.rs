use core::time::Duration;

use super::timing::Timing;
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::language::Item;
use crate::model::{Check, CheckProbe, ParamMatch, ProcessProbe};
use crate::read::{Context, Given, or};
use crate::source::Span;

/// A `vrrp_track_process` block as the file gives it.
#[derive(Default)]
struct Draft {
    timing: Timing,
    process: Option<Given<Vec<String>>>,
    param_match: Option<Given<ParamMatch>>,
    quorum: Option<Given<u16>>,
    quorum_max: Option<Given<u16>>,
    delay: Option<Given<Duration>>,
    terminate_delay: Option<Given<Duration>>,
    fork_delay: Option<Given<Duration>>,
    full_command: Option<Given<bool>>,
}

/// Reads a `vrrp_track_process` block; `None` if it has no process.
pub(super) fn read(name: &str, item: &Item, context: &mut Context<'_>) -> Option<Check> {
    let mut draft = Draft::default();
    for line in item.items() {
        let Some(keyword) = context.keyword(line, Kind::Process.place()) else { continue };
        if let Some(word) = line.words.first() {
            draft.apply(keyword.name, line, word.span, context);
        }
    }
    if draft.process.is_none() {
        context.nothing_to_check(item, "process");
    }
    draft.into_check(name, context)
}

impl Draft {
    fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "process" => {
                let words: Vec<String> = item.values().iter().map(|word| word.text.clone()).collect();
                let value = words.first().is_some_and(|name| !name.is_empty()).then_some(words);
                context.set(&mut self.process, value, keyword, span);
            }
            "param_match" => {
                let value = if item.values().is_empty() {
                    Some(ParamMatch::Exact)
                } else {
                    context.choice(item, &[("initial", ParamMatch::Initial), ("partial", ParamMatch::Partial)])
                };
                context.set(&mut self.param_match, value, keyword, span);
            }
            "quorum" => {
                let value = context.number(item, 1..=65535);
                context.set(&mut self.quorum, value, keyword, span);
            }
            "quorum_max" => {
                let value = context.number(item, 0..=65535);
                context.set(&mut self.quorum_max, value, keyword, span);
            }
            "delay" | "terminate_delay" | "fork_delay" => {
                let value = context.seconds(item, Duration::from_micros(1), Duration::from_secs(3600));
                let slot = match keyword {
                    "terminate_delay" => &mut self.terminate_delay,
                    "fork_delay" => &mut self.fork_delay,
                    _ => &mut self.delay,
                };
                context.set(slot, value, keyword, span);
            }
            "full_command" => context.set(&mut self.full_command, Some(true), keyword, span),
            other => self.timing.apply(other, Kind::Process, item, span, context),
        }
    }

    fn into_check(self, name: &str, context: &mut Context<'_>) -> Option<Check> {
        let process = self.process?.value;
        let quorum = or(self.quorum.as_ref(), 1);
        let quorum_max = self.quorum_max.as_ref().map(|given| given.value);
        if let Some(given) = self.quorum_max.as_ref().filter(|given| given.value < quorum)
            && (given.value > 0 || quorum > 1)
        {
            let message = format!("no number of processes is at least {quorum} and at most {}", given.value);
            context
                .push(Diagnostic::error(Code::Conflict, given.span, message).help("raise `quorum_max`, or remove it"));
            return None;
        }
        let implied = (process.len() > 1).then_some(ParamMatch::Exact);
        let param_match = self.param_match.map(|given| given.value).or(implied);
        // `delay` is both of the others, as far as these are not given.
        let delay = or(self.delay.as_ref(), Duration::ZERO);
        let probe = ProcessProbe {
            process,
            param_match,
            quorum: if quorum_max == Some(0) { 0 } else { quorum },
            quorum_max,
            fork_delay: or(self.fork_delay.as_ref(), delay),
            terminate_delay: or(self.terminate_delay.as_ref(), delay),
            full_command: self.full_command.is_some() || param_match.is_some(),
        };
        Some(self.timing.into_check(name, CheckProbe::Process(probe), Duration::MAX, context))
    }
}
