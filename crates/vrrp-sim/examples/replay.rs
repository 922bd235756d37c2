//! Replays scripts and prints what happened: `replay FILE...`.
//!
//! ```sh
//! cargo run -p vrrp-sim --example replay -- crates/vrrp-sim/seeds/KA166-freeze-heal.sim
//! ```
use std::io::Write;
use std::process::ExitCode;

use vrrp_sim::{Honest, Script};

fn main() -> Result<ExitCode, Box<dyn core::error::Error>> {
    let mut out = std::io::stdout().lock();
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        let script: Script = std::fs::read_to_string(&path)?.parse()?;
        if let Err(failure) = script.replay() {
            writeln!(out, "{path}: {failure}")?;
            code = ExitCode::FAILURE;
            continue;
        }
        let mut world = script.world(Box::new(Honest));
        let end = world.run(script.end);
        writeln!(out, "{script}\n{}", world.timeline())?;
        if let Err(violation) = end {
            writeln!(out, "{violation}, as it says")?;
        }
    }
    Ok(code)
}
