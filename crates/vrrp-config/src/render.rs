use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::load::Loaded;
use crate::source::Sources;

/// Draws every diagnostic with the lines it is about, as a compiler would; `color` adds terminal colours.
pub fn render(loaded: &Loaded, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let draw = |diagnostic| renderer.render(&[group(diagnostic, &loaded.sources)]) + "\n\n";
    loaded.diagnostics.iter().map(draw).collect()
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.to_string());
    let mut group = Group::with_title(title);
    let mut files: Vec<_> = diagnostic
        .labels
        .iter()
        .map(|label| label.span.file)
        .collect();
    files.dedup();
    for id in files {
        let Some(file) = sources.file(id) else {
            continue;
        };
        let of_this_file = diagnostic
            .labels
            .iter()
            .filter(|label| label.span.file == id);
        let snippet = of_this_file.fold(
            Snippet::source(&file.text).path(&file.name),
            |snippet, label| {
                snippet.annotation(
                    annotation_kind(label)
                        .span(range(label, &file.text))
                        .label(label.message.as_str()),
                )
            },
        );
        group = group.element(snippet);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

const fn annotation_kind(label: &Label) -> AnnotationKind {
    if label.primary {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    }
}

/// The label's bytes, clamped to the text and to character boundaries.
fn range(label: &Label, text: &str) -> core::ops::Range<usize> {
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
