//! Files that others read while we write them: there whole or not at all, ours alone, and never through a link.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat, renameat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, unlinkat};

/// Fresh names that are tried; a leftover of a process with our number is in the way of one or two.
const NAMES: u32 = 16;

/// A directory that files are put into.
pub(crate) struct Directory(OwnedFd);

impl Directory {
    /// The directory of this name; a link is refused, since in a directory like `/tmp` it may be anybody's.
    pub(crate) fn itself(path: &Path) -> io::Result<Self> {
        Self::open(path, OFlag::O_NOFOLLOW)
    }

    /// The directory that this name stands for, by way of links too: `/var/run` is one.
    pub(crate) fn behind(path: &Path) -> io::Result<Self> {
        Self::open(path, OFlag::empty())
    }

    fn open(path: &Path, how: OFlag) -> io::Result<Self> {
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC | how;
        Ok(Self(open(path, flags, Mode::empty())?))
    }

    /// Puts a file with these contents and these permission bits in the place of whatever has this name; where that is
    /// a link, in the link's place. Who reads meanwhile reads the old file or the new one.
    pub(crate) fn put(&self, name: &str, mode: u32, contents: &[u8]) -> io::Result<()> {
        let (fresh, file) = self.create(name)?;
        let placed = fill(file, mode, contents).and_then(|()| Ok(renameat(&self.0, &*fresh, &self.0, name)?));
        if placed.is_err() {
            let _ = unlinkat(&self.0, &*fresh, UnlinkatFlags::NoRemoveDir);
        }
        placed
    }

    /// A new file under a name that nobody looks for.
    fn create(&self, name: &str) -> io::Result<(String, File)> {
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let process = std::process::id();
        for number in 0..NAMES {
            let fresh = format!(".{name}.{process}-{number}");
            match openat(&self.0, &*fresh, flags, Mode::S_IRUSR | Mode::S_IWUSR) {
                Ok(file) => return Ok((fresh, file.into())),
                Err(Errno::EEXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Errno::EEXIST.into())
    }
}

fn fill(mut file: File, mode: u32, contents: &[u8]) -> io::Result<()> {
    file.write_all(contents)?;
    file.set_permissions(Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let scratch = tempfile::tempdir().unwrap();
        let directory = Directory::itself(scratch.path()).unwrap();
        let path = scratch.path().join("f");
        fs::write(&path, "what was there is longer").unwrap();
        directory.put("f", 0o600, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_in_the_way_is_replaced_and_what_it_points_to_is_not_touched() {
        let scratch = tempfile::tempdir().unwrap();
        let precious = scratch.path().join("precious");
        fs::write(&precious, "precious").unwrap();
        symlink(&precious, scratch.path().join("f")).unwrap();
        // One more where the file is made first.
        let fresh = format!(".f.{}-0", std::process::id());
        symlink(&precious, scratch.path().join(fresh)).unwrap();
        Directory::itself(scratch.path()).unwrap().put("f", 0o600, b"new").unwrap();
        assert!(fs::symlink_metadata(scratch.path().join("f")).unwrap().is_file());
        assert_eq!(fs::read(&precious).unwrap(), b"precious");
    }

    #[test]
    fn a_directory_that_is_a_link_is_refused_unless_links_are_meant() {
        let scratch = tempfile::tempdir().unwrap();
        let link = scratch.path().join("link");
        symlink(scratch.path(), &link).unwrap();
        assert!(Directory::itself(&link).is_err());
        Directory::behind(&link).unwrap().put("f", 0o644, b"x").unwrap();
        assert!(scratch.path().join("f").exists());
    }

    #[test]
    fn a_place_that_cannot_be_had_leaves_nothing_behind() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("f")).unwrap();
        assert!(Directory::itself(scratch.path()).unwrap().put("f", 0o600, b"x").is_err());
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
        assert!(Directory::itself(&scratch.path().join("nowhere")).is_err());
    }
}
