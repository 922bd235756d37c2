//! The RFC ledger: the table of `docs/src/rfc-ledger.md`, and the `ledger: ID` markers of the tests that prove its rows.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Function, files, functions, read};

/// Where the ledger lies.
pub const PATH: &str = "docs/src/rfc-ledger.md";

/// One requirement of the standards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What tests call it by.
    pub id: String,
    /// `MUST`, `SHOULD`, with `, owed` when it is not built yet.
    pub level: String,
    /// What it asks, and why it is owed if it is.
    pub asks: String,
    /// The functions that do it, as `crate::file::function`.
    pub functions: Vec<String>,
    /// The tests that prove it, by name.
    pub tests: Vec<String>,
    /// Its line in the ledger, from 1.
    pub line: usize,
}

/// A test that says which rows it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The rows.
    pub ids: Vec<String>,
    /// The file of the test.
    pub path: PathBuf,
    /// The line of the marker, from 1.
    pub line: usize,
    /// The function it belongs to: the one it stands in, or else the next one.
    pub function: Option<Function>,
}

impl Row {
    /// Whether it binds now.
    pub fn is_owed(&self) -> bool {
        self.level.ends_with("owed")
    }
}

/// The rows of all tables in a ledger: `| id | level | what it asks | functions | tests |`.
pub fn rows(text: &str) -> Vec<Row> {
    let numbered = text.lines().enumerate();
    numbered.filter_map(|(number, line)| row(number + 1, line)).collect()
}

fn row(line: usize, text: &str) -> Option<Row> {
    let cells: Vec<&str> = text.strip_prefix('|')?.strip_suffix('|')?.split(" | ").map(str::trim).collect();
    let [id, level, asks, functions, tests] = <[&str; 5]>::try_from(cells).ok()?;
    let id = id.strip_prefix('`')?.strip_suffix('`')?.to_owned();
    let (functions, tests) = (quoted(functions), quoted(tests));
    Some(Row { id, level: level.to_owned(), asks: asks.to_owned(), functions, tests, line })
}

/// The words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The same ledger with its `tests` column written anew from the markers.
pub fn refreshed(text: &str, markers: &[Marker]) -> String {
    let mut tests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for marker in markers {
        let Some(function) = &marker.function else {
            continue;
        };
        for id in &marker.ids {
            let names = tests.entry(id).or_default();
            if !names.contains(&function.name.as_str()) {
                names.push(&function.name);
            }
        }
    }
    let lines = text.lines().enumerate().map(|(number, line)| {
        let Some(row) = row(number + 1, line) else {
            return line.to_owned();
        };
        let names = tests.get(row.id.as_str()).map_or(&[][..], Vec::as_slice);
        format!("| `{}` | {} | {} | {} | {} |", row.id, row.level, row.asks, listed(&row.functions), listed(names))
    });
    lines.map(|line| line + "\n").collect()
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if quoted.is_empty() { "–".to_owned() } else { quoted.join("<br>") }
}

/// Every marker in the sources of the workspace.
///
/// # Errors
/// A source cannot be read or is no Rust.
pub fn markers() -> io::Result<Vec<Marker>> {
    let mut found = Vec::new();
    for path in files(&["rs"])? {
        let source = read(&path)?;
        let marks: Vec<(usize, Vec<String>)> =
            source.lines().enumerate().filter_map(|(n, line)| Some((n + 1, marked(line)?))).collect();
        if marks.is_empty() {
            continue;
        }
        let functions = functions(&source).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        for (line, ids) in marks {
            let function = owner(&functions, line).cloned();
            found.push(Marker { ids, path: path.clone(), line, function });
        }
    }
    Ok(found)
}

/// The ids in a comment of the form `ledger: ID, ID`.
fn marked(line: &str) -> Option<Vec<String>> {
    let comment = line.trim_start().strip_prefix("//")?.trim_start_matches(['/', '!']);
    let ids = comment.trim().strip_prefix("ledger: ")?;
    let ids = ids.split(',').map(|id| id.trim().trim_end_matches('.').to_owned());
    Some(ids.filter(|id| !id.is_empty()).collect())
}

/// The function around a line, the innermost, or else the next below it.
fn owner(functions: &[Function], line: usize) -> Option<&Function> {
    let around = functions.iter().rev().find(|function| function.first <= line && line <= function.last);
    around.or_else(|| functions.iter().find(|function| function.first > line))
}

/// Whether `crate::file::function` names a function in the sources of that crate.
///
/// # Errors
/// A source cannot be read or is no Rust.
pub fn exists(place: &str) -> io::Result<bool> {
    let parts: Vec<&str> = place.split("::").collect();
    let [package, file, name] = parts[..] else {
        return Ok(false);
    };
    let source = Path::new("crates").join(package).join("src");
    for path in files(&["rs"])?.into_iter().filter(|path| path.starts_with(&source)) {
        let stem = path.file_stem().is_some_and(|stem| stem == file);
        let directory = path.ends_with("mod.rs") && path.parent().is_some_and(|parent| parent.ends_with(file));
        if (stem || directory)
            && functions(&read(&path)?).map_err(io::Error::other)?.iter().any(|function| function.name == name)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
