//! Which virtual routers an operator drained: what a restarted daemon must not forget. A drain is stored before it is
//! applied.

use std::io;
use std::path::Path;

use crate::run_file::Identity;
use crate::stored;

const MAGIC: &str = "vrrpd: drained virtual routers, v1.";
const SUBJECT: &str = "drained";

/// One virtual router that was drained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) identity: Identity,
    /// Whether a successor was still to be found when this was written: then it may be the one that serves.
    pub(crate) trying: bool,
    /// Nanoseconds since the Unix epoch.
    pub(crate) since: u64,
    /// When it ends, on the clock that counts from boot.
    pub(crate) until: Option<u64>,
}

/// What an earlier run left; what cannot be understood is left out.
pub(crate) fn read(directory: &Path) -> Vec<Entry> {
    stored::read(&stored::path_in(directory, SUBJECT), MAGIC).iter().filter_map(|line| decode(line)).collect()
}

/// Replaces the file; without entries there is none.
pub(crate) fn write(directory: &Path, entries: &[Entry]) -> io::Result<()> {
    let lines: Vec<String> = entries.iter().map(encode).collect();
    stored::write(&stored::path_in(directory, SUBJECT), MAGIC, &lines)
}

fn encode(Entry { identity, trying, since, until }: &Entry) -> String {
    let (word, until) = (if *trying { "trying" } else { "drained" }, until.unwrap_or(0));
    format!("{} {word} {since} {until}", stored::words_of(identity))
}

fn decode(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let identity = stored::identity(&mut words)?;
    let trying = match words.next()? {
        "trying" => true,
        "drained" => false,
        _ => return None,
    };
    let since = words.next()?.parse().ok()?;
    Some(Entry { identity, trying, since, until: stored::until(&mut words)? })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use vrrp_wire::{Family, Vrid};

    use super::*;

    fn entry(interface: &str, trying: bool, until: Option<u64>) -> Entry {
        let identity = Identity { interface: interface.into(), family: Family::V6, vrid: Vrid::new(7).unwrap() };
        Entry { identity, trying, since: 1_764_000_000_000_000_000, until }
    }

    fn directory(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("vrrp-drain-file-{name}-{}", std::process::id()))
    }

    #[test]
    fn what_is_drained_is_read_by_the_next_run_and_nothing_leaves_no_file() {
        let directory = directory("kept");
        assert_eq!(read(&directory), [], "there is none");
        let entries = [entry("eth0", false, None), entry("bond0.7", true, Some(99))];
        write(&directory, &entries).unwrap();
        assert_eq!(read(&directory), entries);
        write(&directory, &[]).unwrap();
        assert!(!stored::path_in(&directory, SUBJECT).exists());
        write(&directory, &[]).unwrap();
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_file_of_somebody_else_drains_nobody_and_a_line_that_is_cut_off_only_itself() {
        let directory = directory("odd");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(stored::path_in(&directory, SUBJECT), "eth0 4 1 drained 1 0\n").unwrap();
        assert_eq!(read(&directory), []);
        std::fs::write(
            stored::path_in(&directory, SUBJECT),
            format!("{MAGIC}\neth0 4 300 drained 1 0\neth0 6 7 drained 1764000000000000000 0\neth0 4"),
        )
        .unwrap();
        assert_eq!(read(&directory), [entry("eth0", false, None)]);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
