use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use vrrp::{OperateError, Operator, control};
use vrrp_control::{Drain, DrainReply, LogLevel, Moment, Reloaded, Seconds, Status, Takeover, TakeoverReply, Undrain};
use vrrp_http::{Conflict, Failure, Host, Journal};

use super::{Tally, conflicts};
use crate::log_level;
use crate::services::Told;

/// What the server asks of this daemon.
#[derive(Clone)]
pub(crate) struct Daemon {
    pub(super) operator: Operator,
    pub(super) journal: Journal,
    pub(super) tally: Tally,
    pub(super) conflicts: conflicts::Found,
    /// The main loop, which owns the configuration.
    pub(super) ask: UnboundedSender<Told>,
}

impl Host for Daemon {
    async fn status(&self) -> Result<Arc<Status>, Failure> {
        let snapshot = self.operator.status().await.map_err(failure)?;
        let mut status = control::status(&snapshot);
        status.version = env!("CARGO_PKG_VERSION").to_owned();
        status.last_event = self.journal.last();
        self.tally.complete(&mut status);
        Ok(Arc::new(status))
    }

    async fn conflicts(&self, status: Arc<Status>, router: Option<String>) -> Vec<Conflict> {
        self.conflicts.of(&status, router).await
    }

    async fn capture(&self) -> Result<Vec<u8>, Failure> {
        Ok(self.operator.capture().await.map_err(failure)?.to_pcap())
    }

    async fn config(&self) -> Result<Value, Failure> {
        self.main(Told::Config).await
    }

    async fn reload(&self, dry_run: bool) -> Result<Reloaded, Failure> {
        self.main(|reply| Told::Reload { dry_run, reply }).await
    }

    async fn drain(&self, request: Drain) -> Result<DrainReply, Failure> {
        let ttl = ttl(request.ttl)?;
        let how = if request.force { vrrp::Drain::Force } else { vrrp::Drain::IfRelieved };
        let until = self.until(request.ttl).await?;
        let drained = self.operator.drain(request.router.as_deref(), how, ttl).await.map_err(failure)?;
        Ok(DrainReply { outcomes: drained.iter().map(|drained| control::drained(drained, until)).collect() })
    }

    async fn undrain(&self, request: Undrain) -> Result<Vec<String>, Failure> {
        let undrained = self.operator.undrain(request.router.as_deref()).await.map_err(failure)?;
        Ok(undrained.iter().map(ToString::to_string).collect())
    }

    async fn takeover(&self, request: Takeover) -> Result<TakeoverReply, Failure> {
        let ttl = ttl(request.ttl)?;
        let router = request.router.as_deref();
        let until = self.until(request.ttl).await?;
        let taken = if request.undo {
            self.operator.end_takeover(router).await
        } else {
            self.operator.takeover(router, ttl).await
        };
        let taken = taken.map_err(failure)?;
        Ok(TakeoverReply { outcomes: taken.iter().map(|taken| control::took_over(taken, until)).collect() })
    }

    fn log_level(&self) -> LogLevel {
        log_level::current()
    }

    fn set_log_level(&self, level: LogLevel) {
        log_level::set(level);
    }
}

impl Daemon {
    /// Asks the main loop.
    async fn main<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Told) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let gone = || Failure::Unavailable("the daemon is stopping".to_owned());
        self.ask.send(ask(reply)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }

    /// When something that lasts so long from now on ends.
    async fn until(&self, ttl: Option<Seconds>) -> Result<Option<Moment>, Failure> {
        let Some(Seconds(ttl)) = ttl else { return Ok(None) };
        let now = self.operator.status().await.map_err(failure)?;
        Ok(Some(Moment(Moment::from_unix_nanos(now.at).0 + ttl)))
    }
}

/// A time to live that is one.
fn ttl(seconds: Option<Seconds>) -> Result<Option<core::time::Duration>, Failure> {
    let ttl = control::ttl(seconds);
    if ttl.is_some_and(|ttl| ttl.is_zero()) {
        return Err(Failure::BadRequest("ttl is a number of seconds above 0".to_owned()));
    }
    Ok(ttl)
}

fn failure(error: OperateError) -> Failure {
    if let OperateError::NoSuchRouter(name) = error {
        return Failure::NoSuchRouter(name.to_string());
    }
    Failure::Unavailable(error.to_string())
}
