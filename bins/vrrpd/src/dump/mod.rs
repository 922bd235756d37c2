//! keepalived's dump files: what a person, or an exporter, asks for with a signal and reads from a directory.
//!
//! The layout is that of keepalived 2.2. A status is asked of the engine as the control socket asks it; text is made and
//! written on a thread of its own, so that a disk that hangs holds up neither the engine nor the main loop.

mod address;
mod clock;
mod command;
mod data;
mod global;
mod instance;
mod json;
mod stats;
mod tracked;
mod tracking;
mod view;
mod writer;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use tracing::{debug, warn};
use vrrp_config::Model;
use vrrp_http::Host;

use writer::Work;

/// What a signal asks to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dump {
    /// `keepalived.data`: SIGUSR1.
    Data,
    /// `keepalived.stats`: SIGUSR2.
    Stats,
    /// The same, and counting begins anew: SIGRTMAX-1.
    ClearStats,
    /// `keepalived.json`: SIGRTMIN+2.
    Json,
}

/// Writes what signals ask for, where the command line or the configuration says.
pub(crate) struct Dumper<H> {
    host: H,
    /// From the command line, which wins.
    directory: Option<PathBuf>,
    model: Arc<Model>,
    work: SyncSender<Work>,
    /// Whether it was said that nothing is written.
    said: bool,
}

impl<H: Host + Clone> Dumper<H> {
    /// Waits for signals; `directory` is what the command line says.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub(crate) fn start(host: H, directory: Option<PathBuf>, model: &Model) -> std::io::Result<Self> {
        Ok(Self { host, directory, model: Arc::new(model.clone()), work: writer::start()?, said: false })
    }

    /// Follows another configuration.
    pub(crate) fn reload(&mut self, model: &Model) {
        self.model = Arc::new(model.clone());
    }

    /// Writes a file, or says how it would be.
    pub(crate) fn ask(&mut self, dump: Dump) {
        let configured = self.model.global.surfaces.dump_directory.as_ref().map(PathBuf::from);
        let Some(directory) = self.directory.clone().or(configured) else { return self.say_off(dump) };
        let (host, model, work) = (self.host.clone(), Arc::clone(&self.model), self.work.clone());
        tokio::spawn(async move {
            let status = match host.status().await {
                Ok(status) => status,
                Err(error) => return warn!(event = "dump", "{} is not written: {error}", dump.file()),
            };
            match work.try_send(Work { dump, directory, status, model }) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => {
                    warn!(event = "dump", "{} is not written: files before it still are", dump.file());
                }
                Err(TrySendError::Disconnected(_)) => {
                    warn!(event = "dump", "{} is not written: whoever writes has died", dump.file());
                }
            }
        });
    }

    /// Exporters ask again and again; once is enough for a person.
    fn say_off(&mut self, dump: Dump) {
        let file = dump.file();
        if self.said {
            return debug!(event = "dump", "{file} is not written: no directory is configured");
        }
        self.said = true;
        warn!(
            event = "dump",
            "a signal asks for {file}, which is not written: `dump_directory /tmp` in global_defs or --dump-dir /tmp turns it on"
        );
    }
}

impl Dump {
    /// The name of its file.
    const fn file(self) -> &'static str {
        match self {
            Self::Data => "keepalived.data",
            Self::Stats | Self::ClearStats => "keepalived.stats",
            Self::Json => "keepalived.json",
        }
    }
}
