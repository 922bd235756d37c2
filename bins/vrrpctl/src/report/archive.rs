use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use vrrp_control::Moment;

use crate::render::since_epoch;

/// Files on their way into a tar archive.
#[derive(Debug)]
pub(super) struct Archive {
    at: u64,
    files: Vec<(String, Vec<u8>)>,
}

/// What the host is asked: where the answer goes, and the program with its arguments.
const HOST: [(&str, &str, &[&str]); 6] = [
    ("host/addresses.txt", "ip", &["-details", "address", "show"]),
    ("host/links.txt", "ip", &["-statistics", "link", "show"]),
    ("host/neighbours.txt", "ip", &["neighbour", "show"]),
    ("host/routes.txt", "ip", &["route", "show", "table", "all"]),
    ("host/groups.txt", "ip", &["maddress", "show"]),
    ("host/kernel.txt", "uname", &["-a"]),
];

impl Archive {
    /// An empty one, its files as old as `at`.
    pub(super) fn new(at: Moment) -> Self {
        let at = since_epoch(at).as_secs();
        Self { at, files: Vec::new() }
    }

    /// Adds a file.
    pub(super) fn add(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        self.files.push((name.to_owned(), content.into()));
    }

    /// Adds what programs of this host say about it, or why one said nothing.
    pub(super) fn add_host(&mut self) {
        for (name, program, arguments) in HOST {
            match Command::new(program).args(arguments).output() {
                Ok(output) if output.status.success() => self.add(name, output.stdout),
                Ok(output) => self.add(&format!("{name}.missing"), output.stderr),
                Err(error) => self.add(&format!("{name}.missing"), format!("{program}: {error}\n")),
            }
        }
    }

    /// Writes it where nothing is yet, readable to its owner only; compressed, unless the name ends in `.tar`.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        if path.extension().is_some_and(|extension| extension == "tar") {
            self.pack(file)?.flush()
        } else {
            self.pack(GzEncoder::new(file, Compression::default()))?.finish()?.flush()
        }
    }

    fn pack<W: Write>(&self, to: W) -> io::Result<W> {
        let mut tar = tar::Builder::new(to);
        for (name, content) in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_mode(0o600);
            header.set_mtime(self.at);
            header.set_size(u64::try_from(content.len()).unwrap_or(u64::MAX));
            tar.append_data(&mut header, format!("vrrp-report/{name}"), content.as_slice())?;
        }
        tar.into_inner()
    }
}

/// The name of this host, of letters, digits, dots and dashes.
pub(super) fn hostname() -> String {
    let name = nix::unistd::gethostname().unwrap_or_default().to_string_lossy().into_owned();
    name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect()
}
