use std::process::ExitCode;

/// What an exit status tells a script. `--help` and the book list them: see [`Exit::LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is done.
    Done,
    /// It is not done, for a reason that has no number of its own.
    Failed,
    /// Nobody answers at the control socket.
    NoDaemon,
    /// This user may not.
    NotPermitted,
    /// Nobody took over: what was to be drained serves on.
    Unrelieved,
    /// The takeover was refused: a peer has the greatest priority, or something stands against it.
    NoTakeover,
    /// The configuration was not taken; the former one is in force.
    NotReloaded,
    /// The daemon is of a version that this program does not understand.
    OtherVersion,
}

impl Exit {
    /// All of them, with what each says. 2 is clap's.
    pub(crate) const LIST: [(u8, &'static str); 9] = [
        (0, "done"),
        (1, "failed"),
        (2, "the command line is wrong"),
        (3, "nobody answers at the control socket"),
        (4, "this user may not"),
        (5, "drain: nobody took over, and the virtual router serves on"),
        (6, "takeover: refused"),
        (7, "reload: the configuration was not taken (with --dry-run: would not be)"),
        (8, "the daemon is of a version that this program does not understand"),
    ];

    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::NoDaemon => 3,
            Self::NotPermitted => 4,
            Self::Unrelieved => 5,
            Self::NoTakeover => 6,
            Self::NotReloaded => 7,
            Self::OtherVersion => 8,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// The last part of `--help`.
pub(crate) fn help() -> String {
    let lines = Exit::LIST.map(|(code, words)| format!("  {code}  {words}"));
    format!("Exit status:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_book_lists_every_exit_status_in_the_words_of_the_help() {
        let page = include_str!("../../../docs/src/vrrpctl.md");
        for (code, words) in Exit::LIST {
            assert!(page.contains(&format!("| {code} | {words} |")), "docs/src/vrrpctl.md lacks {code}: {words}");
        }
    }
}
