//! From the model back to text.

/// A value as one word: quoted where it would be several, or none.
pub(crate) fn quote(word: &str) -> String {
    let plain = !word.is_empty()
        && !word.contains(|c: char| {
            c.is_whitespace() || matches!(c, '{' | '}' | '#' | '!' | '"' | '\\' | '$' | '@' | '~')
        });
    if plain {
        word.to_owned()
    } else {
        format!("\"{word}\"")
    }
}
