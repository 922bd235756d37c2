use std::time::SystemTime;

use vrrp_control::{Event, Moment};

use super::Daemon;
use crate::args::{Events, Named};
use crate::error::Error;
use crate::output::{Output, complain, print};
use crate::render;

/// Shows how the virtual routers stand.
pub(super) async fn status(daemon: &Daemon, named: &Named, output: &Output) -> Result<(), Error> {
    let mut status = daemon.ask(async |client| client.status().await).await?;
    let ours = env!("CARGO_PKG_VERSION");
    if status.version != ours {
        complain(&format_args!("the daemon is version {}, this is {ours}", status.version));
    }
    if let Some(name) = &named.router {
        let names = status.routers.iter().map(|router| router.name.clone()).collect();
        status.routers.retain(|router| router.name == *name);
        found(!status.routers.is_empty(), name, names)?;
        status.checks.retain(|check| check.routers.contains(name));
        status.strangers.clear();
    }
    output.show(&status, |look| render::status(&status, look))
}

/// Says why.
pub(super) async fn explain(daemon: &Daemon, named: &Named, output: &Output) -> Result<(), Error> {
    let all = daemon.ask(async |client| client.explain(named.router.as_deref()).await).await?;
    output.show(&all, |look| render::explanations(&all, look))
}

/// Shows what happened, and goes on if asked to.
pub(super) async fn events(daemon: &Daemon, events: &Events, output: &Output) -> Result<(), Error> {
    let wanted = |event: &Event| events.router.as_ref().is_none_or(|router| event.router == *router);
    let page = daemon.ask(async |client| client.events(events.since).await).await?;
    if events.since.is_some() && !output.json {
        print(&render::lost(page.lost, &output.look))?;
    }
    for event in page.events.iter().filter(|event| wanted(event)) {
        output.line(event, |look| render::event(event, look))?;
    }
    if events.follow { follow(daemon, page.last, wanted, output).await } else { Ok(()) }
}

/// Shows events after number `since` until the daemon ends the stream.
async fn follow(daemon: &Daemon, since: u64, wanted: impl Fn(&Event) -> bool, output: &Output) -> Result<(), Error> {
    let mut stream = daemon.ask(async |client| client.follow(Some(since)).await).await?;
    while let Some(event) = daemon.wait_for(async |_| stream.next().await).await? {
        if wanted(&event) {
            output.line(&event, |look| render::event(&event, look))?;
        }
    }
    Err(Error::Ended)
}

/// Shows what the checks say.
pub(super) async fn checks(daemon: &Daemon, output: &Output) -> Result<(), Error> {
    let checks = daemon.ask(async |client| client.checks().await).await?;
    output.show(&checks, |look| render::checks(&checks, now(), look))
}

/// Shows what the virtual routers have counted.
pub(super) async fn counters(daemon: &Daemon, named: &Named, output: &Output) -> Result<(), Error> {
    let mut all = daemon.ask(async |client| client.counters().await).await?;
    if let Some(wanted) = &named.router {
        let names = all.iter().map(|(name, _)| name.clone()).collect();
        all.retain(|(name, _)| name == wanted);
        found(!all.is_empty(), wanted, names)?;
    }
    output.show(&all, |look| render::counters(&all, look))
}

/// Shows the running configuration.
pub(super) async fn config(daemon: &Daemon) -> Result<(), Error> {
    let config = daemon.ask(async |client| client.config().await).await?;
    print(&format!("{}\n", serde_json::to_string_pretty(&config)?))
}

fn found(found: bool, name: &str, known: Vec<String>) -> Result<(), Error> {
    if found { Ok(()) } else { Err(Error::NoSuchRouter { name: name.to_owned(), known }) }
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment(since.as_secs_f64())
}
