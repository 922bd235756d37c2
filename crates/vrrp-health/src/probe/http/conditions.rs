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

impl Conditions {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first condition that `body` does not meet, in words.
    pub(super) fn judge(&self, body: &[u8]) -> Result<(), String> {
        let is = || format!("body is {}", quoted(body));
        if let Some(expected) = self.equals.as_ref().filter(|text| text.trim().as_bytes() != body.trim_ascii()) {
            return Err(format!("{}, expected {}", is(), quoted(expected.as_bytes())));
        }
        if let Some(part) = self.contains.as_ref().filter(|part| !holds(body, part.as_bytes())) {
            return Err(format!("{}, without {}", is(), quoted(part.as_bytes())));
        }
        if let Some(Pattern(pattern)) = self.matches.as_ref().filter(|pattern| !pattern.0.is_match(body)) {
            return Err(format!("{}, which /{pattern}/ does not match", is()));
        }
        if self.json.is_empty() {
            return Ok(());
        }
        let value = serde_json::from_slice(body).map_err(|error| format!("{}, not JSON: {error}", is()))?;
        self.json.iter().try_for_each(|expected| expected.judge(&value))
    }
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    part.is_empty() || body.windows(part.len()).any(|window| window == part)
}

/// The beginning of a text in quotes, its ends trimmed.
pub(super) fn quoted(text: &[u8]) -> String {
    const MOST: usize = 80;
    let text = String::from_utf8_lossy(text.trim_ascii());
    let end = text.char_indices().nth(MOST).map(|(end, _)| end);
    match end.and_then(|end| text.get(..end)) {
        Some(beginning) => format!("{beginning:?}..."),
        None => format!("{text:?}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(conditions: &Conditions, body: &str) -> String {
        conditions.judge(body.as_bytes()).err().unwrap_or_default()
    }

    #[test]
    fn a_body_equals_a_text_but_for_white_space_at_the_ends() {
        let pong = Conditions { equals: Some("pong".into()), ..Conditions::default() };
        for body in ["pong", "pong\n", "\r\n pong\r\n\n"] {
            assert_eq!(judged(&pong, body), "");
        }
        assert_eq!(judged(&pong, "pang\n"), r#"body is "pang", expected "pong""#);
        assert_eq!(judged(&pong, ""), r#"body is "", expected "pong""#);
        assert_ne!(judged(&pong, "po ng"), "");
    }

    #[test]
    fn a_body_contains_a_text() {
        let conditions = Conditions { contains: Some("ready".into()), ..Conditions::default() };
        assert_eq!(judged(&conditions, "not so ready yet"), "");
        assert_eq!(judged(&conditions, "read"), r#"body is "read", without "ready""#);
        let anything = Conditions { contains: Some("".into()), ..Conditions::default() };
        assert_eq!(judged(&anything, ""), "");
    }

    #[test]
    fn a_body_matches_an_expression_whatever_bytes_it_is_made_of() {
        let matches = Some(Pattern::parse(r"(?i)^load: \d+$").unwrap());
        let conditions = Conditions { matches, ..Conditions::default() };
        assert_eq!(judged(&conditions, "LOAD: 12"), "");
        assert_eq!(judged(&conditions, "load: x"), r#"body is "load: x", which /(?i)^load: \d+$/ does not match"#);
        assert!(conditions.judge(b"\xff\xfe").is_err());
    }

    #[test]
    fn an_expression_that_is_none_is_refused_with_the_reason() {
        let error = Pattern::parse("a(b").unwrap_err();
        assert_eq!(error.to_string(), r#""a(b" is not a regular expression: unclosed group"#);
        assert!(Pattern::parse(r"\w{1000}{1000}{1000}").is_err(), "too large");
    }

    #[test]
    fn an_expression_is_as_it_is_written() {
        let parse = |pattern| Pattern::parse(pattern).unwrap();
        assert_eq!(parse("a+"), parse("a+"));
        assert_ne!(parse("a+"), parse("aa*"));
        assert_eq!(format!("{:?}", parse("a+")), r#"Pattern("a+")"#);
    }

    #[test]
    fn all_conditions_must_hold() {
        let json = vec![JsonEquals::parse(".ready", "true").unwrap()];
        let conditions = Conditions { contains: Some("x".into()), json, ..Conditions::default() };
        assert_eq!(judged(&conditions, r#"{"ready": true, "x": 1}"#), "");
        assert_ne!(judged(&conditions, r#"{"ready": true}"#), "");
        assert_eq!(judged(&conditions, r#"{"ready": false, "x": 1}"#), "json .ready is false, expected true");
        assert!(judged(&conditions, "xml").starts_with(r#"body is "xml", not JSON: "#));
    }

    #[test]
    fn words_hold_no_more_than_the_beginning_of_a_long_body() {
        let pong = Conditions { equals: Some("pong".into()), ..Conditions::default() };
        let words = judged(&pong, &"é".repeat(100_000));
        assert_eq!(words, format!("body is \"{}\"..., expected \"pong\"", "é".repeat(80)));
    }
}
