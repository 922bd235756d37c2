use vrrp_control::{Change, ChangeKind, Reloaded, Severity};

use super::{Look, Paint};

/// What a reload did, or would do: what is wrong, then the difference, then the verdict.
pub(crate) fn reloaded(reloaded: &Reloaded, dry_run: bool, look: &Look) -> String {
    let mut text = String::new();
    for diagnostic in &reloaded.diagnostics {
        let (word, paint) = match diagnostic.severity {
            Severity::Error => ("error", Paint::Bad),
            Severity::Warning => ("warning", Paint::Warn),
        };
        text.push_str(&format!("{}: {}: {}\n", diagnostic.place, look.paint(paint, word), diagnostic.words));
    }
    text.extend(reloaded.changes.iter().map(|change| self::change(change, look)));
    let verdict = match (&reloaded.reason, reloaded.changes.is_empty(), reloaded.applied, dry_run) {
        (Some(reason), ..) if dry_run => look.paint(Paint::Bad, format!("would not be taken: {reason}")),
        (Some(reason), ..) => look.paint(Paint::Bad, format!("not taken, the former one is in force: {reason}")),
        (None, true, ..) => "nothing differs".to_owned(),
        (None, false, true, _) => look.paint(Paint::Good, "in force"),
        (None, false, false, true) => "not applied: only asked about".to_owned(),
        (None, false, false, false) => look.paint(Paint::Bad, "not taken, the former one is in force"),
    };
    text.push_str(&verdict);
    text.push('\n');
    text
}

fn change(change: &Change, look: &Look) -> String {
    let (sign, paint) = match change.kind {
        ChangeKind::Added => ('+', Paint::Good),
        ChangeKind::Removed => ('-', Paint::Bad),
        ChangeKind::Changed => ('~', Paint::Warn),
    };
    let mut text = format!("{}\n", look.paint(paint, format!("{sign} {}", change.subject)));
    let settings = change.settings.iter().map(|(key, old, new)| match (old.as_str(), new.as_str()) {
        ("", new) => format!("    {key}: {new}\n"),
        (old, "") => format!("    {key}: no longer {old}\n"),
        (old, new) => format!("    {key}: {old} -> {new}\n"),
    });
    text.extend(settings);
    if !change.words.is_empty() {
        text.push_str(&format!("    => {}\n", change.words));
    }
    text
}

#[cfg(test)]
mod tests {
    use vrrp_control::{Change, ChangeKind, Diagnostic, Reloaded, Severity};

    use super::{Look, reloaded};

    fn plan() -> Reloaded {
        let setting = ("priority".to_owned(), "100".to_owned(), "150".to_owned());
        let changed = Change {
            subject: "web".to_owned(),
            kind: ChangeKind::Changed,
            settings: vec![setting],
            words: "it will preempt 10.0.0.2".to_owned(),
        };
        Reloaded { applied: false, reason: None, changes: vec![changed], diagnostics: vec![] }
    }

    #[test]
    fn a_plan_is_a_diff_with_its_consequences() {
        assert_eq!(
            reloaded(&plan(), true, &Look::default()),
            "~ web\n    priority: 100 -> 150\n    => it will preempt 10.0.0.2\nnot applied: only asked about\n"
        );
    }

    #[test]
    fn a_file_that_is_not_taken_says_why_and_what_is_in_force() {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            place: "a.conf:3:5".to_owned(),
            words: "no such interface".to_owned(),
        };
        let broken =
            Reloaded { reason: Some("1 error".to_owned()), diagnostics: vec![diagnostic], changes: vec![], ..plan() };
        assert_eq!(
            reloaded(&broken, false, &Look::default()),
            "a.conf:3:5: error: no such interface\nnot taken, the former one is in force: 1 error\n"
        );
    }
}
