//! Checks configuration files and draws what is wrong with them: `cargo run --example check FILE...`
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::path::Path;
use std::process::ExitCode;

use vrrp_config::{Options, load, render};

fn main() -> ExitCode {
    let mut sound = true;
    for file in std::env::args().skip(1) {
        let loaded = load(Path::new(&file), &Options::default());
        print!("{}", render(&loaded, false));
        println!(
            "{file}: {} routers, {} quarantined, {} errors, {} warnings",
            loaded.model.routers.len(),
            loaded.quarantined.len(),
            loaded.errors().count(),
            loaded.warnings().count(),
        );
        sound &= loaded.is_sound();
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
