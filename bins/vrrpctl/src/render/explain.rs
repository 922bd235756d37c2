use vrrp_control::{Explanation, Sentence};

use super::{Look, Paint};

/// Why virtual routers are, or are not, Active.
pub(crate) fn explanations(all: &[Explanation], look: &Look) -> String {
    all.iter().map(|one| explanation(one, look)).collect::<Vec<_>>().join("\n")
}

fn explanation(of: &Explanation, look: &Look) -> String {
    let title = look.paint(Paint::Bold, format!("{}: {}", of.router, of.state));
    let mut text = format!("{title}\n  {}\n", of.headline);
    let sections = [
        ("Because", &of.because, Paint::Plain),
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
            headline: "10.0.0.2 is Active with a higher priority".to_owned(),
            because: vec![Sentence::new("peer_higher", "10.0.0.2 advertises priority 150, ours is 100")],
            would_change: vec![Sentence::new("silence", "3.61 s without an advertisement")],
            last_transition: vec![],
            odd: vec![],
        };
        assert_eq!(
            explanations(&[explanation], &Look::default()),
            "web: Backup (BACKUP)\n  10.0.0.2 is Active with a higher priority\n\n  Because\n  - 10.0.0.2 advertises \
             priority 150, ours is 100\n\n  What would change it\n  - 3.61 s without an advertisement\n"
        );
    }
}
