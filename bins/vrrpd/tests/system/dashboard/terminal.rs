//! What a program has drawn on a terminal, as a picture.

use core::fmt::Write as _;

pub(super) const ROWS: usize = 32;
pub(super) const COLUMNS: usize = 120;

/// The width and height of a character in the picture.
const CELL: (f64, f64) = (7.8, 17.0);
const MARGIN: f64 = 12.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Style {
    /// A number of the first eight or sixteen colours.
    color: Option<u8>,
    bold: bool,
    dim: bool,
    reversed: bool,
}

/// The screen after everything that was written to it.
pub(super) struct Screen {
    cells: Vec<Vec<(char, Style)>>,
    at: (usize, usize),
    style: Style,
}

impl Screen {
    /// Reads text with escape sequences as `script` keeps it: as much of them as ratatui uses.
    pub(super) fn of(typescript: &str) -> Self {
        let blank = vec![vec![(' ', Style::default()); COLUMNS]; ROWS];
        let mut screen = Self { cells: blank, at: (0, 0), style: Style::default() };
        // What lies before the alternate screen is of the program that keeps it.
        let text = typescript.split_once("\x1b[?1049h").map_or("", |(_, text)| text);
        let text = text.split_once("\x1b[?1049l").map_or(text, |(text, _)| text);
        let mut parts = text.split("\x1b[");
        screen.print(parts.next().unwrap_or_default());
        for part in parts {
            let Some(end) = part.find(|byte: char| byte.is_ascii_alphabetic()) else { break };
            let (parameters, rest) = part.split_at(end);
            let numbers: Vec<usize> = parameters.split(';').map(|number| number.parse().unwrap_or(0)).collect();
            match rest.as_bytes()[0] {
                b'H' => screen.at = (numbers[0].max(1) - 1, numbers.get(1).map_or(0, |column| column.max(&1) - 1)),
                b'm' => screen.style = screen.style.with(&numbers),
                _ => {}
            }
            screen.print(&rest[1..]);
        }
        screen
    }

    fn print(&mut self, text: &str) {
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            let (row, column) = self.at;
            if let Some(cell) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = (letter, self.style);
            }
            self.at = (row, column + 1);
        }
    }

    /// Without colours.
    pub(super) fn text(&self) -> String {
        let line = |row: &Vec<(char, Style)>| row.iter().map(|(letter, _)| *letter).collect::<String>();
        self.cells.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
    }

    /// As a picture.
    pub(super) fn svg(&self) -> String {
        let last = self.cells.iter().rposition(|row| row.iter().any(|(letter, _)| *letter != ' ')).unwrap_or(0);
        let rows = u32::try_from(last + 1).unwrap();
        let (width, height) = (CELL.0.mul_add(120.0, 2.0 * MARGIN), CELL.1.mul_add(f64::from(rows), 2.0 * MARGIN));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"ui-monospace, \
             'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13\" fill=\"#d4d4d4\">\n\
             <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e1e\"/>\n"
        );
        for (row, cells) in (0..rows).zip(&self.cells) {
            self::row(&mut svg, row, cells);
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// One text for each run of one style.
fn row(svg: &mut String, row: u32, cells: &[(char, Style)]) {
    let y = CELL.1.mul_add(f64::from(row), MARGIN);
    let mut column = 0;
    for run in cells.chunk_by(|one, other| one.1 == other.1) {
        let text: String = run.iter().map(|(letter, _)| *letter).collect();
        let style = run[0].1;
        let (blank, text) = (text.len() - text.trim_start().len(), text.trim());
        let place = |column: usize| CELL.0.mul_add(f64::from(u32::try_from(column).unwrap()), MARGIN);
        let width = |cells: usize| CELL.0 * f64::from(u32::try_from(cells).unwrap());
        if style.reversed {
            let (x, width, height) = (place(column), width(run.len()), CELL.1);
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"#3a3d41\"/>"
            );
        }
        if !text.is_empty() {
            let (x, length, base) = (place(column + blank), width(text.chars().count()), y + 12.5);
            let attributes = style.attributes();
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{base:.1}\" textLength=\"{length:.1}\"{attributes} xml:space=\"preserve\">{text}</text>"
            );
        }
        column += run.len();
    }
}

impl Style {
    fn with(mut self, numbers: &[usize]) -> Self {
        let mut numbers = numbers.iter();
        while let Some(number) = numbers.next() {
            match number {
                0 => self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                7 => self.reversed = true,
                22 => (self.bold, self.dim) = (false, false),
                27 => self.reversed = false,
                39 => self.color = None,
                // Of 256 colours only those with names are used; what follows is 5 and the number.
                38 => self.color = numbers.nth(1).and_then(|color| u8::try_from(*color).ok()),
                _ => {}
            }
        }
        self
    }

    fn attributes(self) -> String {
        let color = match self.color.map(|color| color % 8) {
            Some(1) => " fill=\"#f48771\"",
            Some(2) => " fill=\"#6fc37d\"",
            Some(3) => " fill=\"#e5c07b\"",
            Some(4) => " fill=\"#6cb2eb\"",
            _ if self.dim => " fill=\"#8b8b8b\"",
            _ => "",
        };
        let weight = if self.bold { " font-weight=\"bold\"" } else { "" };
        format!("{color}{weight}")
    }
}

#[test]
fn a_screen_holds_what_was_written_last_in_its_colours() {
    let typescript = "Script started\n\x1b[?1049h\x1b[1;1H\x1b[1mvrrpd\x1b[2;3H\x1b[22;38;5;1;49mdown\x1b[39m <\x1b[1;1HV\x1b[?1049lend";
    let screen = Screen::of(typescript);
    assert_eq!(screen.text().trim_end(), "Vrrpd\n  down <");
    let svg = screen.svg();
    assert!(svg.contains("fill=\"#f48771\" xml:space=\"preserve\">down</text>"), "{svg}");
    assert!(svg.contains(">&lt;</text>"), "{svg}");
}
