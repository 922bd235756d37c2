use vrrp_control::{Explanation, Sentence};

use super::{Look, Paint};

/// Why virtual routers are, or are not, Active.
pub(crate) fn explanations(all: &[Explanation], look: &Look) -> String {
    all.iter().map(|one| explanation(one, look)).collect::<Vec<_>>().join("\n")
}

fn explanation(of: &Explanation, look: &Look) -> String {
    let mut text = format!("{}\n", look.paint(Paint::Bold, &of.headline));
    // The decisive reason is in the headline.
    let beside = of.because.iter().filter(|reason| !of.headline.ends_with(&reason.words)).cloned().collect();
    let sections = [
        ("Beside that", &beside, Paint::Plain),
        ("What would change it", &of.would_change, Paint::Plain),
        ("The last transition", &of.last_transition, Paint::Plain),
        ("Odd", &of.odd, Paint::Warn),
    ];
    for (heading, sentences, paint) in sections {
        if !sentences.is_empty() {
            text.push_str(&format!("\n  {}\n", look.paint(Paint::Bold, heading)));
            text.extend(sentences.iter().map(|Sentence { words, .. }| format!("  - {}\n", look.paint(paint, words))));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use vrrp_control::{Explanation, Sentence, State};

    use super::{Look, explanations};

    #[test]
    fn an_explanation_says_why_and_leaves_out_what_there_is_not() {
        let explanation = Explanation {
            router: "web".to_owned(),
            state: State::Backup,
            headline: "web has been Backup (BACKUP) for 3.0 s: 10.0.0.2 is Active with priority 150, ours is 100"
                .to_owned(),
            because: vec![
                Sentence::new("higher", "10.0.0.2 is Active with priority 150, ours is 100"),
                Sentence::new("priority", "its priority is 100 instead of 120: check db is down"),
            ],
            would_change: vec![Sentence::new("silence", "3.61 s without an advertisement")],
            last_transition: vec![],
            odd: vec![],
        };
        assert_eq!(
            explanations(&[explanation], &Look::default()),
            "web has been Backup (BACKUP) for 3.0 s: 10.0.0.2 is Active with priority 150, ours is 100\n\n  Beside that\n  - \
             its priority is 100 instead of 120: check db is down\n\n  What would change it\n  - 3.61 s without an \
             advertisement\n"
        );
    }
}
