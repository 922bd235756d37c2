//! A FIFO on disk: made if it is missing, written without waiting, removed if we made it.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, chown};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::{Group, User, geteuid, mkfifo};
use vrrp_script::Identity;

use crate::error::FifoError;
use crate::event::FifoEvent;
use crate::plan::Fifo;

#[derive(Debug)]
pub(crate) struct Pipe {
    path: PathBuf,
    file: File,
    /// Which FIFO it is: something else may have taken its place since.
    inode: Inode,
    /// Whether we made it.
    made: bool,
    dropped: u64,
}

impl Pipe {
    pub(crate) fn open(spec: &Fifo) -> Result<Self, FifoError> {
        let path = spec.path.clone();
        let owner = Owner::of(&spec.owner)?;
        let made = make(&path)?;
        let file = match open_end(&path) {
            Err(_) if !made && is_something_else(&path) => return Err(FifoError::NotFifo { path }),
            Err(source) => return Err(FifoError::Open { path, source }),
            Ok(file) => file,
        };
        let inode = inspect(&path, &file, &owner)?;
        let pipe = Self { path: path.clone(), file, inode, made, dropped: 0 };
        if made && let Some(uid) = owner.uid {
            chown(&path, Some(uid), owner.gid).map_err(|source| FifoError::Owner { path, source })?;
        }
        Ok(pipe)
    }

    /// Writes one line at once, or drops it when nobody reads. A line is shorter than `PIPE_BUF`, so it goes whole.
    pub(crate) fn write(&mut self, line: &str) -> Option<FifoEvent> {
        match (self.file.write(line.as_bytes()), self.dropped) {
            (Ok(_), 0) => None,
            (Ok(_), dropped) => {
                self.dropped = 0;
                Some(FifoEvent::Flows { dropped })
            }
            (Err(_), dropped) => {
                self.dropped += 1;
                (dropped == 0).then_some(FifoEvent::Full)
            }
        }
    }

    /// Whether who opens the path finds this FIFO.
    pub(crate) fn is_in_place(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|found| Inode::of(&found) == self.inode)
    }
}

impl Drop for Pipe {
    /// Unlinks before the file is closed, so that a reader that opens it again at its end does not find it.
    fn drop(&mut self) {
        if self.made && self.is_in_place() {
            // What cannot be removed stays; the next start takes it over.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Tells one file from another that has its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inode {
    device: u64,
    number: u64,
}

impl Inode {
    fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), number: metadata.ino() }
    }
}

/// Makes the FIFO unless something is there, and says whether it did.
fn make(path: &Path) -> Result<bool, FifoError> {
    match mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR) {
        Ok(()) => Ok(true),
        Err(Errno::EEXIST) => Ok(false),
        Err(errno) => Err(FifoError::Create { path: path.to_owned(), source: errno.into() }),
    }
}

/// Opens both ends, so that there is always a reader and nothing waits for one.
fn open_end(path: &Path) -> io::Result<File> {
    let flags = OFlag::O_RDWR | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
    Ok(File::from(open(path, flags, Mode::empty())?))
}

/// Refuses what is no FIFO of ours, which somebody may have put there before we came.
fn inspect(path: &Path, file: &File, owner: &Owner) -> Result<Inode, FifoError> {
    let path = path.to_owned();
    let metadata = match file.metadata() {
        Ok(metadata) => metadata,
        Err(source) => return Err(FifoError::Open { path, source }),
    };
    if !metadata.file_type().is_fifo() {
        return Err(FifoError::NotFifo { path });
    }
    if metadata.uid() != geteuid().as_raw() && owner.uid != Some(metadata.uid()) {
        return Err(FifoError::Foreign { path, owner: metadata.uid() });
    }
    Ok(Inode::of(&metadata))
}

fn is_something_else(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| !found.file_type().is_fifo())
}

/// Whose a FIFO becomes; nobody's in particular when it is to stay ours.
#[derive(Debug, Default)]
struct Owner {
    uid: Option<u32>,
    gid: Option<u32>,
}

impl Owner {
    fn of(identity: &Identity) -> Result<Self, FifoError> {
        let Identity::Named { user, group, .. } = identity else { return Ok(Self::default()) };
        let no_user = || FifoError::NoUser((&**user).into());
        let (uid, own_gid) = match user.parse() {
            Ok(uid) => (uid, None),
            Err(_) => {
                let found = User::from_name(user).ok().flatten().ok_or_else(no_user)?;
                (found.uid.as_raw(), Some(found.gid.as_raw()))
            }
        };
        let gid = match group.as_deref() {
            Some(group) => Some(gid(group)?),
            None => own_gid,
        };
        Ok(Self { uid: Some(uid), gid })
    }
}

fn gid(group: &str) -> Result<u32, FifoError> {
    let found = || Group::from_name(group).ok().flatten().map(|found| found.gid.as_raw());
    group.parse().ok().or_else(found).ok_or_else(|| FifoError::NoGroup(group.into()))
}
