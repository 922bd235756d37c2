//! Lines for syslog on its socket. A syslog that is stuck or gone loses lines, and never holds anything up.

use core::str::FromStr;
use core::sync::atomic::{AtomicU64, Ordering};
use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Where syslog listens.
const SOCKET: &str = "/dev/log";

/// A facility of syslog, by its number (RFC 5424 §6.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facility(u8);

/// The socket of syslog.
#[derive(Debug)]
pub(super) struct Syslog {
    path: PathBuf,
    facility: Facility,
    /// Nothing to send from where not even a socket can be had.
    socket: Option<UnixDatagram>,
    /// Lines that were lost since the last that was not.
    lost: AtomicU64,
}

/// One line on its way.
#[derive(Debug)]
pub(super) struct Line<'a> {
    syslog: &'a Syslog,
    severity: u8,
}

impl FromStr for Facility {
    type Err = String;

    /// `local0` to `local7`, `0` to `7` as keepalived's `--log-facility` has it, `daemon` or `user`.
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("local").unwrap_or(text).as_bytes()) {
            ("user", _) => Ok(Self(1)),
            ("daemon", _) => Ok(Self(3)),
            (_, [digit @ b'0'..=b'7']) => Ok(Self(16 + (digit - b'0'))),
            _ => Err("it must be local0 to local7, daemon or user".to_owned()),
        }
    }
}

impl Syslog {
    /// The syslog of this host.
    pub(super) fn new(facility: Facility) -> Self {
        Self::at(SOCKET.into(), facility)
    }

    /// One whose socket lies here.
    pub(super) fn at(path: PathBuf, facility: Facility) -> Self {
        let socket = UnixDatagram::unbound().and_then(|socket| socket.set_nonblocking(true).map(|()| socket)).ok();
        Self { path, facility, socket, lost: AtomicU64::new(0) }
    }

    /// Sends one line. The socket is looked up anew each time: syslog may have been started again.
    fn send(&self, severity: u8, text: &str) -> bool {
        let priority = self.facility.0 * 8 + severity;
        let message = format!("<{priority}>vrrpd[{}]: {text}", std::process::id());
        self.socket.as_ref().is_some_and(|socket| socket.send_to(message.as_bytes(), &self.path).is_ok())
    }
}

impl<'a> MakeWriter<'a> for Syslog {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { syslog: self, severity: 6 }
    }

    fn make_writer_for(&'a self, line: &Metadata<'_>) -> Self::Writer {
        let severity = match *line.level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            Level::DEBUG | Level::TRACE => 7,
        };
        Line { syslog: self, severity }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let lost = self.syslog.lost.swap(0, Ordering::Relaxed);
        let told = lost == 0 || self.syslog.send(4, &format!("{lost} lines before this one were lost"));
        let sent = self.syslog.send(self.severity, String::from_utf8_lossy(line).trim_end());
        let lost = if told { u64::from(!sent) } else { lost + u64::from(!sent) };
        self.syslog.lost.fetch_add(lost, Ordering::Relaxed);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use tracing_subscriber::layer::SubscriberExt;

    use super::super::outlet;
    use super::{Facility, Syslog};
    use crate::args::LogFormat;

    fn received(socket: &UnixDatagram) -> String {
        let mut line = vec![0; 4096];
        let length = socket.recv(&mut line).unwrap();
        String::from_utf8(line[..length].to_vec()).unwrap()
    }

    #[test]
    fn a_line_has_its_facility_severity_and_process_and_no_time_of_its_own() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let socket = UnixDatagram::bind(&path).unwrap();
        let syslog = Syslog::at(path, "local0".parse().unwrap());
        let lines = tracing_subscriber::registry().with(outlet::to_syslog(LogFormat::Text, syslog));
        tracing::subscriber::with_default(lines, || {
            tracing::info!("(web) Backup -> Active");
            tracing::warn!("odd");
        });
        let process = std::process::id();
        assert_eq!(received(&socket), format!("<134>vrrpd[{process}]: (web) Backup -> Active"));
        assert_eq!(received(&socket), format!("<132>vrrpd[{process}]: odd"));
    }

    #[test]
    fn lines_that_nobody_took_are_counted_and_told_of_when_somebody_listens_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let syslog = Syslog::at(path.clone(), Facility(3));
        let lines = tracing_subscriber::registry().with(outlet::to_syslog(LogFormat::Text, syslog));
        tracing::subscriber::with_default(lines, || {
            tracing::info!("lost");
            tracing::info!("lost, too");
            let socket = UnixDatagram::bind(&path).unwrap();
            tracing::info!("heard");
            assert!(received(&socket).ends_with(": 2 lines before this one were lost"));
            assert!(received(&socket).ends_with(": heard"));
            tracing::info!("heard, too");
            assert!(received(&socket).ends_with(": heard, too"));
        });
    }

    #[test]
    fn a_syslog_that_is_stuck_holds_nothing_up() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let _never_read = UnixDatagram::bind(&path).unwrap();
        let lines =
            tracing_subscriber::registry().with(outlet::to_syslog(LogFormat::Text, Syslog::at(path, Facility(3))));
        // A socket that waited would never come to the end of these.
        tracing::subscriber::with_default(lines, || (0..10_000).for_each(|number| tracing::info!("{number}")));
    }

    #[test]
    fn facilities_are_named_as_keepalived_and_syslog_name_them() {
        let facility = |text: &str| text.parse::<Facility>().map(|facility| facility.0);
        assert_eq!(facility("local0"), Ok(16));
        assert_eq!(facility("7"), Ok(23));
        assert_eq!(facility("daemon"), Ok(3));
        assert!(facility("local8").is_err() && facility("").is_err() && facility("mail").is_err());
    }
}
