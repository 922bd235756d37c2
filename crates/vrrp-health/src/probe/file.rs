//! A number in a file (`track_file`).

use std::path::PathBuf;

/// A number in a file (`track_file`); a file that is missing, empty or cannot be read counts as 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is: below a directory that may be missing at first.
    pub path: PathBuf,
    /// What to make it hold before anything reads it (`init_file`).
    pub init: Option<Init>,
}

/// What a tracked file is made to hold before anything reads it (`init_file [VALUE] [overwrite]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Init {
    /// The number.
    pub value: i32,
    /// Whether a file that exists already is overwritten.
    pub overwrite: bool,
}

impl File {
    /// Reads the number in this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), init: None }
    }
}
