//! Counts the instructions of the codec and of the core under valgrind, and holds them against `instructions.toml`.
//!
//! ```text
//! instructions               count, compare, fail where they differ
//! instructions update        count, and write the file anew
//! instructions run CASE N    make one call N times: what valgrind watches
//! ```
//!
//! Each case runs twice with different numbers of calls; the difference is what a call takes, without any set-up.

mod cases;
mod figures;

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use cases::{CASES, STRAIGHTFORWARD};
use figures::{Figures, UPDATE};

const FEW: u32 = 2_000;
const MANY: u32 = 52_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => check(),
        ["update"] => update(),
        ["run", case, times] => run(case, times),
        _ => Err(io::Error::other("instructions [update | run CASE TIMES]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.toml")
}

fn check() -> io::Result<()> {
    let committed = Figures::parse(&std::fs::read_to_string(path())?);
    let measured = measure()?;
    let wrong = committed.judge(&measured);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!("{}\nIf it is meant, write the figures anew:\n    {UPDATE}", wrong.join("\n"))))
}

fn update() -> io::Result<()> {
    std::fs::write(path(), measure()?.print())
}

fn run(case: &str, times: &str) -> io::Result<()> {
    let work = CASES.iter().find(|(name, _)| *name == case).map(|(_, work)| work);
    let work = work.ok_or_else(|| io::Error::other(format!("no case {case}")))?;
    work(times.parse().map_err(io::Error::other)?);
    Ok(())
}

fn measure() -> io::Result<Figures> {
    let mut figures = Figures { rustc: rustc()?, ..Figures::default() };
    for (case, _) in CASES.iter().filter(|(case, _)| *case != STRAIGHTFORWARD) {
        let each = f64::from(u32::try_from(counted(case, MANY)? - counted(case, FEW)?).map_err(io::Error::other)?);
        let instructions = each / f64::from(MANY - FEW);
        eprintln!("{case}: {instructions:.1}");
        figures.cases.insert((*case).to_owned(), instructions);
    }
    Ok(figures)
}

fn rustc() -> io::Result<String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output()?;
    let line = String::from_utf8_lossy(&output.stdout);
    Ok(line.trim().trim_start_matches("rustc ").to_owned())
}

/// The instructions of a run of this program that makes so many calls.
fn counted(case: &str, times: u32) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["run", case, &times.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    let count = collected.filter(|_| output.status.success()).and_then(|count| count.parse().ok());
    count.ok_or_else(|| io::Error::other(format!("valgrind counted nothing:\n{said}")))
}
