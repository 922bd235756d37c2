//! Whether a link is up and running (`track_interface`).

mod links;

use core::time::Duration;

use tokio::time::sleep;

use self::links::{Link, links};
use crate::outcome::{Outcome, changes};

/// How long until the kernel is asked again when it refused.
const RETRY: Duration = Duration::from_secs(1);

/// Whether a link is up and running (`track_interface`), by the name it has now: one that was deleted and made again, or
/// renamed, is followed by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The link's name.
    pub name: Box<str>,
}

impl Interface {
    /// Watches the link of this name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self { name: name.into() }
    }

    /// Tells how the link is, and from then on each change, until dropped. Up is `IFF_UP` and `IFF_RUNNING`.
    pub(crate) async fn watch(&self, told: impl FnMut(Outcome)) {
        let mut tell = changes(told);
        loop {
            match links() {
                Ok(shared) => {
                    let mut news = shared.state.subscribe();
                    loop {
                        let outcome = self.judge(news.borrow_and_update().get(&self.name));
                        tell(outcome);
                        if news.changed().await.is_err() {
                            break;
                        }
                    }
                }
                Err(error) => {
                    tell(Outcome::CouldNotRun(format!("the kernel does not tell of its links: {error}").into()));
                    sleep(RETRY).await;
                }
            }
        }
    }

    fn judge(&self, link: Option<&Link>) -> Outcome {
        let name = &self.name;
        match link {
            None => Outcome::Failed(format!("{name} is absent").into()),
            Some(link) if !link.is_up() => Outcome::Failed(format!("{name} is down").into()),
            Some(link) if !link.is_running() => Outcome::Failed(format!("{name} has no carrier").into()),
            Some(_) => Outcome::Ok,
        }
    }
}

#[cfg(test)]
mod tests;
