//! What the service manager and the operator ask for by signals.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::dump::Dump;
use crate::signum::SigFunc;

/// The signals that are listened to; keepalived's numbers with keepalived's meanings, as far as they have one here.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    quit: Signal,
    /// They write keepalived's files, and are caught where nothing is written too: exporters send them, and they must not
    /// end us.
    dumps: [Signal; 4],
}

impl Signals {
    /// Listens from now on.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            dumps: [
                listen(SigFunc::Data)?,
                listen(SigFunc::Stats)?,
                listen(SigFunc::Json)?,
                listen(SigFunc::StatsClear)?,
            ],
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Wish {
        let [data, stats, json, clear] = &mut self.dumps;
        tokio::select! {
            _ = data.recv() => Wish::Dump(Dump::Data),
            _ = stats.recv() => Wish::Dump(Dump::Stats),
            _ = json.recv() => Wish::Dump(Dump::Json),
            _ = clear.recv() => Wish::Dump(Dump::ClearStats),
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = self.hangup.recv() => Wish::Reload,
            _ = self.quit.recv() => Wish::Abandon,
        }
    }
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Hand over and end; the second time, at once.
    Stop,
    /// Read the configuration again.
    Reload,
    /// End at once and leave everything in place.
    Abandon,
    /// One of keepalived's files.
    Dump(Dump),
}

fn listen(function: SigFunc) -> std::io::Result<Signal> {
    signal(SignalKind::from_raw(function.number()))
}
