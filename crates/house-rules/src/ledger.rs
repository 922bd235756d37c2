//! The RFC ledger: the table of `docs/src/rfc-ledger.md`, and the markers of the tests that prove its rows: `ledger: ID`
//! for a test that shows a row done, `ledger: !ID` for one that shows its contrary refused.

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
    /// The tests that show it done, by name.
    pub done: Vec<String>,
    /// The tests that show the contrary refused, by name.
    pub refused: Vec<String>,
    /// Its line in the ledger, from 1.
    pub line: usize,
}

/// What a test can show of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// What it asks is done.
    Done,
    /// What it forbids is refused, and what it does not ask for does not happen.
    Refused,
}

/// Why a row can be shown in one way only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The row.
    pub id: String,
    /// The way that no test shows.
    pub lacks: Way,
    /// The line in the ledger, from 1.
    pub line: usize,
}

/// A test that says which rows it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The rows, and what it shows of each.
    pub claims: Vec<(String, Way)>,
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

    /// The tests that show it in this way.
    pub fn shown(&self, way: Way) -> &[String] {
        match way {
            Way::Done => &self.done,
            Way::Refused => &self.refused,
        }
    }
}

/// The rows of all tables in a ledger: `| id | level | what it asks | functions | done | contrary refused |`.
pub fn rows(text: &str) -> Vec<Row> {
    let numbered = text.lines().enumerate();
    numbered.filter_map(|(number, line)| row(number + 1, line)).collect()
}

fn row(line: usize, text: &str) -> Option<Row> {
    let [id, level, asks, functions, done, refused] = cells(text)?;
    let (functions, done, refused) = (quoted(functions), quoted(done), quoted(refused));
    Some(Row { id: name(id)?, level: level.to_owned(), asks: asks.to_owned(), functions, done, refused, line })
}

/// The rows of the table of exceptions: `| id | lacks | why |`.
pub fn exceptions(text: &str) -> Vec<Exception> {
    let numbered = text.lines().enumerate();
    let exception = |(number, line)| {
        let [id, lacks, why] = cells(line)?;
        let lacks = match lacks {
            "done" => Way::Done,
            "refused" => Way::Refused,
            _ => return None,
        };
        (!why.is_empty()).then_some(Exception { id: name(id)?, lacks, line: number + 1 })
    };
    numbered.filter_map(exception).collect()
}

fn cells<const N: usize>(line: &str) -> Option<[&str; N]> {
    let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split(" | ").map(str::trim).collect();
    cells.try_into().ok()
}

fn name(cell: &str) -> Option<String> {
    Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())
}

/// The words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// How the line begins that counts the rows.
const COUNTS: &str = "Rows that bind:";

/// The same ledger with its columns of tests, and the line that counts them, written anew from the markers.
pub fn refreshed(text: &str, markers: &[Marker]) -> String {
    let mut tests: BTreeMap<(&str, Way), Vec<&str>> = BTreeMap::new();
    for marker in markers {
        let Some(function) = &marker.function else {
            continue;
        };
        for (id, way) in &marker.claims {
            let names = tests.entry((id, *way)).or_default();
            if !names.contains(&function.name.as_str()) {
                names.push(&function.name);
            }
        }
    }
    let lines = text.lines().enumerate().map(|(number, line)| {
        let Some(row) = row(number + 1, line) else {
            return line.to_owned();
        };
        let shown = |way| listed(tests.get(&(row.id.as_str(), way)).map_or(&[][..], Vec::as_slice));
        let (done, refused) = (shown(Way::Done), shown(Way::Refused));
        format!("| `{}` | {} | {} | {} | {done} | {refused} |", row.id, row.level, row.asks, listed(&row.functions))
    });
    let table: String = lines.map(|line| line + "\n").collect();
    let counts = counts(&rows(&table), &exceptions(&table));
    let counted = table.lines().map(|line| if line.starts_with(COUNTS) { counts.as_str() } else { line });
    counted.map(|line| format!("{line}\n")).collect()
}

/// The line that counts.
fn counts(rows: &[Row], exceptions: &[Exception]) -> String {
    let of = |level: &str| {
        let bound: Vec<&Row> = rows.iter().filter(|row| row.level == level).collect();
        let both = bound.iter().filter(|row| !row.done.is_empty() && !row.refused.is_empty()).count();
        let excepted = bound.iter().filter(|row| exceptions.iter().any(|exception| exception.id == row.id)).count();
        format!("{level} {}, shown both ways {both}, one way with a reason {excepted}", bound.len())
    };
    let owed = rows.iter().filter(|row| row.is_owed()).count();
    format!("{COUNTS} {}; {}. Owed: {owed}.", of("MUST"), of("SHOULD"))
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
        let marks: Vec<(usize, Vec<(String, Way)>)> =
            source.lines().enumerate().filter_map(|(n, line)| Some((n + 1, marked(line)?))).collect();
        if marks.is_empty() {
            continue;
        }
        let functions = functions(&source).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        for (line, claims) in marks {
            let function = owner(&functions, line).cloned();
            found.push(Marker { claims, path: path.clone(), line, function });
        }
    }
    Ok(found)
}

/// The claims of a comment of the form `ledger: ID, !ID`.
fn marked(line: &str) -> Option<Vec<(String, Way)>> {
    let comment = line.trim_start().strip_prefix("//")?.trim_start_matches(['/', '!']);
    let claims = comment.trim().strip_prefix("ledger: ")?;
    let claims = claims.split(',').map(|claim| claim.trim().trim_end_matches('.'));
    let claim = |claim: &str| match claim.strip_prefix('!') {
        Some(id) => (id.to_owned(), Way::Refused),
        None => (claim.to_owned(), Way::Done),
    };
    Some(claims.filter(|claim| !claim.is_empty()).map(claim).collect())
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
