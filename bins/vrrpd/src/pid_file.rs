//! The files by which others find this process: keepalived's, for its exporters and for scripts.

use std::io;
use std::path::{Path, PathBuf};

use tracing::error;

use crate::atomic_file::Directory;

/// Everybody may know our number.
const MODE: u32 = 0o644;

/// Files with our process number. They go when this is dropped, unless they are another daemon's by then.
#[derive(Debug, Default)]
pub(crate) struct PidFiles(Vec<PathBuf>);

impl PidFiles {
    /// Writes a file at each path. One that cannot be written is no reason to give up addresses.
    pub(crate) fn write<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        let mut written = Self::default();
        for path in paths {
            match write(path) {
                Ok(()) => written.0.push(path.clone()),
                Err(error) => error!(event = "pid_file", "cannot write the pid file {}: {error}", path.display()),
            }
        }
        written
    }
}

impl Drop for PidFiles {
    fn drop(&mut self) {
        for path in &self.0 {
            let ours = std::fs::read_to_string(path).is_ok_and(|text| text == line());
            if ours && let Err(error) = std::fs::remove_file(path) {
                error!(event = "pid_file", "cannot remove the pid file {}: {error}", path.display());
            }
        }
    }
}

fn line() -> String {
    format!("{}\n", std::process::id())
}

fn write(path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    Directory::behind(directory)?.put(name, MODE, line().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_has_our_number_and_goes_with_us_unless_it_is_another_s_by_then() {
        let scratch = tempfile::tempdir().unwrap();
        let [mine, theirs] = ["mine.pid", "theirs.pid"].map(|name| scratch.path().join(name));
        let files = PidFiles::write([&mine, &theirs]);
        assert_eq!(std::fs::read_to_string(&mine).unwrap(), format!("{}\n", std::process::id()));
        std::fs::write(&theirs, "1\n").unwrap();
        drop(files);
        assert!(!mine.exists() && theirs.exists());
    }

    #[test]
    fn one_that_cannot_be_written_keeps_no_other_from_being_there() {
        let scratch = tempfile::tempdir().unwrap();
        let [nowhere, fine] = ["no/where.pid", "fine.pid"].map(|name| scratch.path().join(name));
        let _files = PidFiles::write([&nowhere, &fine]);
        assert!(fine.exists());
    }
}
