use serde::Serialize;

/// Which of the files that were read; the first is the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FileId(u32);

/// A byte range in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) file: FileId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A place in a file as editors count it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The file's name as it was given or as an `include` found it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column of the first character, from 1, in characters.
    pub column: usize,
    /// Line of the last character.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
}

/// The files that were read, kept for rendering.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
}

#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) name: String,
    pub(crate) text: String,
    line_starts: Vec<usize>,
}

impl FileId {
    /// The file that was asked for.
    pub(crate) const FIRST: Self = Self(0);
}

impl Span {
    pub(crate) const fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start, end }
    }

    /// Whether `other` lies in this span.
    pub(crate) fn holds(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The span from the start of `self` to the end of `other`; `self` where they lie in different files.
    pub(crate) fn to(self, other: Self) -> Self {
        if self.file == other.file && other.end >= self.start { Self { end: other.end, ..self } } else { self }
    }
}

impl Sources {
    /// Takes a file in and names it.
    pub(crate) fn add(&mut self, name: String, text: String) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let line_starts = core::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(SourceFile { name, text, line_starts });
        id
    }

    pub(crate) fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    pub(crate) const fn len(&self) -> usize {
        self.files.len()
    }

    /// The span's place in lines and columns.
    pub(crate) fn locate(&self, span: Span) -> Location {
        let Some(file) = self.file(span.file) else {
            return Location::default();
        };
        let (line, column) = file.line_and_column(span.start);
        let (end_line, end_column) = file.line_and_column(span.end);
        Location { file: file.name.clone(), line, column, end_line, end_column }
    }
}

impl SourceFile {
    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start <= at);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        (line.max(1), column + 1)
    }
}
