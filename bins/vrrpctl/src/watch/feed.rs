//! What feeds the view: questions in turn, and the stream of events.

use core::time::Duration;

use tokio::sync::mpsc;

use vrrp_control::EventPage;

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
        if let Ok(page) = daemon.ask(async |client| client.events(None).await).await {
            last = begin(last, &page);
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

/// Where to go on after event number `seen`, given what the daemon keeps.
fn begin(seen: u64, page: &EventPage) -> u64 {
    // A daemon that was started anew counts from one again.
    let seen = if page.last < seen { 0 } else { seen };
    // A stream that is asked for events that are gone ends at once.
    seen.max(page.first.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use vrrp_control::EventPage;

    use super::begin;

    #[test]
    fn a_view_begins_with_what_is_kept_and_goes_on_where_it_was() {
        let kept = |first, last| EventPage { first, last, ..EventPage::default() };
        assert_eq!(begin(0, &kept(0, 0)), 0, "nothing has happened");
        assert_eq!(begin(0, &kept(5000, 9095)), 4999, "the first are gone");
        assert_eq!(begin(9000, &kept(5000, 9095)), 9000);
        assert_eq!(begin(9000, &kept(1, 3)), 0, "started anew");
    }
}
