//! A number in a file (`track_file`).

mod error;
mod number;
mod steps;
mod watches;

use core::time::Duration;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use tokio::time::sleep;

pub use self::error::FileError;
use self::steps::{refusal, steps};
use self::watches::{Watch, watches};
use crate::outcome::{Outcome, changes};

/// How long until the kernel is asked again when it refused to watch.
const RETRY: Duration = Duration::from_secs(1);
/// How much of a file is read, as keepalived does.
const LONGEST: u64 = 127;
/// How often a path that changes while it is looked at is looked at again at once.
const ATTEMPTS: u32 = 8;

/// A number in a file (`track_file`); a file that is missing, empty or cannot be read counts as 0.
///
/// The number is read as keepalived reads it: what `strtol` with base 0 makes of the first 127 bytes. A number that
/// does not fit 32 bits is not taken: the last one stays. A file is followed through directories and symbolic links that come
/// and go. Files of which the kernel tells no changes (`/proc`, `/sys`, NFS and their like) are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is: below a directory that may be missing at first.
    pub path: PathBuf,
    /// What to make it hold before anything reads it (`init_file`).
    pub init: Option<Init>,
}

/// What a tracked file is made to hold before anything reads it (`init_file [VALUE] [overwrite]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Init {
    /// The number.
    pub value: i32,
    /// Whether a file that exists already is overwritten.
    pub overwrite: bool,
}

impl File {
    /// Reads the number in this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), init: None }
    }

    /// Does what `init` asks for: to be called once, at the start and not at a reload.
    ///
    /// # Errors
    ///
    /// [`FileError::NotRegular`] for something else than a file; [`FileError::Write`] where the system refuses.
    pub fn create(&self) -> Result<(), FileError> {
        let Some(init) = self.init else {
            return Ok(());
        };
        match fs::metadata(&self.path) {
            Ok(_) if !init.overwrite => return Ok(()),
            Ok(found) if !found.is_file() => return Err(FileError::NotRegular { path: self.path.clone() }),
            Ok(_) | Err(_) => {}
        }
        // A link that somebody else put there must not lead our writing astray.
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(true).mode(0o644).custom_flags(flags).open(&self.path);
        let written = opened.and_then(|mut file| writeln!(file, "{}", init.value));
        written.map_err(|source| FileError::Write { path: self.path.clone(), source })
    }

    /// Tells the number, and from then on each change, until dropped.
    pub(crate) async fn watch(&self, told: impl FnMut(Outcome)) {
        let mut tell = changes(told);
        let mut number = 0;
        loop {
            match self.place() {
                Ok(watch) => {
                    tell(self.refused().unwrap_or_else(|| self.number(&mut number)));
                    watch.news().await;
                }
                Err(error) => {
                    let path = self.path.display();
                    tell(Outcome::CouldNotRun(format!("{path} cannot be watched: {error}").into()));
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Watches everything on the way to the file.
    fn place(&self) -> io::Result<Watch> {
        let shared = watches()?;
        let mut way = steps(&self.path)?;
        for _ in 1..ATTEMPTS {
            let watch = Watch::place(&shared, &way)?;
            let now = steps(&self.path)?;
            if now == way {
                return Ok(watch);
            }
            way = now;
        }
        Watch::place(&shared, &way)
    }

    fn refused(&self) -> Option<Outcome> {
        let kind = refusal(&self.path)?;
        let path = self.path.display();
        Some(Outcome::CouldNotRun(format!("{path} is on {kind}, which tells of no changes").into()))
    }

    fn number(&self, last: &mut i64) -> Outcome {
        let content = self.read().unwrap_or_default();
        match number::parse(&content) {
            Ok(number) => *last = number,
            Err(number::OutOfRange) => {
                let holds = String::from_utf8_lossy(&content);
                tracing::warn!(path = %self.path.display(), %holds, "the number does not fit 32 bits, the last one stays");
            }
        }
        Outcome::Value(*last)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&self.path)?;
        let mut content = Vec::new();
        file.take(LONGEST).read_to_end(&mut content)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests;
