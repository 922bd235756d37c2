use core::ops::Range;

use crate::source::{FileId, Span};

/// Text that remembers which bytes of which file it came from, through comments, escapes and substitution.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    string: String,
    pieces: Vec<Piece>,
}

/// What the bytes from `at` to the next piece came from.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: usize,
    span: Span,
    /// Byte for byte from the span, rather than put in its place.
    literal: bool,
}

impl Text {
    /// The bytes of `text` at `start` of a file.
    pub(crate) fn literal(file: FileId, start: usize, text: &str) -> Self {
        let span = Span::new(file, start, start + text.len());
        Self { string: text.to_owned(), pieces: vec![Piece { at: 0, span, literal: true }] }
    }

    /// Text that stands where `span` was.
    pub(crate) fn substituted(span: Span, text: &str) -> Self {
        Self { string: text.to_owned(), pieces: vec![Piece { at: 0, span, literal: false }] }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.string
    }

    pub(crate) const fn len(&self) -> usize {
        self.string.len()
    }

    /// A part of the text; empty where `range` is not one.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let Some(string) = self.string.get(range.clone()) else {
            return Self::default();
        };
        let first = self.pieces.partition_point(|piece| piece.at <= range.start).saturating_sub(1);
        let pieces = self.pieces.iter().skip(first).take_while(|piece| piece.at < range.end || piece.at <= range.start);
        let pieces = pieces.map(|piece| piece.from(range.start)).collect();
        Self { string: string.to_owned(), pieces }
    }

    /// Appends `other`.
    pub(crate) fn push(&mut self, other: &Self) {
        let at = self.string.len();
        self.string.push_str(&other.string);
        self.pieces.extend(other.pieces.iter().map(|piece| Piece { at: piece.at + at, ..*piece }));
    }

    /// Where a part of the text came from; `None` for text that came from nowhere.
    pub(crate) fn span(&self, range: Range<usize>) -> Option<Span> {
        let first = self.piece(range.start)?;
        let last = self.piece(range.end.saturating_sub(1).max(range.start))?;
        let start = if first.literal { first.span.start + (range.start - first.at) } else { first.span.start };
        let end = if last.literal { last.span.start + (range.end - last.at) } else { last.span.end };
        let start = start.min(first.span.end);
        if first.span.file == last.span.file && end >= start {
            Some(Span::new(first.span.file, start, end))
        } else {
            Some(Span::new(first.span.file, start, first.span.end))
        }
    }

    /// Where all of it came from.
    pub(crate) fn whole(&self) -> Option<Span> {
        self.span(0..self.string.len())
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.at <= at).saturating_sub(1);
        self.pieces.get(index)
    }
}

impl Piece {
    /// The piece as a text that starts at `start` of this one has it.
    const fn from(&self, start: usize) -> Self {
        if self.at >= start {
            return Self { at: self.at - start, ..*self };
        }
        let skipped = if self.literal { start - self.at } else { 0 };
        let span = Span { start: self.span.start + skipped, ..self.span };
        Self { at: 0, span, literal: self.literal }
    }
}

#[cfg(test)]
mod tests;
