use vrrp_control::{CheckStatus, Moment, Verdict};

use super::table::{Painted, table};
use super::{Look, Paint, span};

/// What the checks say.
pub(crate) fn checks(checks: &[CheckStatus], now: Moment, look: &Look) -> String {
    if checks.is_empty() {
        return "no virtual router tracks or requires a check\n".to_owned();
    }
    let headings = ["CHECK", "SAYS", "FOR", "RUNS", "FAILED", "TOOK", "ROUTERS", "FOUND"];
    table(look, &headings, checks.iter().map(|check| row(check, now)))
}

fn row(check: &CheckStatus, now: Moment) -> Vec<Painted> {
    let or_dash = |value: Option<String>| (value.unwrap_or_else(|| "-".to_owned()), Paint::Plain);
    let paint = match check.verdict {
        Verdict::Up | Verdict::Value(_) => Paint::Good,
        Verdict::Unknown => Paint::Warn,
        Verdict::Down | Verdict::Silent => Paint::Bad,
    };
    vec![
        (check.name.clone(), Paint::Bold),
        (check.verdict.to_string(), paint),
        or_dash(check.since.map(|since| span(now.since(since)))),
        or_dash(check.runs.map(|runs| runs.to_string())),
        or_dash(check.failures.map(|failures| failures.to_string())),
        or_dash(check.took.map(span)),
        (check.routers.join(" "), Paint::Plain),
        (check.words.clone(), Paint::Plain),
    ]
}

#[cfg(test)]
mod tests {
    use vrrp_control::{Moment, Verdict};

    use super::super::sample;
    use super::{Look, checks};

    #[test]
    fn a_check_is_a_row_with_what_it_found() {
        let all = [sample::check("nginx", Verdict::Down, "exited with status 1")];
        let text = checks(&all, Moment(sample::NOW), &Look::default());
        let row = text.lines().nth(1).unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(words[..9], ["nginx", "down", "1", "min", "120", "3", "0.01", "s", "web"], "{text}");
        assert!(row.ends_with("exited with status 1"), "{text}");
    }
}
