use super::Text;

/// What a physical line is before its references are replaced.
pub(crate) struct Decommented {
    /// The line without its comment and without the white space at either end.
    pub(crate) text: Text,
    /// Byte of `text` at which a `"` opened that nothing closes.
    pub(crate) open_quote: Option<usize>,
    /// A `#` or `!` began the comment right after a character that is no white space.
    pub(crate) glued_comment: bool,
}

/// Removes the comment: from a `#` or `!` outside double quotes; `\#` and `\!` stand for the characters.
pub(crate) fn decomment(line: &Text) -> Decommented {
    let source = line.as_str();
    let mut text = Text::default();
    let (mut copied, mut open_quote, mut glued_comment) = (0, None, false);
    let mut end = source.len();
    let mut bytes = source.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => open_quote = if open_quote.is_some() { None } else { Some(text.len() + at - copied) },
            b'\\' => {
                let escaped = source.as_bytes().get(at + 1);
                if open_quote.is_none() && matches!(escaped, Some(b'#' | b'!')) {
                    text.push(&line.slice(copied..at));
                    copied = at + 1;
                }
                bytes.next();
            }
            b'#' | b'!' if open_quote.is_none() => {
                end = at;
                glued_comment = !matches!(
                    source.as_bytes().get(at.wrapping_sub(1)),
                    None | Some(b' ' | b'\t' | b'{' | b'}' | b'"')
                );
                break;
            }
            _ => {}
        }
    }
    text.push(&line.slice(copied..end));
    let indent = text.len() - text.as_str().trim_start().len();
    Decommented { text: trim(&text), open_quote: open_quote.map(|at| at - indent), glued_comment }
}

/// Without the white space at either end.
pub(crate) fn trim(text: &Text) -> Text {
    let string = text.as_str();
    let start = string.len() - string.trim_start().len();
    text.slice(start..start + string.trim().len())
}

/// What an `@` line says about itself.
pub(crate) enum Condition {
    /// Not conditional, or its condition holds: the line that counts.
    Kept(Text),
    /// Its condition does not hold.
    Dropped,
    /// `@` without an id.
    Malformed,
}

/// Applies `@id` and `@^id`.
pub(crate) fn condition(text: Text, config_id: &str) -> Condition {
    let Some(rest) = text.as_str().strip_prefix('@') else {
        return Condition::Kept(text);
    };
    let id_len = rest.find([' ', '\t']).unwrap_or(rest.len());
    let id = rest.get(..id_len).unwrap_or_default();
    let (wanted, id) = id.strip_prefix('^').map_or((true, id), |id| (false, id));
    if id.is_empty() {
        return Condition::Malformed;
    }
    if (id == config_id) != wanted {
        return Condition::Dropped;
    }
    Condition::Kept(trim(&text.slice(1 + id_len..text.len())))
}

#[cfg(test)]
mod tests;
