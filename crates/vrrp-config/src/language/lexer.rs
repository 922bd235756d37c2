use core::ops::Range;

use super::Text;
use super::definition::next_reference;
use crate::keywords::takes_command;
use crate::source::Span;

/// One word of a line.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// A `${NAME}` that nothing defines, or a template's `{{NAME}}`, is left in it.
    pub(crate) unresolved: bool,
}

/// A line in pieces.
#[derive(Debug, Clone)]
pub(crate) enum Token {
    /// A word or a quoted string.
    Word(Word),
    /// `{`
    Open(Span),
    /// `}`
    Close(Span),
    /// The end of the line.
    End,
}

/// Splits a line into words and braces; braces inside double quotes, of `${NAME}` and of a template are ordinary
/// characters.
/// After a command's keyword single quotes group words too, and quotes inside quotes are kept.
pub(crate) fn lex(line: &Text, tokens: &mut Vec<Token>) {
    let source = line.as_str();
    let (mut at, mut first_word, mut command) = (0, true, false);
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let Some(first) = rest.get(skipped..).and_then(|rest| rest.chars().next()) else { break };
        let quoted = if command { whole_string(source, at) } else { None };
        let placeholder = template(source, at).is_some();
        let first = if placeholder { ' ' } else { first };
        let end = match first {
            '{' | '}' => at + 1,
            _ => quoted.unwrap_or_else(|| word_end(source, at)),
        };
        let (Some(span), Some(text)) = (line.span(at..end), source.get(at..end)) else { break };
        let reference = next_reference(text, 0).is_some_and(|reference| reference.braced);
        let unresolved = reference || (quoted.is_none() && first_template(text).is_some());
        tokens.push(match (first, quoted) {
            ('{', _) => Token::Open(span),
            ('}', _) => Token::Close(span),
            (_, Some(_)) => {
                let text = source.get(at + 1..end - 1).unwrap_or_default().to_owned();
                Token::Word(Word { text, span, unresolved })
            }
            (_, None) => Token::Word(Word { text: text.replace('"', ""), span, unresolved }),
        });
        (first_word, command) = match first {
            '{' | '}' => (true, false),
            _ => (false, command || (first_word && takes_command(text))),
        };
        at = end;
    }
    tokens.push(Token::End);
}

/// Where the string that opens at `start` ends, if a quote opens there and one of its kind closes it.
fn whole_string(source: &str, start: usize) -> Option<usize> {
    let quote = source.get(start..)?.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let length = source.get(start + 1..)?.find(quote)?;
    Some(start + 1 + length + 1)
}

/// Where the placeholder of a template ends that opens at `start`: `{{NAME}}`, `{% if NAME %}`.
fn template(source: &str, start: usize) -> Option<usize> {
    let rest = source.get(start..)?;
    let close = ["{{", "{%"].into_iter().zip(["}}", "%}"]).find(|(open, _)| rest.starts_with(open))?.1;
    Some(start + 2 + rest.get(2..)?.find(close)? + 2)
}

/// The first placeholder of a template on a line, strings aside.
pub(super) fn first_template(source: &str) -> Option<Range<usize>> {
    let mut quoted = false;
    source.char_indices().find_map(|(at, character)| {
        quoted ^= character == '"';
        let end = template(source, at).filter(|_| !quoted && character == '{')?;
        Some(at..end)
    })
}

/// Where the word that starts at `start` ends: at white space or a brace outside double quotes.
fn word_end(source: &str, start: usize) -> usize {
    let mut quoted = false;
    let mut reference = false;
    let mut before = ' ';
    let mut inside = start;
    for (offset, character) in source.get(start..).unwrap_or_default().char_indices() {
        if !quoted && before != '$' && start + offset >= inside {
            inside = template(source, start + offset).unwrap_or(inside);
        }
        match character {
            _ if start + offset < inside => {}
            '"' => quoted = !quoted,
            '{' if before == '$' => reference = true,
            '}' if reference => reference = false,
            _ if reference || quoted => {}
            '{' | '}' => return start + offset,
            white if white.is_whitespace() => return start + offset,
            _ => {}
        }
        before = character;
    }
    source.len()
}
