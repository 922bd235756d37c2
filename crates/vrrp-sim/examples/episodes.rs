//! Runs as many random episodes as asked for, from a given seed on: `episodes [COUNT [FIRST]]`. With a count of 1 it
//! repeats one that failed.
//!
//! ```sh
//! cargo run --release -p vrrp-sim --example episodes -- 100000
//! ```
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use vrrp_sim::{Episode, Mode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let count = arguments.next().unwrap_or(1_000);
    let first = arguments.next().unwrap_or(0);
    let began = Instant::now();
    let mut failed = 0;
    for seed in first..first.saturating_add(count) {
        for mode in [Mode::Safety, Mode::Liveness] {
            if let Err(failure) = (Episode { seed, mode }).run() {
                failed += 1;
                let _ = writeln!(std::io::stderr(), "{failure}");
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let _ = writeln!(std::io::stderr(), "{} episodes in {seconds:.1} s, {failed} failed", count * 2);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
