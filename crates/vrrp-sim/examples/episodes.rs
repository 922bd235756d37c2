//! Runs random episodes by the million: `episodes [--seeds A..B] [--mode safety|liveness|both] [--threads N]
//! [--until all|first]`.
//!
//! What fails is shrunk and printed as a script that replays exactly; `--until first` ends with the first failure.
//!
//! ```sh
//! cargo run --release -p vrrp-sim --example episodes -- --seeds 0..100000
//! ```
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use vrrp_sim::{Episode, Honest, Mode, shrink};

/// What the command line asks for.
#[derive(Debug)]
struct Asked {
    seeds: Range<u64>,
    modes: Vec<Mode>,
    threads: usize,
    /// Whether to end with the first failure.
    first: bool,
}

/// What the threads share.
#[derive(Debug)]
struct Progress {
    /// The next seed.
    next: AtomicU64,
    failed: Mutex<Vec<String>>,
    episodes: AtomicU64,
    ended: AtomicBool,
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Option<Asked> {
    let threads = std::thread::available_parallelism().map_or(1, core::num::NonZero::get);
    let mut asked = Asked { seeds: 0..1_000, modes: vec![Mode::Safety, Mode::Liveness], threads, first: false };
    while let Some(option) = arguments.next() {
        let value = arguments.next()?;
        match option.as_str() {
            "--seeds" => {
                let (first, end) = value.split_once("..")?;
                asked.seeds = first.parse().ok()?..end.parse().ok()?;
            }
            "--mode" => {
                asked.modes = match value.as_str() {
                    "safety" => vec![Mode::Safety],
                    "liveness" => vec![Mode::Liveness],
                    "both" => asked.modes,
                    _ => return None,
                }
            }
            "--threads" => asked.threads = value.parse().ok()?,
            "--until" => {
                asked.first = match value.as_str() {
                    "first" => true,
                    "all" => false,
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    Some(asked)
}

/// Takes seeds until there are none left, and gives the nanoseconds that passed in their worlds.
fn work(asked: &Asked, progress: &Progress) -> u128 {
    let mut virtual_time = 0;
    loop {
        let seed = progress.next.fetch_add(1, Ordering::Relaxed);
        if !asked.seeds.contains(&seed) {
            return virtual_time;
        }
        for &mode in &asked.modes {
            if progress.ended.load(Ordering::Relaxed) {
                return virtual_time;
            }
            progress.episodes.fetch_add(1, Ordering::Relaxed);
            let script = Episode { seed, mode }.script();
            virtual_time += u128::from(script.end.as_nanos());
            if let Err(failure) = script.replay() {
                progress.ended.fetch_or(asked.first, Ordering::Relaxed);
                let shrunk = shrink(failure, &|| Box::new(Honest));
                if let Ok(mut failed) = progress.failed.lock() {
                    failed.push(format!("{mode:?} episode {seed}: {shrunk}"));
                }
            }
        }
    }
}

fn main() -> ExitCode {
    let mut out = std::io::stderr().lock();
    let Some(asked) = asked(std::env::args().skip(1)) else {
        let _ = writeln!(
            out,
            "usage: episodes [--seeds A..B] [--mode safety|liveness|both] [--threads N] [--until all|first]"
        );
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let progress = Progress {
        next: AtomicU64::new(asked.seeds.start),
        failed: Mutex::new(Vec::new()),
        episodes: AtomicU64::new(0),
        ended: AtomicBool::new(false),
    };
    let virtual_time: u128 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..asked.threads).map(|_| scope.spawn(|| work(&asked, &progress))).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, u128>| {
            worker.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
        };
        workers.into_iter().map(join).sum()
    });
    let failed = progress.failed.into_inner().unwrap_or_default();
    for failure in &failed {
        let _ = writeln!(out, "{failure}");
    }
    let episodes = progress.episodes.into_inner();
    let hours = virtual_time / 3_600_000_000_000;
    let seconds = began.elapsed().as_secs_f64();
    let _ = writeln!(out, "{episodes} episodes, {hours} virtual hours, in {seconds:.1} s; {} failed", failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
