//! Words that must not be in the repository.

use std::path::{Path, PathBuf};

use house_rules::{files, read};

/// Texts that are the same in every checkout, and what stands behind them. Written in two halves, so that this file
/// does not hold them.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("/wo", "rk/", "a path of one machine"),
    ("/fa", "rm/", "a path of one machine"),
    ("/ro", "ot/", "a path of one machine"),
    ("<<<<", "<<< ", "an unresolved merge"),
    (">>>>", ">>> ", "an unresolved merge"),
    ("TO", "DO", "an intention belongs in the issue tracker"),
    ("FIX", "ME", "an intention belongs in the issue tracker"),
    ("XX", "X:", "an intention belongs in the issue tracker"),
];

/// Captured bytes and lists of others' packages are not ours to word.
fn is_prose_or_code(path: &Path) -> bool {
    let foreign = path.components().any(|part| part.as_os_str() == "corpus" || part.as_os_str() == "vectors");
    !foreign && !path.ends_with("Cargo.lock")
}

fn offences(path: &Path, text: &str) -> Vec<String> {
    let numbered = text.lines().enumerate();
    let found = numbered.flat_map(|(number, line)| {
        let on_line = FORBIDDEN.iter().filter(move |(head, tail, _)| line.contains(&format!("{head}{tail}")));
        on_line.map(move |(head, tail, why)| format!("{}:{}: {head}{tail} ({why})", path.display(), number + 1))
    });
    found.collect()
}

#[test]
fn no_file_holds_a_forbidden_word() {
    let paths: Vec<PathBuf> = files(&[]).unwrap().into_iter().filter(|path| is_prose_or_code(path)).collect();
    let offences: Vec<String> = paths.iter().flat_map(|path| offences(path, &read(path).unwrap())).collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

#[test]
fn a_forbidden_word_is_noticed() {
    let text = format!("fine\n// {}{}: later\n", "TO", "DO");
    assert_eq!(offences(Path::new("a.rs"), &text).len(), 1);
}
