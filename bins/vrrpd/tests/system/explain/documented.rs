//! The tables of `docs/src/explain.md`, which hold the sentences.

/// One situation, or with nothing that would change it one oddity.
pub(super) struct Row {
    /// Its name.
    pub(super) situation: String,
    /// Its word.
    pub(super) word: String,
    /// What `explain` says, with `…` for the evidence.
    pub(super) says: String,
    /// What it says would change it.
    pub(super) changes: String,
}

/// Every row of every table.
pub(super) fn rows() -> Vec<Row> {
    let page = include_str!("../../../../../docs/src/explain.md");
    let lines = page.lines().filter(|line| line.starts_with("| ") && line.contains("`"));
    lines.filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let (situation, word) = cells.first()?.rsplit_once(": ")?;
    let changes = if cells.len() == 4 { cells[2] } else { "" };
    Some(Row {
        situation: situation.to_owned(),
        word: word.trim_matches('`').to_owned(),
        says: cells[1].to_owned(),
        changes: changes.to_owned(),
    })
}

/// Each documented situation is staged by a test of this directory.
#[test]
fn every_situation_of_the_documentation_is_staged() {
    let tests =
        [include_str!("lan.rs"), include_str!("out.rs"), include_str!("serving.rs"), include_str!("watching.rs")];
    let rows = rows();
    assert!(rows.len() > 40, "{} rows", rows.len());
    for row in &rows {
        let quoted = format!("\"{}\"", row.situation);
        assert!(tests.iter().any(|test| test.contains(&quoted)), "{quoted} is staged nowhere");
    }
    let mut names: Vec<&str> = rows.iter().map(|row| row.situation.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "two rows of one name");
}
