//! How long a client waits at most while `vrrpctl drain` hands an address over, run after run: the client asks every
//! millisecond, the interval is one second, and the programs are the real ones.
//!
//! ```sh
//! cargo build --release -p vrrpd -p vrrpctl
//! cargo run --release -p vrrpd --example drains -- --peer keepalived-nopreempt --runs 40
//! ```
//!
//! Beside each drain stands the same stretch of time without one: gaps that a busy machine makes are in both. Under
//! `chrt -f 10` (as root) the figures are those of a machine that does nothing else.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

mod figures;
mod stage;

use core::error::Error;
use std::process::ExitCode;

use clap::Parser;
use vrrp_lab::Entered;

use figures::{Figures, Row, summary};
use stage::{Peer, Stage};

/// How long a client waits at most while a virtual router is drained.
#[derive(Debug, Parser)]
struct Args {
    /// Who takes over.
    #[arg(long, value_enum, default_value = "vrrpd")]
    peer: Peer,
    /// How many drains.
    #[arg(long, default_value_t = 40)]
    runs: usize,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    match vrrp_lab::enter()? {
        Entered::Finished(code) => return Ok(code),
        Entered::Inside => {}
    }
    let stage = Stage::set(args.peer)?;
    println!("{:>3}  {}  {}  {}", "run", Row("drain").head(), Row("back").head(), Row("quiet").head());
    let mut all = Vec::new();
    for run in 1..=args.runs {
        let (figures, outages) = measure(&stage)?;
        let [drain, back, quiet] = &figures;
        println!("{run:>3}  {drain}  {back}  {quiet}");
        for outage in outages {
            println!("     {outage}");
        }
        all.push(figures);
    }
    print!("{}", summary(&all));
    Ok(ExitCode::SUCCESS)
}

/// One drain, the way back, and as long without either.
fn measure(stage: &Stage) -> Result<([Figures; 3], Vec<String>), Box<dyn Error>> {
    let probe = stage.probe()?;
    let drain = stage.drain(&probe)?;
    let back = stage.back(&probe)?;
    let quiet = stage.quiet(&probe, drain.length())?;
    let report = probe.stop();
    let outages = report.outages.iter().map(|outage| figures::tell(outage, &report, [drain, back, quiet])).collect();
    Ok(([drain, back, quiet].map(|window| Figures::of(&report.samples, window)), outages))
}
