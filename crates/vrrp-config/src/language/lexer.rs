use core::ops::Range;

use super::definition::next_reference;
use super::{Text, split};
use crate::keywords::{self, Quoting};
use crate::source::Span;

/// One word of a line.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// A `${NAME}` that nothing defines, or a template's `{{NAME}}`, is left in it.
    pub(crate) unresolved: bool,
    /// Quotes or escapes say on purpose where it ends.
    pub(crate) quoted: bool,
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
/// After some keywords single quotes group words too, and quotes of the other kind are kept; a command's words are
/// taken apart as keepalived does it.
pub(crate) fn lex(line: &Text, tokens: &mut Vec<Token>) {
    let source = line.as_str();
    let (mut at, mut first_word, mut quoting) = (0, true, Quoting::Double);
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let Some(first) = rest.get(skipped..).and_then(|rest| rest.chars().next()) else { break };
        let brace = matches!(first, '{' | '}') && template(source, at).is_none();
        let Piece { end, text, whole } =
            if brace { Piece { end: at + 1, ..Piece::default() } } else { piece(source, at, quoting) };
        let (Some(span), Some(written)) = (line.span(at..end), source.get(at..end)) else { break };
        let reference = next_reference(written, 0).is_some_and(|reference| reference.braced);
        let quoted = written.contains(['"', '\'', '\\']);
        let unresolved = reference || (!whole && first_template(written).is_some());
        tokens.push(match (brace, first) {
            (true, '{') => Token::Open(span),
            (true, _) => Token::Close(span),
            (false, _) => Token::Word(Word { text, span, unresolved, quoted }),
        });
        (first_word, quoting) = match (brace, first_word) {
            (true, _) => (true, Quoting::Double),
            (false, true) => (false, keywords::quoting(written)),
            (false, false) => (false, quoting),
        };
        at = end;
    }
    tokens.push(Token::End);
}

/// A word as it is cut out of a line.
#[derive(Default)]
struct Piece {
    end: usize,
    text: String,
    /// It is one string in quotes.
    whole: bool,
}

/// The word that starts at `start`.
fn piece(source: &str, start: usize, quoting: Quoting) -> Piece {
    let string = if quoting == Quoting::Double { None } else { whole_string(source, start) };
    let end = match quoting {
        Quoting::Double => None,
        Quoting::Either => string,
        Quoting::Command => command_word_end(source, start),
    };
    let end = end.unwrap_or_else(|| word_end(source, start));
    let written = source.get(start..end).unwrap_or_default();
    let text = match (quoting, string) {
        // What cannot be taken apart is left as it stands, for whoever reads the command to report.
        (Quoting::Command, _) => match split(written).as_deref() {
            Ok([word]) => word.clone(),
            _ => written.to_owned(),
        },
        (_, Some(end)) => source.get(start + 1..end - 1).unwrap_or_default().to_owned(),
        (_, None) => written.replace('"', ""),
    };
    Piece { end, text, whole: string == Some(end) }
}

/// Where a word of a command ends that starts at `start`: at white space or a brace outside quotes of either kind;
/// `None` if a quote is never closed.
fn command_word_end(source: &str, start: usize) -> Option<usize> {
    let (mut quote, mut reference, mut before, mut inside) = (None, false, ' ', start);
    let mut characters = source.get(start..)?.char_indices();
    while let Some((offset, character)) = characters.next() {
        let at = start + offset;
        if quote.is_none() && before != '$' && at >= inside {
            inside = template(source, at).unwrap_or(inside);
        }
        match (character, quote) {
            _ if at < inside => {}
            ('\\', _) => drop(characters.next()),
            (closing, Some(opened)) if closing == opened => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(character),
            ('{', None) if before == '$' => reference = true,
            ('}', None) if reference => reference = false,
            (_, None) if reference => {}
            ('{' | '}', None) => return Some(at),
            (white, None) if white.is_whitespace() => return Some(at),
            (_, None) => {}
        }
        before = character;
    }
    quote.is_none().then_some(source.len())
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

#[cfg(test)]
mod tests;
