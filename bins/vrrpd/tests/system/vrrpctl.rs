//! The real `vrrpctl` on a host of the LAN, as an operator would type it.

use std::process::Command;

use crate::fixture::{Node, binary};

/// What a run of it said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// What it printed, where it ended well.
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }

    /// What it printed as JSON, where it ended well.
    pub(crate) fn json(self) -> serde_json::Value {
        let text = self.well();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

impl Node {
    /// Runs `vrrpctl` with these words to its end.
    pub(crate) fn vrrpctl(&self, words: &[&str]) -> Said {
        // Built beside the daemon by every `cargo test --workspace`, and by `cargo build -p vrrpctl`.
        let vrrpctl = binary().with_file_name("vrrpctl");
        let run = || Command::new(&vrrpctl).args(words).current_dir("/tmp").output();
        let output = self.host.on(run).unwrap().unwrap_or_else(|error| panic!("{}: {error}", vrrpctl.display()));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
