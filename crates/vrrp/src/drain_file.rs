//! Which virtual routers an operator drained: what a restarted daemon must not forget.
//!
//! One file for each network namespace in the runtime directory, replaced whole, so that it is never half written. A drain
//! is stored before it is applied.

use core::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use vrrp_wire::{Family, Vrid};

use crate::run_file::Identity;

const MAGIC: &str = "vrrpd: drained virtual routers, v1.";
/// Longer than any file of ours.
const LONGEST: u64 = 16 * 1024 * 1024;

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
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path_in(directory));
    let mut text = String::new();
    if opened.and_then(|file| file.take(LONGEST).read_to_string(&mut text)).is_err() {
        return Vec::new();
    }
    let mut lines = text.lines();
    if lines.next() != Some(MAGIC) {
        return Vec::new();
    }
    lines.filter_map(decode).collect()
}

/// Replaces the file; without entries there is none.
pub(crate) fn write(directory: &Path, entries: &[Entry]) -> io::Result<()> {
    let path = path_in(directory);
    if entries.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    DirBuilder::new().recursive(true).mode(0o755).create(directory)?;
    let fresh = path.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    let mut text = format!("{MAGIC}\n");
    for entry in entries {
        encode(entry, &mut text);
    }
    file.write_all(text.as_bytes())?;
    std::fs::rename(&fresh, &path)
}

fn path_in(directory: &Path) -> PathBuf {
    let namespace = std::fs::metadata("/proc/thread-self/ns/net").map_or(0, |meta| meta.ino());
    directory.join(format!("drained-{namespace}"))
}

fn encode(entry: &Entry, text: &mut String) {
    let Entry { identity: Identity { interface, family, vrid }, trying, since, until } = entry;
    let family = match family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    let (word, until) = (if *trying { "trying" } else { "drained" }, until.unwrap_or(0));
    // Writing to a string does not fail.
    let _ = writeln!(text, "{interface} {family} {vrid} {word} {since} {until}");
}

fn decode(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let interface = words.next().filter(|name| !name.is_empty())?.into();
    let family = match words.next()? {
        "4" => Family::V4,
        "6" => Family::V6,
        _ => return None,
    };
    let vrid = Vrid::new(words.next()?.parse().ok()?)?;
    let trying = match words.next()? {
        "trying" => true,
        "drained" => false,
        _ => return None,
    };
    let since = words.next()?.parse().ok()?;
    let until = Some(words.next()?.parse().ok()?).filter(|until| *until != 0);
    Some(Entry { identity: Identity { interface, family, vrid }, trying, since, until })
}

#[cfg(test)]
mod tests {
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
        assert!(!path_in(&directory).exists());
        write(&directory, &[]).unwrap();
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_file_of_somebody_else_drains_nobody_and_a_line_that_is_cut_off_only_itself() {
        let directory = directory("odd");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(path_in(&directory), "eth0 4 1 drained 1 0\n").unwrap();
        assert_eq!(read(&directory), []);
        std::fs::write(
            path_in(&directory),
            format!("{MAGIC}\neth0 4 300 drained 1 0\neth0 6 7 drained 1764000000000000000 0\neth0 4"),
        )
        .unwrap();
        assert_eq!(read(&directory), [entry("eth0", false, None)]);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
