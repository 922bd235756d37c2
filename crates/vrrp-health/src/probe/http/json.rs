use std::sync::Arc;

use serde_json::Value;

use super::conditions::quoted;
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

    /// How `body` is not what it should be, in words.
    pub(super) fn judge(&self, body: &Value) -> Result<(), String> {
        let Self { path, value, .. } = self;
        let is = match self.steps.iter().try_fold(body, |value, step| step.of(value)) {
            Some(found) if is_written(found, value) => return Ok(()),
            Some(Value::String(text)) => quoted(text.as_bytes()),
            Some(Value::Array(_)) => "an array".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(found) => found.to_string(),
            None => "missing".to_owned(),
        };
        Err(format!("json {path} is {is}, expected {value}"))
    }
}

impl Step {
    fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match (self, value) {
            (Self::Key(key), Value::Object(members)) => members.get(&**key),
            (Self::Key(key), Value::Array(elements)) => elements.get(key.parse::<usize>().ok()?),
            (Self::Index(index), Value::Array(elements)) => elements.get(*index),
            _ => None,
        }
    }
}

/// Whether `text` is how `value` is written: a string as it is, everything else as JSON.
fn is_written(value: &Value, text: &str) -> bool {
    match (value, serde_json::from_str(text)) {
        (Value::String(string), _) => string == text,
        (Value::Number(a), Ok(Value::Number(b))) => *a == b || a.as_f64() == b.as_f64(),
        (value, Ok(written)) => *value == written,
        (_, Err(_)) => false,
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

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"ready": true, "load": 1.0, "a": {"b": [7, {"c d": "x"}]}, "s": "true", "n": null, "0": 1}"#;

    fn judged(path: &str, value: &str) -> String {
        let body = serde_json::from_str(BODY).unwrap();
        JsonEquals::parse(path, value).unwrap().judge(&body).err().unwrap_or_default()
    }

    #[test]
    fn a_path_leads_to_a_value() {
        let held = [
            (".ready", "true"),
            ("$.ready", "true"),
            ("/ready", "true"),
            (".load", "1"),
            (".a.b[0]", "7"),
            ("$.a.b[0]", "7"),
            ("/a/b/0", "7"),
            (r#".a.b[1].["c d"]"#, "x"),
            (r#".a["b"][1]"#, r#"{"c d":"x"}"#),
            ("/a/b/1/c d", "x"),
            (".s", "true"),
            (".n", "null"),
            (".0", "1"),
        ];
        for (path, value) in held {
            assert_eq!(judged(path, value), "", "{path}");
        }
    }

    #[test]
    fn what_is_there_instead_is_said() {
        assert_eq!(judged(".ready", "false"), "json .ready is true, expected false");
        assert_eq!(judged(".a.b[0]", "8"), "json .a.b[0] is 7, expected 8");
        assert_eq!(judged(".a.x", "7"), "json .a.x is missing, expected 7");
        assert_eq!(judged(".a.b[9]", "7"), "json .a.b[9] is missing, expected 7");
        assert_eq!(judged(".a", "7"), "json .a is an object, expected 7");
        assert_eq!(judged(".s", "false"), r#"json .s is "true", expected false"#);
        assert_eq!(judged(".load", "fast"), "json .load is 1.0, expected fast");
        assert_eq!(judged(".ready.x", "1"), "json .ready.x is missing, expected 1");
    }

    #[test]
    fn the_whole_of_a_body_has_a_path() {
        for path in [".", "$", ""] {
            let whole = JsonEquals::parse(path, "[1]").unwrap();
            assert_eq!(whole.judge(&serde_json::from_str("[1]").unwrap()), Ok(()), "{path}");
        }
    }

    #[test]
    fn a_path_that_is_none_is_refused_where_it_stops_being_one() {
        for (path, at) in [("ready", 0), (".a..b", 2), (".a[x]", 2), (".a[0", 2), (r#".a["b]"#, 2), ("$a", 1)] {
            assert_eq!(JsonEquals::parse(path, "1"), Err(SpecError::JsonPath { path: path.into(), at }));
        }
    }
}
