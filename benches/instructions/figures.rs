//! The committed figures, and what is compared with them.

use core::fmt::Write;
use std::collections::BTreeMap;

/// How many percent more instructions a case may take.
const MAY_RISE: f64 = 2.0;
/// How many percent fewer it may take before the committed figure says too little.
const MAY_FALL: f64 = 5.0;

/// Instructions of one call of each case, and the compiler that made it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Figures {
    pub(crate) rustc: String,
    pub(crate) cases: BTreeMap<String, f64>,
}

impl Figures {
    /// Reads what [`Figures::print`] writes.
    pub(crate) fn parse(text: &str) -> Self {
        let mut figures = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once(" = ")) {
            if key == "rustc" {
                value.trim_matches('"').clone_into(&mut figures.rustc);
            } else if let Ok(instructions) = value.parse() {
                figures.cases.insert(key.to_owned(), instructions);
            }
        }
        figures
    }

    /// The file, in TOML.
    pub(crate) fn print(&self) -> String {
        let mut text = format!(
            "# Instructions of one call of each case of `benches/instructions`, by callgrind, in the profile `instructions`.\n\
             # More than {MAY_RISE} % above fails in CI, and more than {MAY_FALL} % below asks for a new figure:\n\
             #\n\
             #     {UPDATE}\n\
             #\n\
             # Another compiler gives other figures: say in the commit which of the two changed them.\n\
             rustc = \"{}\"\n\n[instructions]\n",
            self.rustc
        );
        for (case, instructions) in &self.cases {
            let _ = writeln!(text, "{case} = {instructions:.1}");
        }
        text
    }

    /// What is wrong with `measured`; these figures are the committed ones.
    pub(crate) fn judge(&self, measured: &Self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (case, now) in &measured.cases {
            let Some(committed) = self.cases.get(case) else {
                wrong.push(format!("{case}: no figure is committed"));
                continue;
            };
            let percent = (now / committed - 1.0) * 100.0;
            if percent > MAY_RISE {
                wrong.push(format!("{case}: {now:.1} instructions, {percent:.1} % more than {committed:.1}"));
            } else if percent < -MAY_FALL {
                wrong.push(format!(
                    "{case}: {now:.1} instructions, {:.1} % fewer than {committed:.1}: better",
                    -percent
                ));
            }
        }
        let gone = self.cases.keys().filter(|case| !measured.cases.contains_key(*case));
        wrong.extend(gone.map(|case| format!("{case}: committed, and no longer measured")));
        if !wrong.is_empty() && self.rustc != measured.rustc {
            wrong.push(format!(
                "the figures are of rustc {}, this is {}: measure the commit before with it, too",
                self.rustc, measured.rustc
            ));
        }
        wrong
    }
}

/// The command that writes the file anew.
pub(crate) const UPDATE: &str = "cargo run -p vrrp-benches --profile instructions --bin instructions -- update";

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rustc: &str, decode: f64) -> Figures {
        Figures { rustc: rustc.to_owned(), cases: BTreeMap::from([("decode".to_owned(), decode)]) }
    }

    #[test]
    fn figures_are_read_as_they_were_written() {
        let written = figures("1.95.0 (59807616e 2026-04-14)", 101.5);
        assert_eq!(Figures::parse(&written.print()), written);
    }

    #[test]
    fn a_rise_beyond_the_tolerance_and_a_large_fall_are_told() {
        let committed = figures("1.95.0", 100.0);
        for (now, problems) in [(100.0, 0), (101.9, 0), (102.1, 1), (95.1, 0), (94.9, 1)] {
            assert_eq!(committed.judge(&figures("1.95.0", now)).len(), problems, "{now}");
        }
    }

    #[test]
    fn another_compiler_is_named_only_where_something_is_wrong() {
        let committed = figures("1.95.0", 100.0);
        assert_eq!(committed.judge(&figures("1.96.0", 100.0)).len(), 0);
        assert_eq!(committed.judge(&figures("1.96.0", 110.0)).len(), 2);
    }

    #[test]
    fn a_case_without_a_figure_and_a_figure_without_a_case_are_told() {
        let mut committed = figures("1.95.0", 100.0);
        committed.cases.insert("encode".to_owned(), 1.0);
        assert_eq!(committed.judge(&figures("1.95.0", 100.0)).len(), 1);
        assert_eq!(Figures { cases: BTreeMap::new(), ..committed }.judge(&figures("1.95.0", 100.0)).len(), 1);
    }
}
