//! A report for people.

use core::fmt;
use core::time::Duration;

use crate::remark::list;
use crate::{Outcome, Report, Served, ServiceSummary};

/// One line of the table, before its columns are as wide as they must be.
type Row = [String; 8];

const HEADS: [&str; 8] = ["", "what fails", "served by", "after", "nobody", "two", "moves", "then"];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.heading(f)?;
        self.findings(f)?;
        let mut singles: Vec<&Outcome> = self.outcomes.iter().collect();
        singles.sort_by_key(|outcome| !outcome.is_bad());
        table(f, self, &singles)?;
        if !self.pairs.is_empty() {
            let bad: Vec<&Outcome> = self.pairs.iter().filter(|pair| pair.is_bad()).collect();
            let count = self.pairs.len();
            writeln!(
                f,
                "\n{count} pairs of failures, {} of them bad",
                if bad.is_empty() { "none".into() } else { bad.len().to_string() }
            )?;
            if !bad.is_empty() {
                table(f, self, &bad)?;
            }
        }
        writeln!(f, "\n{}", self.verdict())
    }
}

impl Report {
    fn heading(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<String> = self.nodes.iter().map(|node| node.name.clone()).collect();
        writeln!(f, "{} on {}", self.software, list(&nodes))?;
        for segment in self.segments.iter().filter(|segment| segment.guessed) {
            writeln!(f, "taken for one segment: {}", segment.name)?;
        }
        for router in &self.routers {
            let have = |(node, priority): (&String, &Option<u8>)| priority.map(|priority| format!("{node} {priority}"));
            let on: Vec<String> = nodes.iter().zip(&router.priorities).filter_map(have).collect();
            writeln!(
                f,
                "{} on {}, {} VRID {}: {}",
                router.name,
                router.segment,
                router.family,
                router.vrid,
                on.join(", ")
            )?;
        }
        Ok(())
    }

    fn findings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nIn the files:")?;
        self.findings.iter().try_for_each(|finding| writeln!(f, "  {finding}"))
    }

    fn verdict(&self) -> String {
        let bad = self.outcomes.iter().chain(&self.pairs).filter(|outcome| outcome.is_bad()).count();
        let tried = self.outcomes.len() + self.pairs.len() - 1;
        match (self.findings.len(), bad) {
            (0, 0) => format!("nothing suspicious: {} tried", plural(tried, "failure")),
            (found, bad) => {
                format!(
                    "{} in the files; {} tried, {bad} with a bad end",
                    plural(found, "finding"),
                    plural(tried, "failure")
                )
            }
        }
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn table(f: &mut fmt::Formatter<'_>, report: &Report, outcomes: &[&Outcome]) -> fmt::Result {
    let mut rows: Vec<(Row, Vec<String>)> = vec![(HEADS.map(str::to_owned), Vec::new())];
    for outcome in outcomes {
        rows.extend(lines(report, outcome));
    }
    let wide =
        |column: usize| rows.iter().filter_map(|(row, _)| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..HEADS.len()).map(|column| wide(column).unwrap_or(0)).collect();
    writeln!(f)?;
    for (row, remarks) in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line: Vec<String> = cells.collect();
        writeln!(f, "{}", line.join("  ").trim_end())?;
        remarks.iter().try_for_each(|remark| writeln!(f, "     {remark}"))?;
    }
    Ok(())
}

/// The lines of one outcome: services that saw the same are told of together, those that saw nothing not at all.
fn lines(report: &Report, outcome: &Outcome) -> Vec<(Row, Vec<String>)> {
    let mut alike: Vec<(&Served, Vec<&ServiceSummary>)> = Vec::new();
    for (served, service) in outcome.services.iter().zip(&report.services) {
        match alike.iter_mut().find(|(other, _)| same(other, served)) {
            Some((_, services)) => services.push(service),
            None => alike.push((served, vec![service])),
        }
    }
    let all = alike.len() == 1;
    alike.retain(|(served, _)| all || !served.is_untouched());
    let lines = alike.into_iter().enumerate();
    lines.map(|(nth, (served, services))| line(outcome, served, (nth == 0, !all), &services)).collect()
}

fn same(one: &Served, other: &Served) -> bool {
    let seen =
        |served: &Served| (served.before.clone(), served.during.clone(), served.unseen.clone(), served.after.clone());
    seen(one) == seen(other) && one.remarks == other.remarks
}

fn line(
    outcome: &Outcome,
    served: &Served,
    (first, named): (bool, bool),
    services: &[&ServiceSummary],
) -> (Row, Vec<String>) {
    let nothing_fails = outcome.name == "nothing fails";
    let mut what = if first { outcome.name.clone() } else { String::new() };
    if named {
        what = format!("{what}{}[{}]", if first { " " } else { "  " }, names(services));
    }
    let by = if served.before == served.during {
        list(&served.during)
    } else {
        format!("{} -> {}", list(&served.before), list(&served.during))
    };
    let row = [
        if served.is_bad() { "!!" } else { "" }.to_owned(),
        what,
        by,
        served.took.map_or_else(String::new, seconds),
        length(served.nobody),
        length(served.two),
        if served.moves == 0 { String::new() } else { served.moves.to_string() },
        if nothing_fails { String::new() } else { then(served) },
    ];
    (row, served.remarks.iter().map(ToString::to_string).collect())
}

/// What recovery brings.
fn then(served: &Served) -> String {
    if served.after == served.during && served.recovery_took.is_none() {
        return list(&served.after);
    }
    let mut words = list(&served.after);
    if let Some(took) = served.recovery_took {
        words = format!("{words} after {}", seconds(took));
    }
    if served.recovery_nobody > SHORT {
        words = format!("{words}, nobody for {}", seconds(served.recovery_nobody));
    }
    words
}

fn names(services: &[&ServiceSummary]) -> String {
    let name = |service: &&ServiceSummary| match service.addresses.as_slice() {
        [] => service.routers.join("/"),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    };
    match services {
        [] => String::new(),
        [one] => name(one),
        [first, rest @ ..] => format!("{} and {} like it", name(first), rest.len()),
    }
}

/// What a table does not speak of: a takeover from a living node takes as long.
const SHORT: Duration = Duration::from_millis(5);

fn length(duration: Duration) -> String {
    if duration <= SHORT { String::new() } else { seconds(duration) }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
