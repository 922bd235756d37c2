//! What an operator asks of a running node.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use vrrp_core::{Drain, Instant};
use vrrp_wire::Priority;

use crate::capture::Capture;
use crate::node::{Inbox, Message};
use crate::status::Status;

/// The way by which status is asked for and hand-overs are commanded, from any thread.
#[derive(Debug, Clone)]
pub struct Operator(pub(crate) Inbox);

/// What became of the drain of one virtual router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drained {
    /// The virtual router.
    pub router: Arc<str>,
    /// How it ended.
    pub outcome: DrainOutcome,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrainOutcome {
    /// It was Active, and somebody else is now.
    Relieved {
        /// The successor; `None` where another member of the sync group heard it.
        by: Option<IpAddr>,
    },
    /// It was not Active, and stays out.
    Idle,
    /// Nobody took over: it serves on, and is not drained.
    Unrelieved,
    /// Nobody took over, and it released its addresses all the same.
    Released,
    /// Somebody ended the drain before its outcome was known.
    Undone,
}

/// What became of the takeover of one virtual router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TookOver {
    /// The virtual router.
    pub router: Arc<str>,
    /// How it was taken.
    pub outcome: TakeoverOutcome,
    /// The effective priority after it.
    pub priority: Priority,
}

/// How a takeover was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeoverOutcome {
    /// Its priority is above that of every router it has heard, and it preempts.
    Raised,
    /// It is Active already; nothing was changed.
    AlreadyActive,
    /// A peer has priority 254 or more: there is nothing above.
    Refused {
        /// Which.
        by: IpAddr,
        /// Its priority.
        theirs: Priority,
    },
    /// Something stands against it; nothing was changed.
    Ineligible,
    /// A former takeover is ended.
    Undone,
}

impl fmt::Display for DrainOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relieved { by: Some(by) } => write!(f, "drained: {by} has taken over"),
            Self::Relieved { by: None } => f.write_str("drained: its sync group was taken over"),
            Self::Idle => f.write_str("drained: it was not Active"),
            Self::Unrelieved => f.write_str("not drained: nobody took over, so it serves on"),
            Self::Released => f.write_str("drained: nobody took over, and the addresses were released all the same"),
            Self::Undone => f.write_str("the drain was undone before it had an outcome"),
        }
    }
}

/// Why a request to a node was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OperateError {
    /// There is no virtual router of this name.
    #[error("there is no virtual router {0}")]
    NoSuchRouter(Arc<str>),
    /// It could not be stored, so it was not done: a restart would have forgotten it.
    #[error("cannot be stored in the runtime directory: {0}")]
    Store(Box<str>),
    /// A stop is under way.
    #[error("the node is stopping")]
    Stopping,
    /// The engine has ended.
    #[error("the engine is not running")]
    Engine,
}

/// A request to the engine; each virtual router is answered as soon as its outcome is known.
pub(crate) type Replies<T> = mpsc::UnboundedSender<Result<T, OperateError>>;

/// What is asked of the engine.
pub(crate) enum Request {
    Status(oneshot::Sender<Arc<Status>>),
    Capture(oneshot::Sender<Arc<Capture>>),
    Drain { router: Option<Arc<str>>, how: Drain, ttl: Option<Duration>, replies: Replies<Drained> },
    Undrain { router: Option<Arc<str>>, replies: Replies<Arc<str>> },
    Takeover { router: Option<Arc<str>>, ttl: Option<Duration>, undo: bool, replies: Replies<TookOver> },
}

impl Operator {
    /// How everything stands. The engine makes it between its other work.
    ///
    /// # Errors
    /// [`OperateError::Engine`] when it has ended.
    pub async fn status(&self) -> Result<Arc<Status>, OperateError> {
        let (reply, status) = oneshot::channel();
        self.0.send(Message::Operate(Request::Status(reply)));
        status.await.map_err(|_| OperateError::Engine)
    }

    /// The last advertisements as they were on the wire. The engine copies them between its other work.
    ///
    /// # Errors
    /// [`OperateError::Engine`] when it has ended.
    pub async fn capture(&self) -> Result<Arc<Capture>, OperateError> {
        let (reply, capture) = oneshot::channel();
        self.0.send(Message::Operate(Request::Capture(reply)));
        capture.await.map_err(|_| OperateError::Engine)
    }

    /// Hands one virtual router over, or all, and keeps it out until [`Operator::undrain`] or the end of `ttl`, also over
    /// restarts where there is a run directory. Comes back when the outcome is known: after at most one `Adver_Interval`
    /// and 100 ms. The members of a sync group go together.
    ///
    /// # Errors
    /// [`OperateError`]; then nothing was changed.
    pub async fn drain(
        &self,
        router: Option<&str>,
        how: Drain,
        ttl: Option<Duration>,
    ) -> Result<Vec<Drained>, OperateError> {
        let router = router.map(Arc::from);
        self.ask(|replies| Request::Drain { router, how, ttl, replies }).await
    }

    /// Ends the drain of one virtual router, or of all; gives the names of those that were drained.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn undrain(&self, router: Option<&str>) -> Result<Vec<Arc<str>>, OperateError> {
        let router = router.map(Arc::from);
        self.ask(|replies| Request::Undrain { router, replies }).await
    }

    /// Advertises a priority above that of the Active router, and preempts it, until undone or until the end of `ttl`.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn takeover(&self, router: Option<&str>, ttl: Option<Duration>) -> Result<Vec<TookOver>, OperateError> {
        let router = router.map(Arc::from);
        self.ask(|replies| Request::Takeover { router, ttl, undo: false, replies }).await
    }

    /// Ends a takeover: the own priority counts again.
    ///
    /// # Errors
    /// [`OperateError`].
    pub async fn end_takeover(&self, router: Option<&str>) -> Result<Vec<TookOver>, OperateError> {
        let router = router.map(Arc::from);
        self.ask(|replies| Request::Takeover { router, ttl: None, undo: true, replies }).await
    }

    async fn ask<T>(&self, request: impl FnOnce(Replies<T>) -> Request) -> Result<Vec<T>, OperateError> {
        let (replies, mut answers) = mpsc::unbounded_channel();
        if !self.0.send(Message::Operate(request(replies))) {
            return Err(OperateError::Engine);
        }
        let mut all = Vec::new();
        while let Some(answer) = answers.recv().await {
            all.push(answer?);
        }
        Ok(all)
    }
}

/// When something that lasts so long from `now` on ends.
pub(crate) fn end(now: Instant, ttl: Option<Duration>) -> Option<Instant> {
    ttl.map(|ttl| now + ttl)
}
