//! What `/proc` tells of processes.

use std::fs;

/// What is known of a process that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) comm: Vec<u8>,
    pub(crate) parent: i32,
    /// Its first thread has ended and others go on: it has no command line any more.
    pub(crate) headless: bool,
}

/// Lists the processes.
pub(crate) fn processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Looks at a process; none if it is not there, or dead and not reaped.
pub(crate) fn look(process: i32) -> Option<Seen> {
    read_stat(&fs::read(format!("/proc/{process}/stat")).ok()?)
}

/// The command line, each argument with a zero behind it. Reading it may bring pages back from swap.
pub(crate) fn command_line(process: i32) -> Vec<u8> {
    fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default()
}

/// Whether `/proc` shows this user's processes only (`hidepid`): then the first one, which always runs, is not to be read.
pub(crate) fn hides_others() -> bool {
    fs::read("/proc/1/stat").is_err()
}

/// Reads `/proc/PID/stat`. The name stands in brackets and may hold some itself.
fn read_stat(stat: &[u8]) -> Option<Seen> {
    let open = stat.iter().position(|byte| *byte == b'(')?;
    let close = stat.iter().rposition(|byte| *byte == b')')?;
    let comm = stat.get(open + 1..close)?.to_vec();
    let rest = core::str::from_utf8(stat.get(close + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let (state, parent) = (fields.next()?, fields.next()?.parse().ok()?);
    let threads: u32 = fields.nth(15)?.parse().ok()?;
    let dead = matches!(state, "Z" | "X" | "x");
    (!dead || threads > 1).then_some(Seen { comm, parent, headless: dead })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_brackets_and_a_dead_process_does_not_run() {
        let stat = |comm: &str, state: &str, threads: u32| {
            format!("7 ({comm}) {state} 5 7 7 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 {threads} 0 99").into_bytes()
        };
        let seen = |comm: &str, headless| Some(Seen { comm: comm.into(), parent: 5, headless });
        assert_eq!(read_stat(&stat("sleep", "S", 1)), seen("sleep", false));
        assert_eq!(read_stat(&stat("a) Z (b", "R", 1)), seen("a) Z (b", false));
        assert_eq!(read_stat(&stat("sleep", "Z", 1)), None);
        assert_eq!(read_stat(&stat("sleep", "Z", 0)), None);
        assert_eq!(read_stat(&stat("java", "Z", 12)), seen("java", true));
        assert_eq!(read_stat(b"7 (sleep"), None);
        assert_eq!(read_stat(b""), None);
    }

    #[test]
    fn this_process_is_seen() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(processes().contains(&own));
        assert!(!look(own).unwrap().headless);
        let program = std::env::args().next().unwrap();
        assert!(command_line(own).starts_with(format!("{program}\0").as_bytes()));
    }
}
