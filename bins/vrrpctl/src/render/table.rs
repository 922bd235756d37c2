use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use super::{Look, Paint};

/// A cell: what it says and how it looks.
pub(super) type Painted = (String, Paint);

/// Rows under headings, without rules: what a person reads and `awk` does, too.
pub(super) fn table(look: &Look, headings: &[&str], rows: impl IntoIterator<Item = Vec<Painted>>) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if look.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    match look.width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.set_header(headings.iter().map(|heading| cell((*heading).to_owned(), Paint::Bold)));
    for row in rows {
        table.add_row(row.into_iter().map(|(text, paint)| cell(text, paint)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn cell(text: String, paint: Paint) -> Cell {
    let cell = Cell::new(text);
    match paint {
        Paint::Plain => cell,
        Paint::Bold => cell.add_attribute(Attribute::Bold),
        Paint::Good => cell.fg(Color::DarkGreen),
        Paint::Dim => cell.add_attribute(Attribute::Dim),
        Paint::Warn => cell.fg(Color::DarkYellow),
        Paint::Bad => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
    }
}
