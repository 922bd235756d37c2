use std::collections::VecDeque;

use crate::stamp::Stamp;

/// How much text of a program is kept; beyond it the oldest lines go, and only their number is known.
const KEPT_BYTES: usize = 16 << 20;

/// What a program printed, standard output and standard error in the order they came, line by line.
#[derive(Debug, Clone, Default)]
pub struct Log {
    lines: VecDeque<(Stamp, String)>,
    forgotten: usize,
    kept_bytes: usize,
    bytes: u64,
}

impl Log {
    pub(crate) fn push(&mut self, stamp: Stamp, bytes: &[u8]) {
        let line = String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned();
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.kept_bytes += line.len();
        self.lines.push_back((stamp, line));
        while self.kept_bytes > KEPT_BYTES {
            let Some((_, oldest)) = self.lines.pop_front() else {
                break;
            };
            self.kept_bytes -= oldest.len();
            self.forgotten += 1;
        }
    }

    /// Returns how many lines there have been, kept or not. It marks the present end for [`Self::since`].
    pub fn line_count(&self) -> usize {
        self.forgotten + self.lines.len()
    }

    /// Returns how many bytes there have been, kept or not.
    pub const fn byte_count(&self) -> u64 {
        self.bytes
    }

    /// Walks through the kept lines with the time at which each was read.
    pub fn lines(&self) -> impl Iterator<Item = (Stamp, &str)> {
        self.since(0)
    }

    /// Walks through the kept lines after the first `mark` ones.
    pub fn since(&self, mark: usize) -> impl Iterator<Item = (Stamp, &str)> {
        let skipped = mark.saturating_sub(self.forgotten);
        self.lines.iter().skip(skipped).map(|(stamp, line)| (*stamp, line.as_str()))
    }

    /// Says whether a kept line contains `text`.
    pub fn contains(&self, text: &str) -> bool {
        self.lines().any(|(_, line)| line.contains(text))
    }

    /// Returns the last `count` lines as one text.
    pub fn tail(&self, count: usize) -> String {
        let lines: Vec<_> = self.since(self.line_count().saturating_sub(count)).map(|(_, line)| line).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_keeps_the_newest_lines_and_the_count() {
        let mut log = Log::default();
        let line = [b'x'; 1 << 20];
        for _ in 0..20 {
            log.push(Stamp::default(), &line);
        }
        log.push(Stamp::default(), b"last\n");
        assert_eq!(log.line_count(), 21);
        assert_eq!(log.byte_count(), (20 << 20) + 5);
        assert!(log.lines().count() < 20);
        assert_eq!(log.since(20).map(|(_, line)| line).collect::<Vec<_>>(), ["last"]);
        assert_eq!(log.tail(1), "last");
    }
}
