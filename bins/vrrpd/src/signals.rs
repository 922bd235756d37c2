//! What the service manager and the operator ask for by signals.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that are listened to; keepalived's numbers with keepalived's meanings, as far as they have one here.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    quit: Signal,
    /// keepalived's SIGUSR1, SIGUSR2, SIGRTMIN+2 and SIGRTMAX-1 make it write files. Exporters send them, and they
    /// must not end us.
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
                signal(SignalKind::user_defined1())?,
                signal(SignalKind::user_defined2())?,
                signal(SignalKind::from_raw(nix::libc::SIGRTMIN() + 2))?,
                signal(SignalKind::from_raw(nix::libc::SIGRTMAX() - 1))?,
            ],
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Wish {
        let [usr1, usr2, json, clear] = &mut self.dumps;
        tokio::select! {
            _ = usr1.recv() => Wish::Dump,
            _ = usr2.recv() => Wish::Dump,
            _ = json.recv() => Wish::Dump,
            _ = clear.recv() => Wish::Dump,
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
    /// keepalived's files.
    Dump,
}
