//! The settings of a configuration that are about checks, as words.

use core::fmt;

use vrrp_core::{CheckId, Config, OnClaim, OnDegraded, Requirement, Track, Weight};

use super::ScriptErrorKind as Kind;
use super::words::Words;
use crate::checks::CHECKS;

/// `track 0`, `track 1 weight -50`, `track 2 reverse`, `track 3 reverse weight 20`.
pub(super) fn track(words: &mut Words<'_>) -> Result<Track, Kind> {
    let check = check(words)?;
    let reverse = words.eat("reverse");
    let amount = if words.eat("weight") { words.number()? } else { 0 };
    Ok(Track { check, weight: Weight { amount, reverse } })
}

/// `requires 0`, `requires 0 once`.
pub(super) fn requirement(words: &mut Words<'_>) -> Result<Requirement, Kind> {
    let check = check(words)?;
    let otherwise = if words.eat("once") { OnClaim::HoldBackOnce } else { OnClaim::HoldBack };
    Ok(Requirement { check, otherwise })
}

/// `failback manual` takes the addresses from a sick router and never from a healthy one.
pub(super) fn fail_back(words: &mut Words<'_>, config: &mut Config) -> Result<(), Kind> {
    words.expect("manual")?;
    config.preempt = vrrp_core::Preempt::Never;
    config.habits.preempt_degraded = true;
    Ok(())
}

fn check(words: &mut Words<'_>) -> Result<CheckId, Kind> {
    words.read("a check", |word| {
        let number: u32 = word.parse().ok()?;
        (usize::try_from(number).ok()? < CHECKS).then_some(CheckId(number))
    })
}

/// Writes what [`track`], [`requirement`] and [`fail_back`] read, and the other settings that are about checks.
pub(super) fn write(f: &mut fmt::Formatter<'_>, config: &Config) -> fmt::Result {
    for Track { check: CheckId(check), weight: Weight { amount, reverse } } in &config.tracks {
        write!(f, " track {check}{}", if *reverse { " reverse" } else { "" })?;
        if *amount != 0 {
            write!(f, " weight {amount}")?;
        }
    }
    for Requirement { check: CheckId(check), otherwise } in &config.claim_requires {
        write!(f, " requires {check}{}", if *otherwise == OnClaim::HoldBackOnce { " once" } else { "" })?;
    }
    f.write_str(if config.on_degraded == OnDegraded::Resign { " resign" } else { "" })?;
    f.write_str(if config.habits.preempt_degraded { " failback manual" } else { "" })
}
