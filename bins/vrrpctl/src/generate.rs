//! What is made of the command line's definition: completions and man pages.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::error::Error;

/// The completions of a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "vrrpctl", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The man pages by their file names: one of the program, one for each command.
pub(crate) fn man_pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut program = Args::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help").cloned();
    core::iter::once(program.clone()).chain(commands).map(page).collect()
}

/// Writes the man pages into a directory.
pub(crate) fn man(directory: &Path) -> Result<(), Error> {
    for (name, text) in man_pages().map_err(Error::writing("man pages"))? {
        let path = directory.join(name);
        std::fs::write(&path, text).map_err(Error::writing(path.display().to_string()))?;
    }
    Ok(())
}

fn page(command: clap::Command) -> io::Result<(String, Vec<u8>)> {
    let page = clap_mangen::Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok((page.get_filename(), text))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use clap_complete::Shell;

    use super::{completions, man_pages};

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let script = completions(*shell);
            for command in ["status", "explain", "drain", "log-level", "completions"] {
                assert!(script.contains(command), "{shell} does not know {command}");
            }
        }
    }

    #[test]
    fn the_man_pages_tell_of_every_command_and_exit_status() {
        let pages = man_pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"vrrpctl.1") && names.contains(&"vrrpctl-drain.1"), "{names:?}");
        assert!(!names.iter().any(|name| name.contains("help")), "{names:?}");
        let text = |name: &str| String::from_utf8_lossy(&pages.iter().find(|(n, _)| n == name).unwrap().1).into_owned();
        assert!(text("vrrpctl.1").contains("nobody answers at the control socket"), "{}", text("vrrpctl.1"));
        assert!(
            text("vrrpctl-drain.1").contains("serves on until a successor is heard"),
            "{}",
            text("vrrpctl-drain.1")
        );
    }
}
