use core::fmt;

use super::{Difference, Replay};

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "What the logs say was done (* follows from them):")?;
        for done in &self.done {
            writeln!(f, "  {:>9.3} s{} {}", done.at, if done.assumed { '*' } else { ' ' }, done.what)?;
        }
        writeln!(f, "\n{:<44}  {:<28}  simulated", "", "recorded")?;
        for one in &self.moves {
            let what = format!("{} {} -> {}", one.node, one.router, one.to);
            let recorded = side(one.recorded, one.recorded_cause.as_deref());
            let simulated = side(one.simulated, one.simulated_cause.as_deref());
            let line = format!("{what:<44}  {recorded:<28}  {simulated:<28}  {}", word(one.difference));
            writeln!(f, "{}", line.trim_end())?;
        }
        let differ = self.moves.iter().filter(|one| one.difference != Difference::Same).count();
        writeln!(f, "\n{} changes of state, {differ} of them different", self.moves.len())
    }
}

fn side(at: Option<f64>, cause: Option<&str>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| format!("{at:>8.3} s {}", cause.unwrap_or_default()))
}

const fn word(difference: Difference) -> &'static str {
    match difference {
        Difference::Same => "",
        Difference::Cause => "another cause",
        Difference::Time => "another time",
        Difference::NotSimulated => "not simulated",
        Difference::NotRecorded => "not recorded",
    }
}
