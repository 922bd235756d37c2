use super::Text;
use crate::source::Span;

/// One word of a line.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
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

/// Splits a line into words and braces; braces inside double quotes and of `${NAME}` are ordinary characters.
pub(crate) fn lex(line: &Text, tokens: &mut Vec<Token>) {
    let source = line.as_str();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let Some(first) = rest.get(skipped..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let end = match first {
            '{' | '}' => at + 1,
            _ => word_end(source, at),
        };
        let Some(span) = line.span(at..end) else {
            break;
        };
        tokens.push(match first {
            '{' => Token::Open(span),
            '}' => Token::Close(span),
            _ => Token::Word(word(source.get(at..end).unwrap_or_default(), span)),
        });
        at = end;
    }
    tokens.push(Token::End);
}

/// Where the word that starts at `start` ends: at white space or a brace outside double quotes.
fn word_end(source: &str, start: usize) -> usize {
    let mut quoted = false;
    let mut reference = false;
    let mut before = ' ';
    for (offset, character) in source.get(start..).unwrap_or_default().char_indices() {
        match character {
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

/// The word without its double quotes.
fn word(text: &str, span: Span) -> Word {
    Word {
        text: text.replace('"', ""),
        span,
    }
}
