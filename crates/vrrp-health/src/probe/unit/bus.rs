//! systemd's units on a D-Bus, with one connection for all watchers of a bus.

use core::cell::RefCell;
use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};

use tokio::runtime::{Handle, Id};
use tokio::sync::OnceCell;
use tokio::time::sleep;
use zbus::export::futures_core::Stream;
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
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

type Key = (Id, Option<Box<str>>);

thread_local! {
    static CONNECTIONS: RefCell<HashMap<Key, Weak<OnceCell<Connection>>>> = RefCell::default();
}

impl Unit {
    pub(super) async fn follow(&self, mut tell: impl FnMut(Outcome)) {
        loop {
            let shared = self.shared();
            match shared.get_or_try_init(|| connect(self.bus.as_deref())).await {
                Ok(connection) => {
                    let failure = self.follow_on(connection, &mut tell).await;
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
    fn shared(&self) -> Arc<OnceCell<Connection>> {
        let key = (Handle::current().id(), self.bus.clone());
        CONNECTIONS.with_borrow_mut(|connections| {
            if let Some(known) = connections.get(&key).and_then(Weak::upgrade) {
                return known;
            }
            let fresh = Arc::default();
            connections.retain(|_, connection| connection.strong_count() > 0);
            connections.insert(key, Arc::downgrade(&fresh));
            fresh
        })
    }

    /// Follows the unit until something fails.
    async fn follow_on(&self, connection: &Connection, tell: &mut impl FnMut(Outcome)) -> zbus::Error {
        loop {
            match self.try_follow(connection, tell).await {
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
    async fn try_follow(&self, connection: &Connection, tell: &mut impl FnMut(Outcome)) -> zbus::Result<News> {
        let restarts = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(BUS)?
            .interface(BUS)?
            .member("NameOwnerChanged")?
            .add_arg(SYSTEMD)?
            .build();
        let mut restarts = MessageStream::for_match_rule(restarts, connection, Some(QUEUE)).await?;
        // Without a subscriber systemd sends no signals; a second subscription of a connection is an error that means nothing.
        let _twice = connection.call_method(Some(SYSTEMD), MANAGER_PATH, Some(MANAGER), "Subscribe", &()).await;
        let loaded =
            connection.call_method(Some(SYSTEMD), MANAGER_PATH, Some(MANAGER), "LoadUnit", &&*self.name).await?;
        let path: OwnedObjectPath = loaded.body().deserialize()?;
        let changes = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(SYSTEMD)?
            .path(&path)?
            .interface(PROPERTIES)?
            .member("PropertiesChanged")?
            .add_arg(UNIT)?
            .build();
        let mut changes = MessageStream::for_match_rule(changes, connection, Some(QUEUE)).await?;
        loop {
            tell(self.judge(connection, &path).await?);
            match either(&mut changes, &mut restarts).await {
                News::Changed => {}
                news @ (News::Restarted | News::Closed) => return Ok(news),
            }
        }
    }

    async fn judge(&self, connection: &Connection, path: &OwnedObjectPath) -> zbus::Result<Outcome> {
        let active = property(connection, path, "ActiveState").await?;
        let counts = matches!(active.as_str(), "active" | "reloading" | "refreshing");
        if counts || (self.activating && active == "activating") {
            return Ok(Outcome::Ok);
        }
        let name = &self.name;
        let words = match property(connection, path, "LoadState").await?.as_str() {
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
    builder.method_timeout(PATIENCE).build().await
}

async fn property(connection: &Connection, path: &OwnedObjectPath, name: &str) -> zbus::Result<String> {
    let reply = connection.call_method(Some(SYSTEMD), path, Some(PROPERTIES), "Get", &(UNIT, name)).await?;
    let value: OwnedValue = reply.body().deserialize()?;
    Ok(String::try_from(value)?)
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
            match pin!(stream).poll_next(context) {
                Poll::Ready(Some(Ok(_))) => return Poll::Ready(news),
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(News::Closed),
                Poll::Pending => {}
            }
        }
        Poll::Pending
    })
    .await
}
