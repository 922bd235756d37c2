//! `vrrpd simulate`: what a rehearsal found, on standard output.

mod error;

use std::io::Write;
use std::process::ExitCode;

use vrrp_rehearsal::{Node, Rehearsal};

use crate::args::Simulate;
use error::SimulateError;

/// What is found suspicious.
const SUSPICIOUS: u8 = 1;
/// What cannot be simulated.
const IMPOSSIBLE: u8 = 2;

/// Simulates; succeeds if nothing is suspicious.
pub(crate) fn simulate(args: &Simulate) -> ExitCode {
    match run(args) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(SUSPICIOUS),
        Err(error) => {
            // Nobody is told of what standard error does not take.
            drop(writeln!(std::io::stderr(), "vrrpd simulate: {error}"));
            ExitCode::from(IMPOSSIBLE)
        }
    }
}

fn run(args: &Simulate) -> Result<bool, SimulateError> {
    let nodes = nodes(args)?;
    let rehearsal = Rehearsal {
        software: args.software.make(),
        seed: args.seed,
        pairs: args.pairs,
        only: args.only.clone(),
        joins: args.segment.clone(),
    };
    let report = rehearsal.run(&nodes)?;
    let text = if args.json { serde_json::to_string_pretty(&report)? + "\n" } else { report.to_string() };
    // A reader that has gone away (a closed pipe) is told by the exit status all the same.
    drop(std::io::stdout().write_all(text.as_bytes()));
    Ok(report.is_suspicious())
}

/// The nodes, each called as its file or as the arguments say.
fn nodes(args: &Simulate) -> Result<Vec<Node>, SimulateError> {
    if !args.name.is_empty() && args.name.len() != args.files.len() {
        return Err(SimulateError::Names { names: args.name.len(), files: args.files.len() });
    }
    let options = args.reading.options();
    let mut nodes: Vec<Node> = args.files.iter().map(|file| Node::load(file, &options)).collect();
    for (node, name) in nodes.iter_mut().zip(&args.name) {
        node.name.clone_from(name);
    }
    Ok(nodes)
}
