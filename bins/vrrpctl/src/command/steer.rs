use vrrp_control::{DrainOutcome, Seconds, TakeoverOutcome};

use super::Daemon;
use crate::args::{Drain, LogLevel, Reload, Scope, Takeover};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::Output;
use crate::render;

/// Hands over and stays out.
pub(super) async fn drain(daemon: &Daemon, drain: &Drain, output: &Output) -> Result<Exit, Error> {
    let asked = vrrp_control::Drain {
        router: drain.scope.router.clone(),
        ttl: drain.ttl.map(Seconds::from),
        force: drain.force,
    };
    let reply = daemon.wait_for(async |client| client.drain(&asked).await).await?;
    output.show(&reply, |look| render::drained(&reply, look))?;
    let came_to = |outcome| reply.outcomes.iter().any(|drained| drained.outcome == outcome);
    Ok(if came_to(DrainOutcome::Unrelieved) {
        Exit::Unrelieved
    } else if came_to(DrainOutcome::Undone) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// Ends a drain.
pub(super) async fn undrain(daemon: &Daemon, scope: &Scope, output: &Output) -> Result<(), Error> {
    let asked = vrrp_control::Undrain { router: scope.router.clone() };
    let names = daemon.ask(async |client| client.undrain(&asked).await).await?;
    output.show(&names, |_| render::undrained(&names))
}

/// Takes over, or gives that up.
pub(super) async fn takeover(daemon: &Daemon, takeover: &Takeover, output: &Output) -> Result<Exit, Error> {
    let asked = vrrp_control::Takeover {
        router: takeover.scope.router.clone(),
        ttl: takeover.ttl.map(Seconds::from),
        undo: takeover.undo,
    };
    let reply = daemon.ask(async |client| client.takeover(&asked).await).await?;
    output.show(&reply, |look| render::took_over(&reply, look))?;
    let refused = |outcome| matches!(outcome, TakeoverOutcome::Refused | TakeoverOutcome::Ineligible);
    let refused = reply.outcomes.iter().any(|one| refused(one.outcome));
    Ok(if refused { Exit::NoTakeover } else { Exit::Done })
}

/// Reads the configuration again.
pub(super) async fn reload(daemon: &Daemon, reload: &Reload, output: &Output) -> Result<Exit, Error> {
    let reloaded = daemon.wait_for(async |client| client.reload(reload.dry_run).await).await?;
    output.show(&reloaded, |look| render::reloaded(&reloaded, reload.dry_run, look))?;
    let taken = reloaded.reason.is_none() && (reloaded.applied || reload.dry_run || reloaded.changes.is_empty());
    Ok(if taken { Exit::Done } else { Exit::NotReloaded })
}

/// Shows how much is logged, after changing it if asked to.
pub(super) async fn log_level(daemon: &Daemon, asked: &LogLevel, output: &Output) -> Result<(), Error> {
    let level = match asked.level {
        Some(level) => daemon.ask(async |client| client.set_log_level(level.into()).await).await?,
        None => daemon.ask(async |client| client.log_level().await).await?,
    };
    let body = vrrp_control::LogLevelBody { level };
    output.show(&body, |_| format!("{}\n", format!("{level:?}").to_lowercase()))
}
