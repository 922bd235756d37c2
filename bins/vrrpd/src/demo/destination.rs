use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nix::fcntl::{AT_FDCWD, OFlag, open, openat};
use nix::sys::stat::Mode;
use nix::unistd::{AccessFlags, faccessat};

use super::error::DemoError;

/// Where the plot goes. Its directory is held open, for inside the LAN's namespaces another one may hide it.
#[derive(Debug)]
pub(crate) struct Destination {
    path: PathBuf,
    directory: File,
    name: OsString,
}

impl Destination {
    /// Finds the directory, and makes sure that a file can be written there.
    pub(crate) fn find(path: &Path) -> Result<Self, DemoError> {
        let failed = |source| DemoError::Plot { path: path.to_owned(), source };
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::IsADirectory.into()))?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let writable = AccessFlags::W_OK | AccessFlags::X_OK;
        let allowed = faccessat(AT_FDCWD, directory, writable, nix::fcntl::AtFlags::AT_EACCESS);
        allowed.map_err(|errno| failed(errno.into()))?;
        let opened = open(directory, OFlag::O_DIRECTORY | OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty());
        let directory = File::from(opened.map_err(|errno| failed(errno.into()))?);
        Ok(Self { path: path.to_owned(), directory, name: name.to_owned() })
    }

    /// The path that the user gave.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file.
    pub(crate) fn write(&self, text: &str) -> Result<(), DemoError> {
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_TRUNC | OFlag::O_CLOEXEC;
        let opened = openat(&self.directory, self.name.as_os_str(), flags, Mode::from_bits_truncate(0o644));
        let written = opened.map_err(io::Error::from).and_then(|file| File::from(file).write_all(text.as_bytes()));
        written.map_err(|source| DemoError::Plot { path: self.path.clone(), source })
    }
}
