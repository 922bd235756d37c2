//! What a router does about recovery, degradation and claiming: keywords of our own.

use core::time::Duration;

use super::check::{Checks, Found};
use super::draft::Draft;
use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{Check, ClaimRequires, Failback, OnDegraded, Otherwise};
use crate::source::Span;
use crate::{suggest, units};

/// The policies as the file gives them.
#[derive(Debug, Default)]
pub(super) struct PolicyDraft {
    pub(super) failback: Option<Given<Failback>>,
    pub(super) on_degraded: Option<Given<OnDegraded>>,
    pub(super) claim_requires: Vec<(Word, Otherwise)>,
    pub(super) confirm_silence: Option<Given<bool>>,
    pub(super) damp_preemption: Option<Given<bool>>,
}

/// A check that a claim hangs on, and where the router says so.
#[derive(Debug)]
pub(super) struct Required {
    pub(super) check: Check,
    otherwise: Otherwise,
    pub(super) span: Span,
}

/// The longest wait before a failback.
const LONGEST: Duration = Duration::from_secs(1000);

impl PolicyDraft {
    /// Takes a line; false if it is about something else.
    pub(super) fn apply(&mut self, keyword: &str, item: &Item, span: Span, context: &mut Context<'_>) -> bool {
        match keyword {
            "failback" => {
                let value = context.failback(item);
                context.set(&mut self.failback, value, keyword, span);
            }
            "on_degraded" => {
                let value = context.choice(item, &[("stay", OnDegraded::Stay), ("resign", OnDegraded::Resign)]);
                context.set(&mut self.on_degraded, value, keyword, span);
            }
            "claim_requires" => self.claim_requires(item, context),
            "confirm_silence" => {
                let value = context.boolean(item);
                context.set(&mut self.confirm_silence, value, keyword, span);
            }
            "damp_preemption" => {
                let value = context.boolean(item);
                context.set(&mut self.damp_preemption, value, keyword, span);
            }
            _ => return false,
        }
        true
    }

    fn claim_requires(&mut self, item: &Item, context: &mut Context<'_>) {
        let Some((name, otherwise)) = context.claim_requires(item) else { return };
        if let Some((before, _)) = self.claim_requires.iter().find(|(before, _)| before.text == name.text) {
            let message = format!("`claim_requires {}` is given twice", name.text);
            let warning = Diagnostic::warning(Code::Duplicate, name.span, message).label("this one does not count");
            return context.push(warning.also(before.span, "this one counts").help("remove one of them"));
        }
        self.claim_requires.push((name, otherwise));
    }

    /// The checks that a claim hangs on; false beside them if one of them is wrong.
    pub(super) fn required(&self, checks: &mut Checks, context: &mut Context<'_>) -> (Vec<Required>, bool) {
        let mut required = Vec::new();
        let mut sound = true;
        for &(ref word, otherwise) in &self.claim_requires {
            match checks.find_any(word, context) {
                Found::Sound(check) => required.push(Required { check: *check, otherwise, span: word.span }),
                Found::Wrong | Found::Nothing => sound = false,
            }
        }
        (required, sound)
    }
}

impl Required {
    pub(super) fn to_model(&self) -> ClaimRequires {
        ClaimRequires { check: self.check.name.clone(), otherwise: self.otherwise }
    }
}

impl Context<'_> {
    /// `immediate`, `after SECONDS` or `manual`
    fn failback(&mut self, item: &Item) -> Option<Failback> {
        match item.values() {
            [word] if word.text == "immediate" => Some(Failback::Immediate),
            [word] if word.text == "manual" => Some(Failback::Manual),
            [word, seconds] if word.text == "after" => {
                // TOML's durations have units, and this one stands in a list of words.
                let given = units::parse(&seconds.text).filter(|&given| given <= LONGEST);
                let after = given.or_else(|| self.seconds_word(seconds, "failback after", Duration::ZERO, LONGEST));
                after.map(Failback::After)
            }
            [word, ..] => {
                let known = ["immediate", "after", "manual"];
                let message = format!("`{}` is no value of `failback`", word.text);
                let near = suggest::closest(&word.text, known.into_iter()).filter(|near| *near != word.text);
                let error = Diagnostic::error(Code::InvalidValue, word.span, message);
                self.push(error.help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `failback immediate`, `failback after SECONDS` or `failback manual`".to_owned(),
                }));
                None
            }
            [] => None,
        }
    }

    /// `NAME [prefer-single | prefer-availability]`
    fn claim_requires(&mut self, item: &Item) -> Option<(Word, Otherwise)> {
        let (name, otherwise) = match item.values() {
            [name] => return Some((name.clone(), Otherwise::default())),
            [name, otherwise, ..] => (name, otherwise),
            [] => return None,
        };
        match otherwise.text.as_str() {
            "prefer-single" => Some((name.clone(), Otherwise::PreferSingle)),
            "prefer-availability" => Some((name.clone(), Otherwise::PreferAvailability)),
            other => {
                let message = format!("`{other}` is no value of `claim_requires`");
                let error = Diagnostic::error(Code::InvalidValue, otherwise.span, message);
                self.push(error.help("write `prefer-single` or `prefer-availability`; one check per line"));
                None
            }
        }
    }
}

impl Draft {
    /// What `failback` cannot stand beside.
    pub(super) fn failback_conflicts(&self, owner: bool, context: &mut Context<'_>) {
        let Some(failback) = &self.policy.failback else { return };
        let olds = [
            self.nopreempt.as_ref().map(|given| ("nopreempt", given.span)),
            self.preempt_delay.as_ref().map(|given| ("preempt_delay", given.span)),
        ];
        for (keyword, span) in olds.into_iter().flatten() {
            let error = Diagnostic::error(Code::Conflict, span, format!("`{keyword}` beside `failback`"));
            let help = format!("remove `{keyword}`: `failback manual` and `failback after SECONDS` say the same");
            context.push(error.also(failback.span, "this says when it takes over again").help(help));
        }
        if owner && failback.value != Failback::Immediate {
            let error = Diagnostic::error(Code::Conflict, failback.span, "priority 255 always takes over at once");
            context.push(error.help("write a priority below 255, or remove `failback`"));
        }
    }
}
