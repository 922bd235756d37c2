use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::credentials::Credentials;
use crate::path::{components, denied, insecure};
use crate::program::Program;
use crate::report::Unrunnable;

/// The kernel reads no more of a first line.
const FIRST_LINE: u64 = 255;

impl Program {
    /// Returns what would keep it from running, and that others than root could have written it if it would run as root,
    /// whether it is [refused](Self::secure) for that or not. Empty if there is nothing to say.
    ///
    /// It looks at modes, not at access control lists: when it is run, the kernel decides.
    pub fn inspect(&self) -> Vec<Unrunnable> {
        let found = || {
            let who = Credentials::resolve(&self.identity)?;
            let path = self.locate(&who)?;
            Ok((components(&path)?, path, who))
        };
        match found() {
            Ok((passed, path, who)) => {
                [denied(&passed, &who).or_else(|| without_interpreter(&path)), insecure(&passed, &who)]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            Err(why) => vec![why],
        }
    }
}

/// Whether the first line of the program at `path` names an interpreter that is not there.
pub(crate) fn without_interpreter(path: &Path) -> Option<Unrunnable> {
    let mut line = Vec::new();
    File::open(path).ok()?.take(FIRST_LINE).read_to_end(&mut line).ok()?;
    let words = line.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let mut words = words.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    let interpreter = PathBuf::from(std::ffi::OsStr::from_bytes(words.next()?));
    let gone = interpreter.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    gone.then(|| Unrunnable::NoInterpreter { path: path.to_owned(), interpreter })
}
