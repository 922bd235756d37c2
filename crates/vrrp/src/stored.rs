//! What a restarted daemon must not forget of what an operator asked for: one file of lines for each subject and network
//! namespace in the runtime directory, replaced whole, so that it is never half written.

use core::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use vrrp_wire::{Family, Vrid};

use crate::run_file::Identity;

/// Longer than any file of ours.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The lines that an earlier run left, where the file begins with `magic`.
pub(crate) fn read(path: &Path, magic: &str) -> Vec<String> {
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path);
    let mut text = String::new();
    if opened.and_then(|file| file.take(LONGEST).read_to_string(&mut text)).is_err() {
        return Vec::new();
    }
    let mut lines = text.lines();
    if lines.next() != Some(magic) {
        return Vec::new();
    }
    lines.map(str::to_owned).collect()
}

/// Replaces the file; without lines there is none.
pub(crate) fn write(path: &Path, magic: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o755).create(directory)?;
    }
    let fresh = path.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    let mut text = format!("{magic}\n");
    for line in lines {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{line}");
    }
    file.write_all(text.as_bytes())?;
    std::fs::rename(&fresh, path)
}

/// The file of a subject, for the network namespace of this thread.
pub(crate) fn path_in(directory: &Path, subject: &str) -> PathBuf {
    let namespace = std::fs::metadata("/proc/thread-self/ns/net").map_or(0, |meta| meta.ino());
    directory.join(format!("{subject}-{namespace}"))
}

/// The words by which a line begins.
pub(crate) fn words_of(Identity { interface, family, vrid }: &Identity) -> String {
    let family = match family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    format!("{interface} {family} {vrid}")
}

/// Takes them off a line again.
pub(crate) fn identity<'w>(words: &mut impl Iterator<Item = &'w str>) -> Option<Identity> {
    let interface = words.next().filter(|name| !name.is_empty())?.into();
    let family = match words.next()? {
        "4" => Family::V4,
        "6" => Family::V6,
        _ => return None,
    };
    let vrid = Vrid::new(words.next()?.parse().ok()?)?;
    Some(Identity { interface, family, vrid })
}

/// A moment on the clock that counts from boot; 0 stands for none.
pub(crate) fn until<'w>(words: &mut impl Iterator<Item = &'w str>) -> Option<Option<u64>> {
    Some(Some(words.next()?.parse().ok()?).filter(|until| *until != 0))
}
