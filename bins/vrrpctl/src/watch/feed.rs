//! What feeds the view: questions in turn, and the stream of events.

use core::time::Duration;

use tokio::sync::mpsc;

use super::News;
use crate::command::Daemon;

/// Time before a daemon that is gone is asked for events again.
const RETRY: Duration = Duration::from_secs(1);

/// Asks for the status, again and again, until nobody listens.
pub(super) async fn statuses(daemon: Daemon, every: Duration, tell: mpsc::Sender<News>) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let status = daemon.ask(async |client| client.status().await).await;
        if tell.send(News::Status(Box::new(status))).await.is_err() {
            return;
        }
    }
}

/// Tells of events, those before the start first; begins anew when the daemon does.
pub(super) async fn events(daemon: Daemon, tell: mpsc::Sender<News>) {
    let mut last = 0;
    loop {
        // A daemon that was started anew counts from one again.
        let page = daemon.ask(async |client| client.events(None).await).await;
        if page.is_ok_and(|page| page.last < last) {
            last = 0;
        }
        if let Ok(mut stream) = daemon.ask(async |client| client.follow(Some(last)).await).await {
            while let Ok(Some(event)) = stream.next().await {
                last = event.seq;
                if tell.send(News::Event(Box::new(event))).await.is_err() {
                    return;
                }
            }
        }
        if tell.is_closed() {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}
