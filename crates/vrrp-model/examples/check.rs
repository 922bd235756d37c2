//! Checks one LAN exhaustively and says how many states there were: `check PRIORITIES [--group] [--slowest MS]
//! [--losses N] [--doubles N] [--crashes N] [--cuts N] [--stops N] [--drains N] [--minutes N]`.
//!
//! With `--minutes` it stops after so long, and says so where states are left.
//!
//! ```sh
//! cargo run --release -p vrrp-model --example check -- 200,100 --losses 2 --crashes 1
//! ```
use core::time::Duration;
use std::io::Write;
use std::process::ExitCode;

use stateright::{Checker, Expectation, Model, Path};
use vrrp_model::{Faults, Lan};

/// What is to be checked, and for how long at most.
fn asked(mut arguments: impl Iterator<Item = String>) -> Option<(Lan, Option<Duration>)> {
    let priorities: Vec<u8> = arguments.next()?.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let mut faults = Faults::NONE;
    let (mut slowest, mut grouped, mut minutes) = (5, false, None);
    while let Some(option) = arguments.next() {
        if option == "--group" {
            grouped = true;
            continue;
        }
        let value: u8 = arguments.next()?.parse().ok()?;
        match option.as_str() {
            "--slowest" => slowest = value,
            "--losses" => faults.losses = value,
            "--doubles" => faults.doubles = value,
            "--crashes" => faults.crashes = value,
            "--cuts" => faults.cuts = value,
            "--stops" => faults.stops = value,
            "--drains" => faults.drains = value,
            "--minutes" => minutes = Some(Duration::from_secs(60) * value.into()),
            _ => return None,
        }
    }
    let lan = if grouped { Lan::of_groups(&priorities, faults) } else { Lan::of(&priorities, faults) };
    Some((Lan { slowest: Duration::from_millis(slowest.into()), ..lan }, minutes))
}

fn main() -> Result<ExitCode, Box<dyn core::error::Error>> {
    let mut out = std::io::stdout().lock();
    let Some((lan, longest)) = asked(std::env::args().skip(1)) else {
        writeln!(
            out,
            "usage: check PRIORITIES [--group] [--slowest MS] [--losses N] [--doubles N] [--crashes N] [--cuts N] [--stops N] [--drains N] [--minutes N]"
        )?;
        return Ok(ExitCode::FAILURE);
    };
    let began = std::time::Instant::now();
    let mut checker = lan.clone().checker().spawn_bfs();
    match longest {
        None => checker = checker.join(),
        // With one thread a limit of the checker's own is looked at only when there is nothing left to do.
        Some(longest) => {
            while !checker.is_done() && began.elapsed() < longest {
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
    let mut code = ExitCode::SUCCESS;
    for property in lan.properties() {
        let found = checker.discovery(property.name);
        let said = match (&property.expectation, found.is_some()) {
            (Expectation::Sometimes, true) => "met  ",
            (Expectation::Sometimes, false) => "never",
            (Expectation::Always | Expectation::Eventually, false) => "holds",
            (Expectation::Always | Expectation::Eventually, true) => "FAILS",
        };
        writeln!(out, "{said} {}", property.name)?;
        for (state, action) in found.filter(|_| said == "FAILS").map(Path::into_vec).unwrap_or_default() {
            code = ExitCode::FAILURE;
            let action = action.map_or_else(String::new, |action| format!("{action:?}"));
            writeln!(out, "    {} {}: {action}", state.now, state.brief())?;
        }
    }
    let (unique, all, depth) = (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    let seconds = began.elapsed().as_secs_f64();
    let left = !checker.is_done();
    let end = if left { "; not finished" } else { "" };
    writeln!(out, "{unique} states ({all} with those met again), depth {depth}, in {seconds:.1} s{end}")?;
    Ok(code)
}
