use std::sync::Arc;

use crate::probe::SpecError;

/// A value inside a JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonEquals {
    path: Arc<str>,
    steps: Box<[Step]>,
    value: Arc<str>,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// A member of an object, or of an array where it is a number and the path is a pointer.
    Key(Box<str>),
    /// An element of an array.
    Index(usize),
}

impl JsonEquals {
    /// Reads a path: as `jq` writes it (`.ready`, `.a.b[0]`, `.["a b"]`), the same after `$`, or an RFC 6901 pointer
    /// (`/a/b/0`). `value` is a string as it is, and everything else as JSON writes it.
    ///
    /// # Errors
    ///
    /// [`SpecError::JsonPath`] where the path is none of these.
    pub fn parse(path: &str, value: &str) -> Result<Self, SpecError> {
        let steps = if path.is_empty() || path.starts_with('/') { pointer(path) } else { dotted(path) };
        let steps = steps.map_err(|rest| SpecError::JsonPath { path: path.into(), at: path.len() - rest.len() })?;
        Ok(Self { path: path.into(), steps: steps.into(), value: value.into() })
    }
}

fn pointer(path: &str) -> Result<Vec<Step>, &str> {
    let parts = path.split('/').skip(1);
    Ok(parts.map(|part| Step::Key(part.replace("~1", "/").replace("~0", "~").into())).collect())
}

/// The steps of a path after `jq`; what cannot be read is the error.
fn dotted(path: &str) -> Result<Vec<Step>, &str> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut steps = Vec::new();
    if rest == "." {
        return Ok(steps);
    }
    while !rest.is_empty() {
        let (step, after) = step(rest).ok_or(rest)?;
        steps.push(step);
        rest = after;
    }
    Ok(steps)
}

fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(bracket) = text.strip_prefix(".[").or_else(|| text.strip_prefix('[')) {
        return bracketed(bracket);
    }
    let rest = text.strip_prefix('.')?;
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (key, after) = rest.split_at(end);
    if key.is_empty() { None } else { Some((Step::Key(key.into()), after)) }
}

fn bracketed(text: &str) -> Option<(Step, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return Some((Step::Key(key.into()), after));
    }
    let (index, after) = text.split_once(']')?;
    Some((Step::Index(index.parse().ok()?), after))
}
