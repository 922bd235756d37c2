use super::outcome::Outcome;
use super::screen::{Ink, Screen};

const HEADINGS: [&str; 3] = ["what happened", "the client was without the address for", "the timers demand"];

/// The measured outages, beside what the protocol's timers demand.
pub(crate) fn lines(screen: &Screen, outcomes: &[Outcome]) -> Vec<String> {
    let row = |outcome: &Outcome| [outcome.step.title.to_owned(), outcome.felt(), outcome.step.demand.words()];
    let rows: Vec<[String; 3]> = outcomes.iter().map(row).collect();
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| cell.chars().count());
    let widths = [0, 1, 2].map(|column| {
        let heading = HEADINGS.get(column).map_or(0, |heading| heading.len());
        cells(column).chain([heading]).max().unwrap_or(0)
    });
    let heading = line(" ", &HEADINGS.map(str::to_owned), widths);
    let mut lines = vec![screen.dye(Ink::Heading, &heading)];
    for (number, (row, outcome)) in (1..).zip(rows.iter().zip(outcomes)) {
        let ink = if outcome.complaint().is_some() { Ink::Lost } else { Ink::Plain };
        lines.push(screen.dye(ink, &line(&format!("{number}"), row, widths)));
    }
    lines
}

fn line(number: &str, cells: &[String; 3], widths: [usize; 3]) -> String {
    let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("{number}  {}", padded.join("   ")).trim_end().to_owned()
}
