//! The program around the library: runs a schedule, or judges a journal again.

use core::time::Duration;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use vrrp_chaos::{
    ChaosError, Finding, Journal, Make, Plan, Programs, Reloads, Report, Slot, around, create, judge, words,
};
use vrrp_lab::{Entered, Privilege};

/// How much of the journal is shown around a violation.
const AROUND: Duration = Duration::from_secs(6);

/// Chaos on real kernels: the faults of a seed against two VRRP daemons.
#[derive(Debug, Parser)]
struct Arguments {
    /// What the schedule is made of.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How long the schedule is, such as `2m`.
    #[arg(long, default_value = "2m", value_parser = humantime::parse_duration)]
    time: Duration,
    /// Whose daemons run on the two routers.
    #[arg(long, default_value = "ours,ours", value_delimiter = ',', num_args = 1..)]
    nodes: Vec<String>,
    /// The vrrpd to run.
    #[arg(long, default_value = "target/release/vrrpd")]
    vrrpd: PathBuf,
    /// The keepalived to run.
    #[arg(long, default_value = "/usr/sbin/keepalived")]
    keepalived: PathBuf,
    /// Where journal, report, logs and captures go; not below /tmp or /run.
    #[arg(long, default_value = "target/chaos")]
    out: PathBuf,
    /// Judge this journal again instead.
    #[arg(long)]
    judge: Option<PathBuf>,
    /// Reload one vrrpd so many times instead, and show what it has of the system.
    #[arg(long)]
    reloads: Option<usize>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            let _closed = writeln!(io::stderr(), "vrrp-chaos: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, ChaosError> {
    let makes = arguments.nodes.iter().map(|word| word.parse()).collect::<Result<Vec<Make>, _>>()?;
    let [one, other] = makes.as_slice() else {
        return Err(ChaosError::Make { word: arguments.nodes.join(",") });
    };
    let nodes = [*one, *other];
    if let Some(path) = &arguments.judge {
        let journal = Journal::read(path)?;
        let report = Report { seed: arguments.seed, nodes: words(nodes), verdict: judge(&journal, nodes) };
        for finding in &report.verdict.findings {
            let _closed = writeln!(io::stdout(), "{}\n{}", finding.what, around(&journal, finding.at, AROUND));
        }
        return Ok(end(&report));
    }
    create(&arguments.out)?;
    // keepalived runs its scripts as other groups, which a user namespace of one user has not.
    let privilege = if vrrp_lab::is_real_root() { Privilege::Real } else { Privilege::User };
    if let Entered::Finished(code) = vrrp_lab::enter_with(privilege)? {
        return Ok(code);
    }
    if let Some(count) = arguments.reloads {
        return reload(arguments, count);
    }
    let programs = Programs { vrrpd: arguments.vrrpd.clone(), keepalived: arguments.keepalived.clone() };
    let out = Some(arguments.out.clone());
    let plan = Plan { seed: arguments.seed, time: arguments.time, nodes, programs, out };
    Ok(end(&plan.run(tell)?))
}

fn reload(arguments: &Arguments, count: usize) -> Result<ExitCode, ChaosError> {
    let looks = Reloads { vrrpd: arguments.vrrpd.clone(), first: count / 20, count }.run()?;
    let mut out = io::stdout().lock();
    let _closed = writeln!(out, "| reloads | resident KiB | anonymous KiB | descriptors |\n|---|---|---|---|");
    for look in looks {
        let (resident, anonymous) = (look.resident_kib, look.anonymous_kib);
        let _closed = writeln!(out, "| {} | {resident} | {anonymous} | {} |", look.reloads, look.descriptors);
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows a slot that is over.
fn tell(number: usize, slot: &Slot, findings: &[Finding], journal: &Journal) {
    let faults: Vec<_> = slot.strikes.iter().map(|strike| format!("{} {:?}", strike.fault, strike.lasts)).collect();
    let mut out = io::stdout().lock();
    let _closed = writeln!(out, "slot {number}: {:?}: {}", slot.target, faults.join(", "));
    for finding in findings {
        let _closed = writeln!(out, "  VIOLATION {}\n{}", finding.what, around(journal, finding.at, AROUND));
    }
    let _closed = out.flush();
}

fn end(report: &Report) -> ExitCode {
    let _closed = writeln!(io::stdout(), "{report}");
    if report.verdict.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
