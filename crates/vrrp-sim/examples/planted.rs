//! Plants the bugs of `planted/*.patch` in the core, one at a time, and says which episode finds each:
//! `planted [--seeds A..B] [NAME...]`.
//!
//! The sources are copied to a scratch directory, which the next run uses again; the repository is not touched. A bug that
//! no episode finds fails the run.
//!
//! ```sh
//! cargo run -p vrrp-sim --example planted > timelines.txt
//! ```
use core::error::Error;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// A bug, and what was found of it.
struct Planted {
    name: String,
    /// What it breaks, in a sentence.
    sentence: String,
    /// The shrunk failure as the episodes printed it, and their summary.
    found: Option<(String, String)>,
}

/// How the core and the simulator are built.
const QUICK: [&str; 4] = [
    "profile.dev.package.vrrp-core.opt-level=1",
    "profile.dev.package.vrrp-core.debug=false",
    "profile.dev.package.vrrp-sim.opt-level=1",
    "profile.dev.package.vrrp-sim.debug=false",
];

/// Runs a program in `directory`; gives what it said on standard error and whether it succeeded.
fn run(directory: &Path, program: &str, arguments: &[&str]) -> Result<(bool, String), Box<dyn Error>> {
    let output = Command::new(program).args(arguments).current_dir(directory).output()?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn must(directory: &Path, program: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    match run(directory, program, arguments)? {
        (true, _) => Ok(()),
        (false, said) => Err(format!("{program} {}: {said}", arguments.join(" ")).into()),
    }
}

/// Makes `scratch` the sources of `repository`; a file that is the same is not written again.
fn copy(repository: &Path, scratch: &Path) -> Result<(), Box<dyn Error>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(repository).output()?;
    let listed = String::from_utf8(listed.stdout)?;
    let sources = ["crates/", "bins/", "benches/", "fuzz/Cargo", "fuzz/src", "fuzz/fuzz_targets", "Cargo"];
    let listed: BTreeSet<&Path> = listed
        .split_terminator('\0')
        .filter(|path| sources.iter().any(|part| path.starts_with(part)))
        .map(Path::new)
        .collect();
    prune(scratch, &scratch.join("crates"), &listed)?;
    for path in &listed {
        let (from, to) = (repository.join(path), scratch.join(path));
        let Ok(content) = fs::read(from) else { continue };
        if fs::read(&to).ok().as_ref() != Some(&content) {
            fs::create_dir_all(to.parent().unwrap_or(scratch))?;
            fs::write(to, content)?;
        }
    }
    Ok(())
}

/// Takes out of `scratch` what an earlier run copied to `directory` and is no source any more.
fn prune(scratch: &Path, directory: &Path, listed: &BTreeSet<&Path>) -> Result<(), Box<dyn Error>> {
    let Ok(entries) = fs::read_dir(directory) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            prune(scratch, &path, listed)?;
        } else if !listed.contains(path.strip_prefix(scratch)?) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Plants one bug, runs episodes until one fails, and takes the bug out again.
fn hunt(scratch: &Path, patch: &Path, seeds: &str) -> Result<Planted, Box<dyn Error>> {
    let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let sentence = fs::read_to_string(patch)?.lines().next().unwrap_or_default().to_owned();
    let path = patch.to_string_lossy();
    let target = scratch.join("target");
    let target = target.to_string_lossy();
    must(scratch, "git", &["apply", &path])?;
    // Optimised less than elsewhere: here it is built anew for each bug, and runs for a second.
    let quick = QUICK.iter().flat_map(|setting| ["--config", setting]).collect::<Vec<_>>();
    let build = ["build", "--quiet", "--locked", "-p", "vrrp-sim", "--example", "episodes", "--target-dir", &target];
    let built = must(scratch, "cargo", &[&build[..], &quick].concat());
    let program = format!("{target}/debug/examples/episodes");
    let ran = built.and_then(|()| run(scratch, &program, &["--seeds", seeds, "--threads", "1", "--until", "first"]));
    must(scratch, "git", &["apply", "--reverse", &path])?;
    let (passed, said) = ran?;
    let (failure, summary) = said.trim_end().rsplit_once('\n').unwrap_or(("", &said));
    let found = (!passed).then(|| (failure.to_owned(), summary.to_owned()));
    Ok(Planted { name, sentence, found })
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut seeds = "0..500".to_owned();
    if arguments.first().is_some_and(|first| first == "--seeds") {
        seeds = arguments.get(1).cloned().ok_or("--seeds A..B")?;
        arguments.drain(..2);
    }
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = home.join("../..").canonicalize()?;
    let scratch = std::env::temp_dir().join("vrrp-planted");
    let entries = fs::read_dir(home.join("planted"))?.collect::<Result<Vec<_>, _>>()?;
    let mut patches: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    patches.retain(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        path.extension().is_some_and(|end| end == "patch")
            && (arguments.is_empty() || arguments.iter().any(|asked| *asked == name))
    });
    patches.sort();
    let (mut out, mut log) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut missed = 0;
    copy(&repository, &scratch)?;
    for patch in patches {
        let Planted { name, sentence, found } = hunt(&scratch, &patch, &seeds)?;
        missed += usize::from(found.is_none());
        let (failure, summary) = found.unwrap_or_else(|| ("not found".to_owned(), format!("seeds {seeds}")));
        let first = failure.lines().next().unwrap_or_default();
        writeln!(log, "{name}: {first} ({summary})")?;
        writeln!(out, "# {name}\n{sentence}\n\n{failure}\n{summary}\n")?;
    }
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
