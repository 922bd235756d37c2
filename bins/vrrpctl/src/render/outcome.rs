use core::fmt::Write;

use vrrp_control::{DrainOutcome, DrainReply, Moment, TakeoverOutcome, TakeoverReply};

use super::{Look, Paint, clock};

/// What became of a drain.
pub(crate) fn drained(reply: &DrainReply, look: &Look) -> String {
    let line = |drained: &vrrp_control::Drained| {
        let paint = match drained.outcome {
            DrainOutcome::Relieved | DrainOutcome::Idle => Paint::Good,
            DrainOutcome::Released | DrainOutcome::Undone => Paint::Warn,
            DrainOutcome::Unrelieved => Paint::Bad,
        };
        let by = drained.by.filter(|by| !drained.words.contains(&by.to_string()));
        let by = by.map(|by| format!(" (by {by})"));
        let words = format!("{}{}{}", drained.words, by.unwrap_or_default(), until(drained.until));
        format!("{}: {}\n", drained.router, look.paint(paint, words))
    };
    nothing_if_empty(reply.outcomes.iter().map(line).collect())
}

/// Which drains have ended.
pub(crate) fn undrained(names: &[String]) -> String {
    match names {
        [] => "nothing was drained\n".to_owned(),
        names => names.iter().fold(String::new(), |mut text, name| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name}: takes part again");
            text
        }),
    }
}

/// What became of a takeover.
pub(crate) fn took_over(reply: &TakeoverReply, look: &Look) -> String {
    let line = |one: &vrrp_control::TookOver| {
        let paint = match one.outcome {
            TakeoverOutcome::Raised | TakeoverOutcome::AlreadyActive | TakeoverOutcome::Undone => Paint::Good,
            TakeoverOutcome::Refused | TakeoverOutcome::Ineligible => Paint::Bad,
        };
        format!("{}: {}\n", one.router, look.paint(paint, format!("{}{}", one.words, until(one.until))))
    };
    nothing_if_empty(reply.outcomes.iter().map(line).collect())
}

fn until(until: Option<Moment>) -> String {
    until.map(|until| format!(", until {}", clock(until))).unwrap_or_default()
}

fn nothing_if_empty(text: String) -> String {
    if text.is_empty() { "there is no virtual router\n".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use vrrp_control::{DrainOutcome, DrainReply, Drained, Moment};

    use super::{Look, drained, undrained};

    #[test]
    fn a_drain_that_nobody_relieved_is_told_in_the_daemons_words() {
        let outcome = Drained {
            router: "web".to_owned(),
            outcome: DrainOutcome::Unrelieved,
            by: None,
            until: None,
            words: "nobody took over: it serves on".to_owned(),
        };
        let reply = DrainReply { outcomes: vec![outcome] };
        assert_eq!(drained(&reply, &Look::default()), "web: nobody took over: it serves on\n");
    }

    #[test]
    fn a_drain_with_an_end_says_when_and_who_took_over() {
        let outcome = Drained {
            router: "web".to_owned(),
            outcome: DrainOutcome::Relieved,
            by: Some("10.0.0.2".parse().unwrap()),
            until: Some(Moment(1_764_000_000.0)),
            words: "relieved".to_owned(),
        };
        let text = drained(&DrainReply { outcomes: vec![outcome] }, &Look::default());
        assert_eq!(text, "web: relieved (by 10.0.0.2), until 2025-11-24T16:00:00.000Z\n");
    }

    #[test]
    fn a_successor_that_the_daemon_names_is_not_named_twice() {
        let outcome = Drained {
            router: "web".to_owned(),
            outcome: DrainOutcome::Relieved,
            by: Some("10.0.0.2".parse().unwrap()),
            until: None,
            words: "drained: 10.0.0.2 has taken over".to_owned(),
        };
        let text = drained(&DrainReply { outcomes: vec![outcome] }, &Look::default());
        assert_eq!(text, "web: drained: 10.0.0.2 has taken over\n");
    }

    #[test]
    fn undraining_what_was_not_drained_says_so() {
        assert_eq!(undrained(&[]), "nothing was drained\n");
        assert_eq!(undrained(&["web".to_owned()]), "web: takes part again\n");
    }
}
