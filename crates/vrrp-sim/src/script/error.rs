use core::fmt;

/// A line of a script that is no script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: ScriptErrorKind,
}

/// What is wrong with a line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// It ends where this was to come.
    Ends(&'static str),
    /// This stands where something else was to come.
    Word {
        /// What was to come.
        wanted: &'static str,
        /// What stands there.
        found: String,
    },
    /// This stands after its end.
    Surplus(String),
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            ScriptErrorKind::Ends(wanted) => write!(f, "{wanted} is missing"),
            ScriptErrorKind::Word { wanted, found } => write!(f, "{wanted} expected, found `{found}`"),
            ScriptErrorKind::Surplus(word) => write!(f, "`{word}` follows the end"),
        }
    }
}

impl core::error::Error for ScriptError {}
