//! `vrrpd simulate`: what a rehearsal found, on standard output.

mod error;
mod picture;

use core::fmt::Display;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use vrrp_config::Options;
use vrrp_rehearsal::{Log, Node, Rehearsal, Replay};

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
    if !args.replay.is_empty() {
        return replay(args, &nodes, &rehearsal);
    }
    let report = rehearsal.run(&nodes)?;
    picture::draw(args.svg.as_deref(), &report)?;
    print(args.json, &report)?;
    Ok(report.is_suspicious())
}

/// Holds logs against the simulation.
fn replay(args: &Simulate, nodes: &[Node], rehearsal: &Rehearsal) -> Result<bool, SimulateError> {
    let log = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(SimulateError::file(path))?;
        Log::parse(&text).map_err(|source| SimulateError::Log { path: path.clone(), source })
    };
    let logs: Vec<Log> = args.replay.iter().map(log).collect::<Result<_, _>>()?;
    let replay = Replay::run(nodes, &logs, rehearsal)?;
    if let Some(path) = &args.svg {
        picture::write(path, &replay.svg())?;
    }
    print(args.json, &replay)?;
    Ok(!replay.is_faithful())
}

/// Prints for programs or for people.
fn print<T: Serialize + Display>(json: bool, value: &T) -> Result<(), SimulateError> {
    let text = if json { serde_json::to_string_pretty(value)? + "\n" } else { value.to_string() };
    // A reader that has gone away (a closed pipe) is told by the exit status all the same.
    drop(std::io::stdout().write_all(text.as_bytes()));
    Ok(())
}

/// The nodes, each called as its file or as the arguments say.
fn nodes(args: &Simulate) -> Result<Vec<Node>, SimulateError> {
    if !args.name.is_empty() && args.name.len() != args.files.len() {
        return Err(SimulateError::Names { names: args.name.len(), files: args.files.len() });
    }
    let node = |(place, file): (usize, &PathBuf)| {
        let stem = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        let name = args.name.get(place).cloned().unwrap_or(stem);
        // One file may be that of all nodes, with lines for each: a node's id is its name.
        let id = args.reading.config_id.clone().unwrap_or_else(|| name.clone());
        let options = Options { config_id: Some(id), ..args.reading.options() };
        Node { name, loaded: vrrp_config::load(file, &options) }
    };
    Ok(args.files.iter().enumerate().map(node).collect())
}
