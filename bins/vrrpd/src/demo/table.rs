use super::outcome::Outcome;
use super::screen::{Ink, Screen};

/// What the columns are.
pub(crate) const HEADINGS: [&str; 5] =
    ["what happened", "client without the address", "probes lost", "the timers demand", "beyond them"];

/// One row, in words.
pub(crate) fn row(outcome: &Outcome) -> [String; 5] {
    let Outcome { step, lost, .. } = outcome;
    [step.title.to_owned(), outcome.felt(), lost.to_string(), outcome.demanded(), outcome.beyond()]
}

/// The measured outages, beside what the protocol's timers demand.
pub(crate) fn lines(screen: &Screen, outcomes: &[Outcome]) -> Vec<String> {
    let headings = HEADINGS.map(str::to_owned);
    let rows: Vec<_> = outcomes.iter().map(row).collect();
    let widths = [0, 1, 2, 3, 4].map(|column| {
        let cells = rows.iter().chain([&headings]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    });
    let mut lines = vec![screen.dye(Ink::Heading, &line(" ", &headings, widths))];
    for (number, (row, outcome)) in (1..).zip(rows.iter().zip(outcomes)) {
        let ink = if outcome.complaint().is_some() { Ink::Lost } else { Ink::Plain };
        lines.push(screen.dye(ink, &line(&format!("{number}"), row, widths)));
    }
    lines
}

/// The first column is words, the others are quantities.
fn line(number: &str, [title, quantities @ ..]: &[String; 5], [first, widths @ ..]: [usize; 5]) -> String {
    let quantities = quantities.iter().zip(widths).map(|(cell, width)| format!("   {cell:>width$}"));
    format!("{number}  {title:<first$}{}", quantities.collect::<String>())
}
