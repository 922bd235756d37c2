//! One archive that answers the question why it failed over.

mod archive;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use vrrp_control::{Client, Status};

use crate::command::Daemon;
use crate::error::Error;
use crate::output::print;
use crate::render::{self, Look};
use archive::Archive;

/// Collects everything and writes it to `path`, or to a name of its own in the present directory.
pub(crate) async fn report(daemon: &Daemon, path: Option<&Path>) -> Result<(), Error> {
    // Without the status there is nothing to report: whatever is missing beside it, the archive says.
    let status = daemon.ask(async |client| client.status().await).await?;
    let path = path.map_or_else(|| default_path(&status), Path::to_owned);
    let archive = collect(daemon, &status).await?;
    archive.write(&path).map_err(Error::writing(path.display().to_string()))?;
    print(&format!("{}\n", path.display()))
}

/// Everything that there is to report.
async fn collect(daemon: &Daemon, status: &Status) -> Result<Archive, Error> {
    let mut archive = Archive::new(status.at);
    let plain = Look::default();
    archive.add("README.txt", readme(status));
    archive.add("status.txt", render::status(status, &plain));
    archive.add("status.json", json(status)?);
    archive.add("lag.txt", lag(status));
    let capture = daemon.ask(async |client: &Client| client.capture().await).await;
    part(&mut archive, "advertisements.pcap", capture, Ok);
    let explained = daemon.ask(async |client: &Client| client.explain(None).await).await;
    part(&mut archive, "explain.txt", explained, |all| Ok(render::explanations(&all, &plain)));
    let events = daemon.ask(async |client: &Client| client.events(None).await).await;
    part(&mut archive, "events.jsonl", events, |page| {
        let lines = page.events.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        Ok(lines.join("\n") + "\n")
    });
    let config = daemon.ask(async |client: &Client| client.config().await).await;
    part(&mut archive, "config.json", config, |config| json(&config));
    let metrics = daemon.ask(async |client: &Client| client.metrics().await).await;
    part(&mut archive, "metrics.txt", metrics, Ok);
    archive.add_host();
    Ok(archive)
}

/// Adds one answer of the daemon, or why there is none.
fn part<T, C: Into<Vec<u8>>>(
    archive: &mut Archive,
    name: &str,
    answer: Result<T, Error>,
    write: impl FnOnce(T) -> Result<C, Error>,
) {
    match answer.and_then(write) {
        Ok(content) => archive.add(name, content),
        Err(error) => archive.add(&format!("{name}.missing"), format!("{error}\n")),
    }
}

fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// How late the engine's timers fired: a line for each range.
fn lag(status: &Status) -> String {
    let histogram = &status.engine.lag;
    let ends = histogram.bounds.iter().map(|bound| format!("up to {}", render::span(*bound)));
    let ends = ends.chain(core::iter::once("longer".to_owned()));
    let lines = ends.zip(&histogram.counts).map(|(end, count)| format!("{end:<16} {count:>12}\n"));
    let worst = render::span(status.engine.worst_lag);
    format!("{}worst            {worst:>12}\n", lines.collect::<String>())
}

fn readme(status: &Status) -> String {
    format!(
        "A report of vrrpd {} on {}, {}, by vrrpctl {}.\n\n\
         status.txt, status.json  how the virtual routers stood\n\
         explain.txt              why, and the last transitions with their evidence\n\
         events.jsonl             what happened, as far as it is kept, one JSON object a line\n\
         advertisements.pcap      the last advertisements of each virtual router, received, rejected and sent, as they\n\
         \x20                        were on the wire; of VRRPv2 without the password\n\
         lag.txt                  how late timers fired\n\
         config.json              the configuration as running, secrets masked\n\
         metrics.txt              every counter\n\
         host/                    what this host says: addresses, interfaces, neighbours, kernel\n\
         *.missing                why something is not here\n",
        status.version,
        archive::hostname(),
        render::clock(status.at),
        env!("CARGO_PKG_VERSION"),
    )
}

/// `vrrp-report-HOST-TIME.tar.gz`, with nothing in it that a shell would mind.
fn default_path(status: &Status) -> PathBuf {
    let at = SystemTime::UNIX_EPOCH + render::since_epoch(status.at);
    let time = humantime::format_rfc3339_seconds(at).to_string().replace([':', '-'], "");
    format!("vrrp-report-{}-{time}.tar.gz", archive::hostname()).into()
}
