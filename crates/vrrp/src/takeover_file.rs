//! Which virtual routers an operator told to take over: a restarted daemon keeps the addresses that it has for it.

use std::io;
use std::path::Path;

use vrrp_wire::Priority;

use crate::run_file::Identity;
use crate::stored;

const MAGIC: &str = "vrrpd: takeovers, v1.";
const SUBJECT: &str = "takeovers";

/// One virtual router that was told to take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) identity: Identity,
    pub(crate) priority: Priority,
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

fn encode(Entry { identity, priority, until }: &Entry) -> String {
    format!("{} {priority} {}", stored::words_of(identity), until.unwrap_or(0))
}

fn decode(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let identity = stored::identity(&mut words)?;
    let priority = Priority::new(words.next()?.parse().ok()?);
    Some(Entry { identity, priority, until: stored::until(&mut words)? })
}

#[cfg(test)]
mod tests {
    use vrrp_wire::{Family, Vrid};

    use super::*;

    #[test]
    fn a_takeover_is_read_by_the_next_run_and_a_line_that_is_cut_off_is_left_out() {
        let directory = std::env::temp_dir().join(format!("vrrp-takeover-file-{}", std::process::id()));
        assert_eq!(read(&directory), [], "there is none");
        let identity = Identity { interface: "bond0.7".into(), family: Family::V6, vrid: Vrid::new(7).unwrap() };
        let entry = |until| Entry { identity: identity.clone(), priority: Priority::new(151), until };
        let entries = [entry(None), entry(Some(99))];
        write(&directory, &entries).unwrap();
        assert_eq!(read(&directory), entries);
        let path = stored::path_in(&directory, SUBJECT);
        std::fs::write(path, format!("{MAGIC}\neth0 4 7 151\nbond0.7 6 7 151 99\neth0 4 7 300 0\n")).unwrap();
        assert_eq!(read(&directory), [entry(Some(99))]);
        write(&directory, &[]).unwrap();
        assert_eq!(read(&directory), []);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
