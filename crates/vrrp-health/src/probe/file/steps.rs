//! The way to a file: every name in every directory on which it depends.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf, absolute};
use std::{fs, io};

use nix::sys::statfs::statfs;

/// More symbolic links than the kernel follows.
const MOST_LINKS: u32 = 40;

/// A name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) directory: PathBuf,
    pub(crate) name: OsString,
}

/// Lists the names that lead to a file, symbolic links followed, up to the first that is missing. The last of them is the
/// file itself where the rest is there.
pub(crate) fn steps(path: &Path) -> io::Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut at = PathBuf::from("/");
    let mut links = 0;
    let mut rest: VecDeque<OsString> = names(&absolute(path)?).collect();
    while let Some(name) = rest.pop_front() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        steps.push(Step { directory: at.clone(), name });
        if let Ok(target) = fs::read_link(&next) {
            links += 1;
            if links > MOST_LINKS {
                break;
            }
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            names(&target).rev().for_each(|name| rest.push_front(name));
        } else if fs::symlink_metadata(&next).is_ok() {
            at = next;
        } else {
            break;
        }
    }
    Ok(steps)
}

fn names(path: &Path) -> impl DoubleEndedIterator<Item = OsString> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

/// The file systems on which others, or nobody, change files without the kernel's telling: keepalived's list.
const MUTE: &[(i64, &str)] = &[
    (0xcafe_4a11, "bpf"),
    (0x0027_e0eb, "cgroup"),
    (0x6367_7270, "cgroup2"),
    (0x6462_6720, "debugfs"),
    (0x1cd1, "devpts"),
    (0xde5e_81e4, "efivarfs"),
    (0x6573_5546, "FUSE"),
    (0x1980_0202, "mqueue"),
    (0x6969, "NFS"),
    (0x5049_5045, "pipefs"),
    (0x9fa0, "proc"),
    (0x7275, "romfs"),
    (0xf97c_ff8c, "selinuxfs"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0x534f_434b, "sockfs"),
    (0x6265_6572, "sysfs"),
    (0x012f_f7b6, "sysv"),
    (0x012f_f7b5, "sysv"),
    (0x7472_6163, "tracefs"),
];

/// Names the file system of the file, or of the first directory above it that is there, if it cannot be watched.
pub(crate) fn refusal(path: &Path) -> Option<&'static str> {
    let path = absolute(path).ok()?;
    let found = path.ancestors().find_map(|path| statfs(path).ok())?;
    #[expect(clippy::useless_conversion, reason = "the type is narrower on 32-bit systems")]
    let kind = i64::from(found.filesystem_type().0) & 0xffff_ffff;
    MUTE.iter().find(|(magic, _)| *magic == kind).map(|(_, name)| *name)
}
