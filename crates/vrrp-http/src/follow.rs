//! The stream of events: lines of JSON as they come, an empty line now and then, and an end for whoever falls behind.

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::OwnedSemaphorePermit;

use crate::journal::Journal;

/// An empty line is sent after so long without an event: a reader that has gone is noticed, and a reader sees that we are
/// here.
const HEARTBEAT: Duration = Duration::from_secs(15);

type Waiting = Pin<Box<dyn Future<Output = Option<(u64, Bytes)>> + Send>>;

/// The body of an answer that goes on for ever.
pub(crate) struct Events {
    journal: Journal,
    waiting: Waiting,
    /// The reader's place among those who follow.
    _place: OwnedSemaphorePermit,
}

impl Events {
    /// Everything after a number.
    pub(crate) fn after(journal: Journal, number: u64, place: OwnedSemaphorePermit) -> Self {
        let waiting = Box::pin(next(journal.clone(), number));
        Self { journal, waiting, _place: place }
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.waiting.as_mut().poll(context) {
            Poll::Ready(Some((number, lines))) => {
                self.waiting = Box::pin(next(self.journal.clone(), number));
                Poll::Ready(Some(Ok(Frame::data(lines))))
            }
            Poll::Ready(None) => {
                // Polled again, it ends again.
                self.waiting = Box::pin(core::future::ready(None));
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The next lines, with the number of the last of them; `None` when some of them are no longer kept.
async fn next(journal: Journal, number: u64) -> Option<(u64, Bytes)> {
    let mut news = journal.watch();
    loop {
        news.mark_unchanged();
        let after = journal.next_after(number);
        if after.lost > 0 {
            return None;
        }
        if !after.lines.is_empty() {
            let count = u64::try_from(after.lines.len()).unwrap_or(u64::MAX);
            return Some((number.saturating_add(count), after.lines.concat().into()));
        }
        if tokio::time::timeout(HEARTBEAT, news.changed()).await.is_err() {
            return Some((number, Bytes::from_static(b"\n")));
        }
    }
}
