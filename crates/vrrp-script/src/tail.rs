use std::collections::VecDeque;

/// Octets of output that are kept.
const OCTETS: usize = 4096;
/// Lines of output that are kept.
const LINES: usize = 20;

/// The end of a program's output, however much there is of it.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    octets: VecDeque<u8>,
    /// Whether what came before was dropped, so that the first line may be half a line.
    cut: bool,
}

impl Tail {
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        let kept = chunk.len().min(OCTETS);
        let surplus = (self.octets.len() + chunk.len()).saturating_sub(OCTETS);
        self.cut |= surplus > 0;
        self.octets.drain(..surplus.min(self.octets.len()));
        self.octets.extend(chunk.iter().skip(chunk.len() - kept));
    }

    /// Returns the last lines as text, without the half line that a cut left and without blanks at the end.
    pub(crate) fn text(&self) -> Box<str> {
        let octets: Vec<u8> = self.octets.iter().copied().collect();
        let text = String::from_utf8_lossy(&octets);
        let text = match text.split_once('\n') {
            Some((_half, rest)) if self.cut && !rest.is_empty() => rest,
            _ => &*text,
        };
        let text = text.trim_end();
        let start = text.rmatch_indices('\n').nth(LINES - 1).map_or(0, |(newline, _)| newline + 1);
        text.get(start..).unwrap_or_default().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(chunks: &[&str]) -> Box<str> {
        let mut tail = Tail::default();
        chunks.iter().for_each(|chunk| tail.push(chunk.as_bytes()));
        tail.text()
    }

    #[test]
    fn little_output_is_kept_whole() {
        assert_eq!(&*text(&["one\ntw", "o\n"]), "one\ntwo");
        assert_eq!(&*text(&[]), "");
    }

    #[test]
    fn of_many_lines_the_last_twenty_are_kept() {
        let lines: Vec<String> = (1..=50).map(|line| format!("line {line}\n")).collect();
        let kept = text(&[&lines.concat()]);
        assert_eq!(kept.lines().count(), LINES);
        assert_eq!((kept.lines().next(), kept.lines().last()), (Some("line 31"), Some("line 50")));
    }

    #[test]
    fn of_long_lines_no_half_is_kept() {
        let line = format!("{}\n", "x".repeat(999));
        let kept = text(&[&line.repeat(3), &line.repeat(30), "the end\n"]);
        assert!(kept.len() <= OCTETS, "{}", kept.len());
        assert!(kept.lines().all(|line| line.len() == 999 || line == "the end"), "{kept}");
    }

    #[test]
    fn one_endless_line_keeps_its_end() {
        let kept = text(&[&"x".repeat(100_000), "!"]);
        assert_eq!(kept.len(), OCTETS);
        assert!(kept.ends_with("x!"));
    }

    #[test]
    fn what_is_not_text_is_kept_as_well_as_it_can_be() {
        let mut tail = Tail::default();
        tail.push(b"caf\xe9\n");
        assert_eq!(&*tail.text(), "caf\u{fffd}");
    }
}
