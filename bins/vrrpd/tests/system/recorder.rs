//! What hooks were called with and what FIFOs carried, as files on the host.

use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use crate::fixture::{Node, SOON, ms};

/// Where [`HOOK`] writes its arguments, a line for each call.
pub(crate) const HOOKS: &str = "/tmp/hooks";
/// A program that writes its arguments down.
pub(crate) const HOOK: &str = "/tmp/hook";
/// A program that copies the FIFO named last into [`LINES`].
pub(crate) const READER: &str = "/tmp/reader";
/// What [`READER`] has read.
pub(crate) const LINES: &str = "/tmp/lines";

impl Node {
    /// Writes a program for `/bin/sh`.
    pub(crate) fn script(&self, path: &str, text: &str) {
        self.write(path, &format!("#!/bin/sh\n{text}\n"));
        let all = std::fs::Permissions::from_mode(0o755);
        self.host.on(|| std::fs::set_permissions(path, all)).unwrap().unwrap();
    }

    /// Writes the programs of this module.
    pub(crate) fn recorders(&self) {
        self.script(HOOK, &format!("echo \"$*\" >> {HOOKS}"));
        self.script(READER, &format!("exec cat \"$1\" >> {LINES}"));
    }

    /// The lines of a file, none if it is not there.
    pub(crate) fn read_lines(&self, path: &str) -> Vec<String> {
        let text = self.host.on(|| std::fs::read_to_string(path)).unwrap().unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.host.on(|| std::path::Path::new(path).exists()).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        self.host.on(|| std::fs::remove_file(path)).unwrap().unwrap();
    }

    /// Waits until a file has so many lines, and gives all of them.
    pub(crate) fn wait_lines(&self, path: &str, count: usize) -> Vec<String> {
        until(&format!("{count} lines in {path}"), || {
            let lines = self.read_lines(path);
            if lines.len() >= count { Ok(lines) } else { Err(format!("{lines:#?}")) }
        })
    }

    /// Waits until a file has this line.
    pub(crate) fn wait_line(&self, path: &str, line: &str) {
        until(&format!("{line} in {path}"), || {
            let lines = self.read_lines(path);
            if lines.iter().any(|found| found == line) { Ok(()) } else { Err(format!("{lines:#?}")) }
        });
    }
}

/// Looks until there is something to see; what is there instead is an error.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let end = Instant::now() + SOON;
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(instead) => assert!(Instant::now() < end, "waited in vain for {what}, there is {instead}"),
        }
        std::thread::sleep(ms(10));
    }
}
