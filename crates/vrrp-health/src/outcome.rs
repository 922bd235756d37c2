use core::fmt;
use core::time::Duration;

/// What one run of a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is well.
    Ok,
    /// A file's number (`track_file`); what it means depends on who asks.
    Value(i64),
    /// It is not well, and how.
    Failed(Box<str>),
    /// It had not answered by its deadline: a failure.
    TimedOut(Duration),
    /// It could not be run at all: a failure, and something to mend.
    CouldNotRun(Box<str>),
}

/// What a check counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is known yet.
    Unknown,
    /// Up.
    Up,
    /// Down.
    Down,
    /// A file's number.
    Value(i64),
    /// Its runner has fallen silent: a failure with a name of its own.
    Silent,
}

/// Tells an outcome only when it is not the one that was told before.
pub(crate) fn changes(mut told: impl FnMut(Outcome)) -> impl FnMut(Outcome) {
    let mut last = None;
    move |outcome| {
        if last.as_ref() != Some(&outcome) {
            last = Some(outcome.clone());
            told(outcome);
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("well"),
            Self::Value(value) => value.fmt(f),
            Self::Failed(words) => f.write_str(words),
            Self::TimedOut(deadline) => write!(f, "no answer within {deadline:?}"),
            Self::CouldNotRun(words) => write!(f, "cannot be run: {words}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_said_in_a_few_words() {
        let outcomes = [
            Outcome::Ok,
            Outcome::Value(-7),
            Outcome::Failed("exit status 1".into()),
            Outcome::TimedOut(Duration::from_secs(3)),
            Outcome::CouldNotRun("no such file".into()),
        ];
        let words = outcomes.map(|outcome| outcome.to_string());
        assert_eq!(words, ["well", "-7", "exit status 1", "no answer within 3s", "cannot be run: no such file"]);
    }

    #[test]
    fn only_another_outcome_is_told() {
        let mut heard = Vec::new();
        let mut tell = changes(|outcome| heard.push(outcome));
        for value in [1, 1, 2, 2, 1] {
            tell(Outcome::Value(value));
        }
        drop(tell);
        assert_eq!(heard, [1, 2, 1].map(Outcome::Value));
    }
}
