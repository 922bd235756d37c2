//! What checks cost: TCP checks of a local listener and as many watched files, and the share of a core that the runner takes.
//!
//! ```text
//! cargo run --release -p vrrp-health --example load -- [CHECKS OF EACH KIND] [SECONDS] [INTERVAL IN MS]
//! ```
//!
//! A tenth of the files change each second.
#![expect(clippy::print_stdout, reason = "it is a program that prints")]

use core::error::Error;
use core::net::Ipv4Addr;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::env;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use nix::time::{ClockId, clock_gettime};
use vrrp_health::{Assume, Check, Endpoint, File, Host, Origin, Outcome, Probe, Report, Runner, Schedule, Tcp};

const SECOND: Duration = Duration::from_secs(1);

/// What the runner's thread has told.
#[derive(Debug, Default)]
struct Told {
    well: AtomicU64,
    failed: AtomicU64,
    /// The time that the thread has had of a core, in nanoseconds.
    cpu: AtomicU64,
}

/// What was told until a moment.
struct Mark {
    well: u64,
    failed: u64,
    cpu: Duration,
    at: Instant,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).map(|argument| argument.parse::<u32>());
    let count = arguments.next().transpose()?.unwrap_or(500);
    let seconds = arguments.next().transpose()?.unwrap_or(20);
    let interval = Duration::from_millis(arguments.next().transpose()?.unwrap_or(1000).into());

    let port = listen()?;
    let directory = tempfile::tempdir()?;
    let files: Vec<PathBuf> = (0..count).map(|number| directory.path().join(format!("file-{number}"))).collect();
    let told = Arc::new(Told::default());
    let sink = Arc::clone(&told);
    let runner = Runner::start(checks(&files, port, interval)?, 1, move |report| sink.count(&report))?;

    // The first second starts them all.
    thread::sleep(2 * SECOND);
    let before = told.mark();
    for second in 0..seconds {
        for file in files.iter().skip(usize::try_from(second % 10)?).step_by(10) {
            fs::write(file, format!("{second}\n"))?;
        }
        thread::sleep((before.at + SECOND * (second + 1)).saturating_duration_since(Instant::now()));
    }
    let after = told.mark();
    runner.stop();

    let took = (after.at - before.at).as_secs_f64();
    let share = (after.cpu - before.cpu).as_secs_f64() / took;
    let each = |after: u64, before: u64| Duration::from_secs(after - before).as_secs_f64() / took;
    println!("{count} TCP checks every {interval:?} and {count} files: {:.2} % of a core", share * 100.0);
    println!("{:.0} outcomes a second, {} failures", each(after.well, before.well), after.failed);
    Ok(())
}

fn checks(files: &[PathBuf], port: u16, interval: Duration) -> io::Result<Vec<Check>> {
    let schedule = Schedule { interval, timeout: interval, rise: 1, fall: 1, assume: Assume::Unknown };
    let mut checks = Vec::new();
    for (number, path) in files.iter().enumerate() {
        fs::write(path, "1\n")?;
        checks.push(Check { name: format!("tcp-{number}").into(), probe: Probe::Tcp(tcp(port)), schedule });
        checks.push(Check { name: format!("file-{number}").into(), probe: Probe::File(watched(path)), schedule });
    }
    Ok(checks)
}

fn tcp(port: u16) -> Tcp {
    Tcp { endpoint: Endpoint { host: Host::Address(Ipv4Addr::LOCALHOST.into()), port }, origin: Origin::default() }
}

fn watched(path: &Path) -> File {
    File::new(path)
}

/// Accepts and closes, until the program ends.
fn listen() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || listener.incoming().for_each(drop));
    Ok(port)
}

impl Told {
    /// Counts a report, on the runner's thread.
    fn count(&self, report: &Report) {
        let well = matches!(report.outcome, Outcome::Ok | Outcome::Value(_));
        if well { &self.well } else { &self.failed }.fetch_add(1, Ordering::Relaxed);
        let cpu = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default();
        self.cpu.store(u64::try_from(cpu.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn mark(&self) -> Mark {
        Mark {
            well: self.well.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            cpu: Duration::from_nanos(self.cpu.load(Ordering::Relaxed)),
            at: Instant::now(),
        }
    }
}
