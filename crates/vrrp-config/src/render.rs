use core::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::load::Loaded;
use crate::source::Sources;

/// Draws every diagnostic with the lines it is about, as a compiler would; `color` adds terminal colours.
pub fn render(loaded: &Loaded, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let draw = |diagnostic| renderer.render(&[group(diagnostic, &loaded.sources)]) + "\n\n";
    loaded.diagnostics.iter().map(draw).collect()
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.to_string());
    let mut group = Group::with_title(title);
    let mut files: Vec<_> = diagnostic.labels.iter().map(|label| label.span.file).collect();
    files.dedup();
    for id in files {
        // A file that cannot be read has no line to show; the message names it.
        let Some(file) = sources.file(id).filter(|file| !file.text.is_empty()) else {
            continue;
        };
        let labels: Vec<_> = diagnostic.labels.iter().filter(|label| label.span.file == id).collect();
        let shown = lines_of(&labels, &file.text);
        let line = file.text.get(..shown.start).map_or(1, |before| before.matches('\n').count() + 1);
        let source = file.text.get(shown.clone()).unwrap_or_default();
        let snippet = Snippet::source(source).path(&file.name).line_start(line);
        group = group.element(labels.into_iter().fold(snippet, |snippet, label| {
            let range = range(label, &file.text);
            let range = range.start - shown.start..range.end - shown.start;
            snippet.annotation(annotation_kind(label).span(range).label(label.message.as_str()))
        }));
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

const fn annotation_kind(label: &Label) -> AnnotationKind {
    if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context }
}

/// The whole lines from the first label to the last: a large file is not searched for each problem.
fn lines_of(labels: &[&Label], text: &str) -> Range<usize> {
    let ranges = labels.iter().map(|label| range(label, text));
    let (start, end) = ranges.fold((text.len(), 0), |(start, end), range| (start.min(range.start), end.max(range.end)));
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let rest = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    line_start..rest.max(line_start)
}

/// The label's bytes, clamped to the text and to character boundaries.
fn range(label: &Label, text: &str) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(label.span.start);
    start..boundary(label.span.end).max(start)
}
