use std::io::Write;
use std::process::ExitCode;

use tracing::{error, info, warn};
use vrrp::{Builder, Ended, Events, Node, Stop};
use vrrp_config::{Loaded, Model};
use vrrp_control::Reloaded;

use crate::args::Run;
use crate::check::summary;
use crate::pid_file::PidFiles;
use crate::services::{Services, Told};
use crate::signals::{Signals, Wish};
use crate::{control, doors, init, log, unrunnable};

/// Runs the virtual routers of a configuration until a signal ends it.
pub(crate) fn run(args: &Run) -> ExitCode {
    log::start(args.logging);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start the runtime: {error}")),
    };
    let Some(loaded) = first_configuration(args) else { return ExitCode::FAILURE };
    log::daemon_script("startup_script", vrrp::notify::run_startup_script(&loaded.model));
    let (code, model) = runtime.block_on(async {
        match Signals::listen() {
            Ok(signals) => serve(args, loaded, signals).await,
            Err(error) => (fail(&format!("cannot listen to signals: {error}")), loaded.model),
        }
    });
    log::daemon_script("shutdown_script", vrrp::notify::run_shutdown_script(&model));
    code
}

/// Runs until the end; gives the configuration that was in force then.
async fn serve(args: &Run, loaded: Loaded, mut signals: Signals) -> (ExitCode, Model) {
    let builder = builder(args, &loaded);
    let mut model = loaded.model;
    let doors = match doors::bind(args, &model) {
        Ok(doors) => doors,
        Err(reason) => return (fail(&reason), model),
    };
    let (mut node, mut events) = match builder.start() {
        Ok(started) => started,
        Err(error) => return (fail(&error.to_string()), model),
    };
    let mut services = match Services::start(args, &model, &node, doors) {
        Ok(services) => services,
        Err(reason) => return (fail(&reason), model),
    };
    let _pid_files = PidFiles::write(args.pid.iter().chain(&args.vrrp_pid));
    let orphans = init::reap_orphans();
    tokio::pin!(orphans);
    let ended = loop {
        tokio::select! {
            Some(event) = events.recv() => take(args, &mut services, &event),
            ended = node.ended() => break ended,
            Some(told) = services.told() => match services.take(told) {
                Some(Told::Reload { dry_run, reply }) => {
                    let reloaded = if dry_run { plan(args, &model) } else { reload(args, &node, &mut events, &mut services, &mut model).await };
                    let _ = reply.send(reloaded);
                }
                Some(Told::Config(reply)) => drop(reply.send(control::masked(&model))),
                Some(Told::Hook(_) | Told::Check(_)) | None => {}
            },
            wish = signals.next() => match wish {
                Wish::Dump(dump) => services.dump(dump),
                Wish::Stop => {
                    info!(event = "stopping", "stopping: handing over; a second signal releases at once");
                    services.stopping();
                    node.stop(Stop::HandOver);
                }
                Wish::Reload => drop(reload(args, &node, &mut events, &mut services, &mut model).await),
                Wish::Abandon => {
                    info!(event = "abandoning", "exiting at once; the addresses stay for the next start");
                    services.abandoning();
                    node.abandon();
                }
            },
            () = &mut orphans => {}
        }
    };
    drain(args, &mut services, &mut events);
    services.stop().await;
    let code = match ended {
        Ended::Stopped => ExitCode::SUCCESS,
        Ended::Died(reason) => fail(&reason),
    };
    (code, model)
}

/// Logs an event of the node and lets whoever is to be notified hear of it.
fn take(args: &Run, services: &mut Services, event: &vrrp::Event) {
    log::event(args.logging, event);
    services.event(event);
}

fn builder(args: &Run, loaded: &Loaded) -> Builder {
    Node::builder()
        .model(&loaded.model, &loaded.quarantined)
        .run_directory(&args.runtime_dir)
        .resume(!args.no_resume)
        .remove_leftovers(args.remove_leftovers)
}

/// Reads the configuration at the start: a router whose own block is wrong is left out, loudly, and the others run.
fn first_configuration(args: &Run) -> Option<Loaded> {
    let loaded = read(args);
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
    Some(loaded)
}

/// Reads the configuration, and looks at what it needs of this host.
fn read(args: &Run) -> Loaded {
    let mut loaded = vrrp_config::load(&args.config, &args.reading.options());
    unrunnable::warn_of(&mut loaded);
    loaded
}

/// Says what a reload would change.
fn plan(args: &Run, model: &Model) -> Reloaded {
    let loaded = read(args);
    Reloaded {
        applied: false,
        reason: unfit(&loaded),
        changes: control::changes(model, &loaded.model),
        diagnostics: control::diagnostics(&loaded),
    }
}

/// Why a configuration cannot replace another one.
fn unfit(loaded: &Loaded) -> Option<String> {
    (!loaded.is_sound() || loaded.model.routers.is_empty()).then(|| summary(loaded))
}

/// Reads the configuration again: all of it is taken, or nothing.
async fn reload(args: &Run, node: &Node, events: &mut Events, services: &mut Services, model: &mut Model) -> Reloaded {
    let loaded = read(args);
    tell(&loaded);
    let (changes, diagnostics) = (control::changes(model, &loaded.model), control::diagnostics(&loaded));
    let refused =
        |reason| Reloaded { applied: false, reason: Some(reason), changes: Vec::new(), diagnostics: Vec::new() };
    if let Some(reason) = unfit(&loaded) {
        error!(event = "not_reloaded", config = %args.config.display(), "not reloaded, the old configuration runs on: {reason}");
        return Reloaded { changes, diagnostics, ..refused(reason) };
    }
    match node.reload(Node::routers_of(&loaded.model)).await {
        Ok(()) => {
            let brought: Vec<vrrp::Event> = core::iter::from_fn(|| events.try_recv()).collect();
            brought.iter().for_each(|event| log::event(args.logging, event));
            services.reload(&loaded.model, &brought);
            if doors::differ(args, model, &loaded.model) {
                warn!(event = "control", "another control socket or metrics address is taken at the next start only");
            }
            *model = loaded.model;
            info!(event = "configuration", config = %args.config.display(), "reloaded");
            Reloaded { applied: true, reason: None, changes, diagnostics }
        }
        Err(error) => {
            error!(event = "not_reloaded", %error, "not reloaded, the old configuration runs on");
            Reloaded { changes, diagnostics, ..refused(error.to_string()) }
        }
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

fn drain(args: &Run, services: &mut Services, events: &mut Events) {
    while let Some(event) = events.try_recv() {
        take(args, services, &event);
    }
}

fn fail(reason: &str) -> ExitCode {
    error!(event = "failed", "{reason}");
    ExitCode::FAILURE
}
