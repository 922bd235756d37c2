//! Where pictures go.

use std::path::Path;

use vrrp_rehearsal::{Outcome, Report};

use super::SimulateError;

/// Draws a report into a file whose name ends in `.svg`, or one file for each outcome into a directory; of pairs, those
/// that end badly.
pub(super) fn draw(path: Option<&Path>, report: &Report) -> Result<(), SimulateError> {
    let Some(path) = path else { return Ok(()) };
    let bad_pairs = report.pairs.iter().filter(|pair| pair.is_bad());
    let outcomes: Vec<&Outcome> = report.outcomes.iter().chain(bad_pairs).collect();
    if path.extension().is_some_and(|extension| extension == "svg") {
        return write(path, &report.svg(outcomes));
    }
    std::fs::create_dir_all(path).map_err(SimulateError::file(path))?;
    for outcome in outcomes {
        let file = path.join(format!("{}.svg", file_name(&outcome.name)));
        write(&file, &report.svg([outcome]))?;
    }
    Ok(())
}

pub(super) fn write(path: &Path, svg: &str) -> Result<(), SimulateError> {
    std::fs::write(path, svg).map_err(SimulateError::file(path))
}

/// The name of an outcome as that of a file.
fn file_name(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_called_as_what_fails_and_lies_in_its_directory() {
        assert_eq!(file_name("eth0 is split: node-a | node-b"), "eth0-is-split-node-a-node-b");
        assert_eq!(file_name("../../x fails"), "x-fails");
    }
}
