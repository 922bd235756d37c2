use core::fmt;
use std::sync::Arc;

use regex::bytes::{Regex, RegexBuilder};

use super::JsonEquals;
use crate::probe::SpecError;

/// What must hold of a body; everything that is given must.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// The whole body, white space at its ends aside.
    pub equals: Option<Arc<str>>,
    /// A part of the body.
    pub contains: Option<Arc<str>>,
    /// An expression that some part of the body matches.
    pub matches: Option<Pattern>,
    /// Values inside a JSON body.
    pub json: Vec<JsonEquals>,
}

/// A regular expression over bytes (the syntax of the crate `regex`, with ASCII classes), compiled once.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// [`SpecError::Pattern`] where it is none, or too large.
    pub fn parse(pattern: &str) -> Result<Self, SpecError> {
        let compiled = RegexBuilder::new(pattern).unicode(false).build();
        compiled.map(Self).map_err(|error| SpecError::Pattern { pattern: pattern.into(), reason: last_line(&error) })
    }
}

/// What is wrong, without the drawing of where.
fn last_line(error: &regex::Error) -> Box<str> {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).into()
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.0.as_str())
    }
}
