use core::fmt::{self, Write};

use vrrp_config::model::{Check, CheckProbe, FileProbe, ProcessProbe};
use vrrp_control::Verdict;

use super::command;
use super::data::section;
use super::tracking::{is_script, weight};
use super::view::View;

/// What routers and groups track: scripts and the checks that stand in for them, files, processes.
pub(super) fn write(out: &mut String, view: &View<'_>) -> fmt::Result {
    let mut headings = [Some("VRRP Scripts"), Some("VRRP Track files"), Some("VRRP Track processes")];
    let [scripts, files, processes] = &mut headings;
    let tracked = || view.model.checks.iter().filter(|check| view.trackers(&check.name).next().is_some());
    for check in tracked().filter(|check| is_script(&check.probe)) {
        section(out, scripts)?;
        script(out, view, check)?;
    }
    for check in tracked() {
        if let CheckProbe::File(probe) = &check.probe {
            section(out, files)?;
            file(out, view, check, probe)?;
        }
    }
    for check in tracked() {
        if let CheckProbe::Process(probe) = &check.probe {
            section(out, processes)?;
            process(out, view, check, probe)?;
        }
    }
    Ok(())
}

fn script(out: &mut String, view: &View<'_>, check: &Check) -> fmt::Result {
    let verdict = view.verdict(&check.name);
    let good = is_good(verdict);
    writeln!(out, " VRRP Script = {}", check.name)?;
    if let CheckProbe::Script(script) = &check.probe {
        writeln!(out, "   Command = {}", command::quoted(script))?;
    }
    writeln!(out, "   Interval = {} sec", check.interval.as_secs())?;
    writeln!(out, "   Timeout = {} sec", check.timeout.as_secs())?;
    writeln!(out, "   Weight = {}", weight(check.weight))?;
    writeln!(out, "   Rise = {}", check.rise)?;
    writeln!(out, "   Fall = {}", check.fall)?;
    // As it is when the last few runs all said the same.
    let result = if good { check.rise.saturating_add(check.fall).saturating_sub(1) } else { 0 };
    writeln!(out, "   Result = {result}")?;
    writeln!(out, "   Insecure = no")?;
    let init = match (verdict, check.init_fail) {
        (Verdict::Unknown, false) => "INIT",
        (Verdict::Unknown, true) => "INIT/FAILED",
        (Verdict::Up | Verdict::Down | Verdict::Value(_) | Verdict::Silent, _) => "unknown",
    };
    writeln!(out, "   Init state = {init}")?;
    writeln!(out, "   Status = {}", if good { "GOOD" } else { "BAD" })?;
    if let CheckProbe::Script(script) = &check.probe {
        writeln!(out, "   Script uid:gid = {}", command::ids(script, &view.model.global.scripts))?;
    }
    writeln!(out, "   VRRP instances :")?;
    trackers(out, view, check)?;
    // Between two runs, as nearly always.
    writeln!(out, "   State = idle")
}

fn file(out: &mut String, view: &View<'_>, check: &Check, probe: &FileProbe) -> fmt::Result {
    writeln!(out, " Track file = {}", check.name)?;
    writeln!(out, "   File = {}", probe.path)?;
    let number = if let Verdict::Value(number) = view.verdict(&check.name) { number } else { 0 };
    writeln!(out, "   Status = {number}")?;
    writeln!(out, "   Weight = {}", weight(check.weight))?;
    trackers(out, view, check)
}

fn process(out: &mut String, view: &View<'_>, check: &Check, probe: &ProcessProbe) -> fmt::Result {
    writeln!(out, " VRRP Track process = {}", check.name)?;
    let (name, parameters) = probe.process.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    writeln!(out, "   Process = {name}")?;
    if !parameters.is_empty() {
        writeln!(out, "   Parameters = {}", parameters.join(" "))?;
    }
    writeln!(out, "   Min processes = {}", probe.quorum)?;
    if let Some(most) = probe.quorum_max {
        writeln!(out, "   Max processes = {most}")?;
    }
    writeln!(out, "   Have quorum = {}", is_good(view.verdict(&check.name)))?;
    writeln!(out, "   Weight = {}", weight(check.weight))?;
    writeln!(out, "   Terminate delay = {:.6}s", probe.terminate_delay.as_secs_f64())?;
    writeln!(out, "   Fork delay = {:.6}s", probe.fork_delay.as_secs_f64())?;
    writeln!(out, "   Full command = {}", probe.full_command)?;
    trackers(out, view, check)
}

fn trackers(out: &mut String, view: &View<'_>, check: &Check) -> fmt::Result {
    writeln!(out, "   Tracking instances :")?;
    view.trackers(&check.name)
        .try_for_each(|tracker| writeln!(out, "     {}, weight {}", tracker.name, weight(tracker.track.weight)))
}

const fn is_good(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Up | Verdict::Value(_))
}
