use std::io::Write;
use std::process::ExitCode;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};
use vrrp::{Builder, Ended, Events, Node, Stop};
use vrrp_config::Loaded;

use crate::args::{LogFormat, Run};
use crate::check::summary;
use crate::{init, log};

/// Runs the virtual routers of a configuration until a signal ends it.
pub(crate) fn run(args: &Run) -> ExitCode {
    log::start(args.log_format);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_io().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start the runtime: {error}")),
    };
    runtime.block_on(async {
        match Signals::listen() {
            Ok(signals) => serve(args, signals).await,
            Err(error) => fail(&format!("cannot listen to signals: {error}")),
        }
    })
}

async fn serve(args: &Run, mut signals: Signals) -> ExitCode {
    let Some(builder) = first_configuration(args) else { return ExitCode::FAILURE };
    let builder =
        builder.run_directory(&args.runtime_dir).resume(!args.no_resume).remove_leftovers(args.remove_leftovers);
    let (mut node, mut events) = match builder.start() {
        Ok(started) => started,
        Err(error) => return fail(&error.to_string()),
    };
    let orphans = init::reap_orphans();
    tokio::pin!(orphans);
    let ended = loop {
        tokio::select! {
            Some(event) = events.recv() => log::event(args.log_format, &event),
            ended = node.ended() => break ended,
            wish = signals.next() => match wish {
                Wish::Dump => warn!("keepalived's dump signals write nothing here yet"),
                Wish::Stop => {
                    info!(event = "stopping", "stopping: handing over; a second signal releases at once");
                    node.stop(Stop::HandOver);
                }
                Wish::Reload => reload(args, &node).await,
                Wish::Abandon => {
                    info!(event = "abandoning", "exiting at once; the addresses stay for the next start");
                    node.abandon();
                }
            },
            () = &mut orphans => {}
        }
    };
    drain(args.log_format, &mut events);
    match ended {
        Ended::Stopped => ExitCode::SUCCESS,
        Ended::Died(reason) => fail(&reason),
    }
}

/// Reads the configuration at the start: a router whose own block is wrong is left out, loudly, and the others run.
fn first_configuration(args: &Run) -> Option<Builder> {
    let loaded = vrrp_config::load(&args.config, &args.reading.options());
    tell(&loaded);
    let nothing = loaded.model.routers.is_empty();
    if nothing || (args.reading.strict && !loaded.is_sound()) {
        let why = if nothing { "nothing in it can run" } else { "--strict, and it has errors" };
        error!(event = "not_started", config = %args.config.display(), "{why}; {}", summary(&loaded));
        return None;
    }
    for router in &loaded.quarantined {
        error!(
            event = "quarantined",
            router = router.name,
            "its configuration is wrong: it stays in Initialize (FAULT), the others run"
        );
    }
    Some(Node::builder().model(&loaded.model, &loaded.quarantined))
}

/// Reads the configuration again: all of it is taken, or nothing.
async fn reload(args: &Run, node: &Node) {
    let loaded = vrrp_config::load(&args.config, &args.reading.options());
    tell(&loaded);
    if !loaded.is_sound() || loaded.model.routers.is_empty() {
        error!(event = "not_reloaded", config = %args.config.display(), "not reloaded, the old configuration runs on: {}", summary(&loaded));
        return;
    }
    match node.reload(Node::routers_of(&loaded.model)).await {
        Ok(()) => info!(event = "configuration", config = %args.config.display(), "reloaded"),
        Err(error) => error!(event = "not_reloaded", %error, "not reloaded, the old configuration runs on"),
    }
}

/// Diagnostics as a person reads them, in one piece.
fn tell(loaded: &Loaded) {
    if loaded.diagnostics.is_empty() {
        return;
    }
    let _ = write!(std::io::stderr().lock(), "{}", vrrp_config::render(loaded, false));
    warn!("configuration: {}", summary(loaded));
}

fn drain(format: LogFormat, events: &mut Events) {
    while let Some(event) = events.try_recv() {
        log::event(format, &event);
    }
}

fn fail(reason: &str) -> ExitCode {
    error!(event = "failed", "{reason}");
    ExitCode::FAILURE
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    quit: Signal,
    /// keepalived's SIGUSR1, SIGUSR2, SIGRTMIN+2 and SIGRTMAX-1 make it write files. Exporters send them, and they
    /// must not end us.
    dumps: [Signal; 4],
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
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

    async fn next(&mut self) -> Wish {
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
enum Wish {
    Stop,
    Reload,
    Abandon,
    Dump,
}
