use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::Path;

use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::{AccessFlags, dup2_stdin, faccessat};

use super::error::DemoError;

/// What the plot is drawn on: memory that the process inside the LAN's namespaces has as its standard input.
///
/// Inside, other directories may hide the one that the plot goes to, and a file of another user is out of reach even
/// for root. So the process outside writes the file, with the rights that its user has.
#[derive(Debug)]
pub(crate) struct Sheet(File);

impl Sheet {
    /// A blank one, for the process that is started next, if a file can be written at `path`.
    pub(crate) fn blank(path: &Path) -> Result<Self, DemoError> {
        let made = writable(path).and_then(|()| {
            let memory = memfd_create("plot", MFdFlags::MFD_CLOEXEC)?;
            dup2_stdin(&memory)?;
            Ok(Self(File::from(memory)))
        });
        made.map_err(|source| DemoError::Plot { path: path.to_owned(), source })
    }

    /// The one that the process outside has made.
    pub(crate) fn handed_in(path: &Path) -> Result<Self, DemoError> {
        let stdin = io::stdin().as_fd().try_clone_to_owned();
        stdin.map(|stdin| Self(stdin.into())).map_err(|source| DemoError::Plot { path: path.to_owned(), source })
    }

    /// Draws on it.
    pub(crate) fn draw(&mut self, drawing: &str, path: &Path) -> Result<(), DemoError> {
        let drawn = self.0.write_all(drawing.as_bytes());
        drawn.map_err(|source| DemoError::Plot { path: path.to_owned(), source })
    }

    /// Writes the file, if something was drawn.
    pub(crate) fn deliver(mut self, path: &Path) -> Result<(), DemoError> {
        let mut drawing = Vec::new();
        let read = self.0.rewind().and_then(|()| self.0.read_to_end(&mut drawing));
        let delivered = read.and_then(|length| if length == 0 { Ok(()) } else { fs::write(path, &drawing) });
        delivered.map_err(|source| DemoError::Plot { path: path.to_owned(), source })
    }
}

/// Says now what would be said after ten seconds.
fn writable(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let (place, rights) =
        if path.exists() { (path, AccessFlags::W_OK) } else { (directory, AccessFlags::W_OK | AccessFlags::X_OK) };
    Ok(faccessat(AT_FDCWD, place, rights, AtFlags::AT_EACCESS)?)
}
