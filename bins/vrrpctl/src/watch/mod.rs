//! A live view of a terminal: what changes, as it changes.

mod arrivals;
mod draw;
mod feed;
mod keys;
mod panels;
mod view;

use core::time::Duration;
use std::io::{self, IsTerminal};

use ratatui::DefaultTerminal;
use tokio::sync::mpsc;

use crate::command::Daemon;
use crate::error::Error;
use keys::Key;
use view::View;

/// What the view is told.
#[derive(Debug)]
enum News {
    /// Someone pressed a key, or the terminal changed its size.
    Key(Key),
    /// How everything stands.
    Status(Box<Result<vrrp_control::Status, Error>>),
    /// Something happened.
    Event(Box<vrrp_control::Event>),
}

/// Watches until a key ends it.
pub(crate) async fn watch(daemon: &Daemon, every: Duration) -> Result<(), Error> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(Error::NoTerminal);
    }
    // Whoever names the wrong socket reads why on a terminal that is as it was.
    let first = daemon.ask(async |client| client.status().await).await?;
    let (tell, mut told) = mpsc::channel(64);
    keys::read(tell.clone());
    let feeds = [
        tokio::spawn(feed::statuses(daemon.clone(), every, tell.clone())),
        tokio::spawn(feed::events(daemon.clone(), tell)),
    ];
    let mut view = View::default();
    view.status(Ok(first));
    let mut terminal = ratatui::try_init().map_err(Error::writing("the terminal"))?;
    let watched = show(&mut terminal, &mut view, &mut told).await;
    ratatui::restore();
    feeds.iter().for_each(tokio::task::JoinHandle::abort);
    watched.map_err(Error::writing("the terminal"))
}

async fn show(terminal: &mut DefaultTerminal, view: &mut View, told: &mut mpsc::Receiver<News>) -> io::Result<()> {
    loop {
        terminal.draw(|frame| draw::draw(view, frame))?;
        let Some(mut news) = told.recv().await else { return Ok(()) };
        // Whatever else has arrived by now needs no picture of its own.
        loop {
            match news {
                News::Key(Key::Quit) => return Ok(()),
                News::Key(key) => view.key(key),
                News::Status(status) => view.status(*status),
                News::Event(event) => view.event(*event),
            }
            let Ok(next) = told.try_recv() else { break };
            news = next;
        }
    }
}
