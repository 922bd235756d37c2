//! Commands as keepalived takes them apart: single and double quotes, backslash escapes, and no shell.

use core::iter::Peekable;
use core::str::Chars;

/// Why a command cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsplit {
    /// This quote is never closed.
    Quote(char),
    /// A backslash at the end.
    Backslash,
    /// Escapes that stand for a NUL or for no UTF-8 text.
    NoText,
}

/// White space between words, as keepalived has it.
const WHITE: [char; 6] = [' ', '\t', '\x0c', '\n', '\r', '\x0b'];

/// The words of a command.
pub(crate) fn split(text: &str) -> Result<Vec<String>, Unsplit> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    loop {
        while chars.next_if(|next| WHITE.contains(next)).is_some() {}
        if chars.peek().is_none() {
            return Ok(words);
        }
        words.push(word(&mut chars)?);
    }
}

/// One word, up to white space outside quotes; quoted parts that touch are one word.
fn word(chars: &mut Peekable<Chars<'_>>) -> Result<String, Unsplit> {
    let mut bytes = Vec::new();
    let mut quote = None;
    while let Some(next) = chars.next_if(|next| quote.is_some() || !WHITE.contains(next)) {
        match (next, quote) {
            ('\\', _) => escape(chars, &mut bytes)?,
            (closing, Some(opened)) if closing == opened => quote = None,
            ('"' | '\'', None) => quote = Some(next),
            (other, _) => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    if let Some(quote) = quote {
        return Err(Unsplit::Quote(quote));
    }
    String::from_utf8(bytes).ok().filter(|word| !word.contains('\0')).ok_or(Unsplit::NoText)
}

/// What stands after a backslash: `\a \b \E \f \n \r \t \v`, `\ooo`, `\xHH`, `\cX`; all else is itself.
fn escape(chars: &mut Peekable<Chars<'_>>, bytes: &mut Vec<u8>) -> Result<(), Unsplit> {
    let first = chars.next().ok_or(Unsplit::Backslash)?;
    let byte = match first {
        'x' if chars.peek().is_some_and(char::is_ascii_hexdigit) => number(chars, 16, usize::MAX, 0),
        'c' if chars.peek().is_some_and(char::is_ascii) => {
            chars.next().and_then(|next| u8::try_from(next).ok()).unwrap_or(0) & 0x1f
        }
        '0'..='7' => number(chars, 8, 2, first.to_digit(8).unwrap_or(0)),
        'a' => 0x07,
        'b' => 0x08,
        'E' => 0x1b,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        other => {
            bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(());
        }
    };
    bytes.push(byte);
    Ok(())
}

/// Up to `most` further digits of a number, of which a byte is kept.
fn number(chars: &mut Peekable<Chars<'_>>, radix: u32, most: usize, first: u32) -> u8 {
    let mut value = first;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|next| next.to_digit(radix)) else { break };
        value = (value * radix + digit) & 0xff;
        chars.next();
    }
    u8::try_from(value & 0xff).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Unsplit, split};

    #[test]
    fn words_are_those_of_keepalived() {
        for (text, words) in [
            ("/bin/x  a\tb ", vec!["/bin/x", "a", "b"]),
            (r#"/bin/x 'a b' "c d""#, vec!["/bin/x", "a b", "c d"]),
            (r#"/bin/x a'b c'd"e"'' ''"#, vec!["/bin/x", "ab cde", ""]),
            (r#"/bin/x '"' "'" '\'' "\"""#, vec!["/bin/x", "\"", "'", "'", "\""]),
            (r"/bin/x a\ b \n\t\x41\103\cA\q\0501", vec!["/bin/x", "a b", "\n\tAC\u{1}q(1"]),
            (r"a && b | c > $(d)", vec!["a", "&&", "b", "|", "c", ">", "$(d)"]),
            (r"\303\251", vec!["é"]),
            ("", vec![]),
        ] {
            assert_eq!(
                split(text).as_deref(),
                Ok(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()[..])
            );
        }
    }

    #[test]
    fn what_is_never_closed_is_told() {
        assert_eq!(split("a 'b"), Err(Unsplit::Quote('\'')));
        assert_eq!(split("a \"b'"), Err(Unsplit::Quote('"')));
        assert_eq!(split("a \\"), Err(Unsplit::Backslash));
        assert_eq!(split(r"a\0b"), Err(Unsplit::NoText));
        assert_eq!(split(r"\xff"), Err(Unsplit::NoText));
    }
}
