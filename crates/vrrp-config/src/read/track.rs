//! `track_script` and its kin, in routers and groups.

use super::check::{Checks, Found};
use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::language::{Item, Word};
use crate::model::{Check, Track, Weight};
use crate::source::Span;

/// One line of a list, before names are looked up.
#[derive(Debug)]
pub(super) struct TrackLine {
    kind: Kind,
    word: Word,
    amount: Option<i16>,
    reverse: Option<bool>,
}

/// One line with the check it names.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) kind: Kind,
    pub(super) track: Track,
    pub(super) check: Check,
    pub(super) span: Span,
}

/// Why weights say nothing to a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoWeights {
    /// Its priority is 255.
    Owner,
    /// It is in a group without `sync_group_tracking_weight`.
    Grouped,
}

impl Context<'_> {
    /// The lines of a list.
    pub(super) fn track_lines(&mut self, kind: Kind, item: &Item, into: &mut Vec<TrackLine>) {
        for line in item.items() {
            let Some(track) = self.track_line(kind, line) else { continue };
            let same = |before: &&TrackLine| before.kind == kind && before.word.text == track.word.text;
            if let Some(before) = into.iter().find(same) {
                let message = format!("`{}` is tracked twice", track.word.text);
                let warning = Diagnostic::warning(Code::Duplicate, track.word.span, message);
                let warning = warning.label("this one does not count").also(before.word.span, "this one counts");
                self.push(warning.help("remove one of them"));
            } else {
                into.push(track);
            }
        }
    }

    /// `NAME [weight NUMBER [reverse | noreverse]]`
    fn track_line(&mut self, kind: Kind, line: &Item) -> Option<TrackLine> {
        let word = line.words.first()?.clone();
        if line.block.is_some() {
            let error = Diagnostic::error(Code::Syntax, word.span, format!("`{}` takes no block", word.text));
            self.push(error.help("write `NAME weight NUMBER` on one line, or the name alone"));
            return None;
        }
        if kind == Kind::Link {
            self.interface_name(&word)?;
        }
        let (amount, reverse) = self.line_weight(kind, line.values())?;
        Some(TrackLine { kind, word, amount, reverse })
    }

    fn line_weight(&mut self, kind: Kind, words: &[Word]) -> Option<(Option<i16>, Option<bool>)> {
        let (weight, amount, reverse) = match words {
            [] => return Some((None, None)),
            [weight] => (weight, None, None),
            [weight, amount] => (weight, Some(amount), None),
            [weight, amount, reverse, ..] => (weight, Some(amount), Some(reverse)),
        };
        let unknown = match reverse {
            _ if weight.text != "weight" => Some(weight),
            Some(word) if !matches!(word.text.as_str(), "reverse" | "noreverse") => Some(word),
            _ => words.get(3),
        };
        if let Some(word) = unknown {
            let message = format!("`{}` says nothing here", word.text);
            let error = Diagnostic::error(Code::UnknownKeyword, word.span, message);
            self.push(error.help("write `NAME weight NUMBER [reverse]`, one name per line"));
            return None;
        }
        let Some(amount) = amount else {
            let error = Diagnostic::error(Code::Missing, weight.span, "`weight` without its value");
            self.push(error.help("write `weight NUMBER`, or the name alone"));
            return None;
        };
        let most = kind.most_weight();
        let amount = self.number_word(amount, "weight", -most..=most)?;
        Some((Some(amount), reverse.map(|word| word.text == "reverse")))
    }
}

/// The checks that lines name; false beside them if one of them is wrong, so that nobody runs without it.
pub(super) fn resolve(
    lines: &[TrackLine],
    own: Option<&Given<String>>,
    checks: &mut Checks,
    context: &mut Context<'_>,
) -> (Vec<Tracked>, bool) {
    let mut tracked = Vec::new();
    let mut sound = true;
    for line in lines {
        if let Some(own) = own.filter(|own| line.kind == Kind::Link && own.value == line.word.text) {
            let message = format!("`{}` is the router's own interface", own.value);
            let warning = Diagnostic::warning(Code::NoEffect, line.word.span, message).also(own.span, "here");
            context.push(warning.label("ignored").help("remove it: it is tracked anyway, unless `dont_track_primary`"));
            continue;
        }
        let check = if line.kind == Kind::Link {
            Check::link(&line.word.text)
        } else {
            match checks.find(line.kind, &line.word, context) {
                Found::Sound(check) => *check,
                Found::Wrong | Found::Nothing => {
                    sound = false;
                    continue;
                }
            }
        };
        let amount = line.amount.unwrap_or(check.weight.amount);
        let weight = Weight { amount, reverse: line.reverse.unwrap_or(check.weight.reverse) };
        let track = Track { check: check.name.clone(), weight };
        tracked.push(Tracked { kind: line.kind, track, check, span: line.word.span });
    }
    tracked.sort_by_key(|tracked| tracked.kind);
    (tracked, sound)
}

/// Drops weights as keepalived does, where they say nothing: a link of a group's member is then unweighted, and so is
/// a file that has no weight of its own; everything else is not tracked at all.
pub(super) fn without_weights(tracked: &mut Vec<Tracked>, why: NoWeights, context: &mut Context<'_>) {
    tracked.retain_mut(|tracked| {
        let weight = tracked.track.weight;
        if !weight.is_weighted() {
            return true;
        }
        let kept = match tracked.kind {
            Kind::Link => why == NoWeights::Grouped,
            Kind::File => weight.amount == 1,
            Kind::Script | Kind::Process | Kind::Native => false,
        };
        let (because, help) = match why {
            NoWeights::Owner => ("with priority 255", "write a priority below 255, or remove the weight"),
            NoWeights::Grouped => (
                "in a group without `sync_group_tracking_weight`",
                "write `sync_group_tracking_weight` in the group, or remove the weight: a failure then stops the group",
            ),
        };
        let message = format!("the weight of `{}` has no effect {because}", tracked.track.check);
        let label = if kept { "counts as if without a weight" } else { "not tracked at all, as in keepalived" };
        context.push(Diagnostic::warning(Code::NoEffect, tracked.span, message).label(label).help(help));
        tracked.track.weight = Weight::NONE;
        kept
    });
}
