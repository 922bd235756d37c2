//! systemd's units on a D-Bus, with one connection for all watchers of a bus.

use core::cell::RefCell;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};

use tokio::runtime::{Handle, Id};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{sleep, timeout};
use zbus::export::futures_core::Stream;
use zbus::export::serde::Serialize;
use zbus::message::{Message, Type};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, MessageStream, connection};

use super::Unit;
use crate::outcome::Outcome;

/// How long until a bus or a systemd that failed is asked again.
const RETRY: Duration = Duration::from_secs(1);
/// How long systemd may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
const SYSTEMD: &str = "org.freedesktop.systemd1";
const MANAGER: &str = "org.freedesktop.systemd1.Manager";
const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
const UNIT: &str = "org.freedesktop.systemd1.Unit";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const BUS: &str = "org.freedesktop.DBus";
/// How many signals wait at most: each says only that something changed.
const QUEUE: usize = 16;

/// How many questions may be open at once: a bus ends what has more than 128.
const QUESTIONS: usize = 32;

/// A bus, connected to by the first who needs it.
#[derive(Debug)]
struct Bus {
    connection: OnceCell<Connection>,
    turns: Semaphore,
}

impl Default for Bus {
    fn default() -> Self {
        Self { connection: OnceCell::new(), turns: Semaphore::new(QUESTIONS) }
    }
}

type Key = (Id, Option<Box<str>>);

thread_local! {
    static BUSES: RefCell<HashMap<Key, Weak<Bus>>> = RefCell::default();
}

/// A future that is dropped within its runtime, wherever that happens: zbus spawns tasks to take leave, and panics
/// where it cannot.
pub(super) struct WithinRuntime<F> {
    runtime: Handle,
    future: Option<Pin<Box<F>>>,
}

impl<F> WithinRuntime<F> {
    pub(super) fn new(future: F) -> Self {
        Self { runtime: Handle::current(), future: Some(Box::pin(future)) }
    }
}

impl<F: Future> Future for WithinRuntime<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.future.as_mut().map_or(Poll::Pending, |future| future.as_mut().poll(context))
    }
}

impl<F> Drop for WithinRuntime<F> {
    fn drop(&mut self) {
        let _within = self.runtime.enter();
        drop(self.future.take());
    }
}

impl Unit {
    pub(super) async fn follow(&self, mut tell: impl FnMut(Outcome)) {
        loop {
            let shared = self.shared();
            match shared.connection.get_or_try_init(|| connect(self.bus.as_deref())).await {
                Ok(connection) => {
                    let caller = Caller { connection, turns: &shared.turns };
                    let failure = self.follow_on(caller, &mut tell).await;
                    tell(Outcome::CouldNotRun(format!("systemd does not tell of {}: {failure}", self.name).into()));
                }
                Err(error) => {
                    let bus = self.bus.as_deref().unwrap_or("system bus");
                    tell(Outcome::CouldNotRun(format!("no D-Bus {bus}: {error}").into()));
                }
            }
            drop(shared);
            sleep(RETRY).await;
        }
    }

    /// Joins those who use the same bus on this thread.
    fn shared(&self) -> Arc<Bus> {
        let key = (Handle::current().id(), self.bus.clone());
        BUSES.with_borrow_mut(|buses| {
            if let Some(known) = buses.get(&key).and_then(Weak::upgrade) {
                return known;
            }
            let fresh = Arc::default();
            buses.retain(|_, bus| bus.strong_count() > 0);
            buses.insert(key, Arc::downgrade(&fresh));
            fresh
        })
    }

    /// Follows the unit until something fails.
    async fn follow_on(&self, caller: Caller<'_>, tell: &mut impl FnMut(Outcome)) -> zbus::Error {
        loop {
            match self.try_follow(caller, tell).await {
                // Whoever comes next knows nothing of our subscription.
                Ok(News::Restarted) => {}
                Ok(News::Changed | News::Closed) => {
                    return zbus::Error::InputOutput(Arc::new(io::ErrorKind::ConnectionReset.into()));
                }
                Err(error) => return error,
            }
        }
    }

    /// Follows the unit until systemd is another, or the connection ends.
    async fn try_follow(&self, caller: Caller<'_>, tell: &mut impl FnMut(Outcome)) -> zbus::Result<News> {
        let restarts = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(BUS)?
            .interface(BUS)?
            .member("NameOwnerChanged")?
            .add_arg(SYSTEMD)?
            .build();
        let mut restarts = caller.listen(restarts).await?;
        // Without a subscriber systemd sends no signals; a second subscription of a connection is an error that means nothing.
        let _twice = caller.manager("Subscribe", &()).await;
        let path: OwnedObjectPath = caller.manager("LoadUnit", &&*self.name).await?.body().deserialize()?;
        let changes = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(SYSTEMD)?
            .path(&path)?
            .interface(PROPERTIES)?
            .member("PropertiesChanged")?
            .add_arg(UNIT)?
            .build();
        let mut changes = caller.listen(changes).await?;
        loop {
            tell(self.judge(caller, &path).await?);
            match either(&mut changes, &mut restarts).await {
                News::Changed => {}
                news @ (News::Restarted | News::Closed) => return Ok(news),
            }
        }
    }

    async fn judge(&self, caller: Caller<'_>, path: &OwnedObjectPath) -> zbus::Result<Outcome> {
        let active = caller.property(path, "ActiveState").await?;
        let counts = matches!(active.as_str(), "active" | "reloading" | "refreshing");
        if counts || (self.activating && active == "activating") {
            return Ok(Outcome::Ok);
        }
        let name = &self.name;
        let words = match caller.property(path, "LoadState").await?.as_str() {
            "loaded" => format!("{name} is {active}"),
            load => format!("{name} is {active} ({load})"),
        };
        Ok(Outcome::Failed(words.into()))
    }
}

async fn connect(bus: Option<&str>) -> zbus::Result<Connection> {
    let builder = match bus {
        Some(address) => connection::Builder::address(address)?,
        None => connection::Builder::system()?,
    };
    let silent = || io::Error::from(io::ErrorKind::TimedOut);
    timeout(PATIENCE, builder.method_timeout(PATIENCE).build()).await.unwrap_or_else(|_| Err(silent().into()))
}

/// One who asks on a bus, when it is its turn.
#[derive(Debug, Clone, Copy)]
struct Caller<'a> {
    connection: &'a Connection,
    turns: &'a Semaphore,
}

impl Caller<'_> {
    async fn listen(self, rule: MatchRule<'_>) -> zbus::Result<MessageStream> {
        let _turn = self.turns.acquire().await;
        MessageStream::for_match_rule(rule.to_owned(), self.connection, Some(QUEUE)).await
    }

    async fn manager(self, method: &str, body: &(impl Serialize + DynamicType)) -> zbus::Result<Message> {
        let _turn = self.turns.acquire().await;
        self.connection.call_method(Some(SYSTEMD), MANAGER_PATH, Some(MANAGER), method, body).await
    }

    async fn property(self, path: &OwnedObjectPath, name: &str) -> zbus::Result<String> {
        let _turn = self.turns.acquire().await;
        let reply = self.connection.call_method(Some(SYSTEMD), path, Some(PROPERTIES), "Get", &(UNIT, name)).await?;
        let value: OwnedValue = reply.body().deserialize()?;
        Ok(String::try_from(value)?)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Changed,
    Restarted,
    Closed,
}

async fn either(changes: &mut MessageStream, restarts: &mut MessageStream) -> News {
    poll_fn(|context| {
        for (stream, news) in [(&mut *changes, News::Changed), (&mut *restarts, News::Restarted)] {
            match Pin::new(stream).poll_next(context) {
                Poll::Ready(Some(Ok(_))) => return Poll::Ready(news),
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(News::Closed),
                Poll::Pending => {}
            }
        }
        Poll::Pending
    })
    .await
}
