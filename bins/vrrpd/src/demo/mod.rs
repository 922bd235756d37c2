//! The main job, shown: a LAN of namespaces, two real daemons, a client, and what it feels while machines die.

mod destination;
mod error;
mod follow;
mod outcome;
mod plot;
mod screen;
mod stage;
mod story;
mod table;
mod timers;

use core::sync::atomic::{AtomicBool, Ordering};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use vrrp_lab::Entered;

use crate::args::Demo;
use destination::Destination;
use error::DemoError;
use outcome::{Outcome, Step};
use screen::{Ink, Screen};
use stage::Stage;
use story::Story;
use timers::Timers;

/// Shows a failover; succeeds if the client was never without the address for clearly longer than it must be.
pub(crate) fn demo(args: &Demo) -> ExitCode {
    let shown = Destination::find(&args.svg).and_then(|plot| match vrrp_lab::enter()? {
        Entered::Inside => show(args, &plot),
        Entered::Finished(code) => Ok(code),
    });
    shown.unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr().lock(), "vrrpd demo: {error}");
        ExitCode::FAILURE
    })
}

fn show(args: &Demo, plot: &Destination) -> Result<ExitCode, DemoError> {
    let timers = Timers { interval: args.advert_int };
    let screen = Arc::new(Screen::start());
    let stage = Stage::set(args.advert_int)?;
    introduce(&screen, &stage);
    let steps = watched(&screen, &stage, timers)?;
    let Stage { routers, probe, .. } = stage;
    let report = probe.stop();
    let outcomes: Vec<_> = steps.iter().map(|step| Outcome::of(step, &report)).collect();
    screen.line("");
    table::lines(&screen, &outcomes).iter().for_each(|line| screen.line(line));
    let drawing = plot::draw(&plot::Facts {
        outcomes: &outcomes,
        report: &report,
        routers: routers.each_ref().map(|router| (router.name, router.mac)),
        interval: args.advert_int,
    });
    plot.write(&drawing)?;
    screen.line("");
    screen.line(&format!("{}: a plot of the {} probes", plot.path().display(), report.sent));
    Ok(verdict(&screen, &outcomes))
}

/// Tells the story, and on a terminal shows below it who answers.
fn watched(screen: &Arc<Screen>, stage: &Stage, timers: Timers) -> Result<Vec<Step>, DemoError> {
    let stop = AtomicBool::new(false);
    let macs = stage.routers.each_ref().map(|router| router.mac);
    thread::scope(|scope| {
        let strip = screen.is_terminal().then(|| scope.spawn(|| follow::replies(screen, &stage.probe, macs, &stop)));
        let told = Story::new(screen, stage, timers).tell();
        stop.store(true, Ordering::Relaxed);
        if let Some(strip) = strip {
            strip.thread().unpark();
        }
        told
    })
}

fn introduce(screen: &Screen, stage: &Stage) {
    let [first, second] = &stage.routers;
    screen.line("A LAN of network namespaces: r1 192.0.2.1, r2 192.0.2.2, and a client, 192.0.2.250, which asks");
    screen.line(
        "192.0.2.100 for an echo every millisecond. Both routers run this program, r1 with this keepalived.conf:",
    );
    screen.line("");
    first.config.lines().for_each(|line| screen.line(&screen.dye(Ink::Quiet, &format!("    {line}"))));
    screen.line("");
    screen.line(&format!("and r2 with the same one, but for priority {}.", second.priority));
}

fn verdict(screen: &Screen, outcomes: &[Outcome]) -> ExitCode {
    let complaints: Vec<_> = outcomes.iter().filter_map(Outcome::complaint).collect();
    for complaint in &complaints {
        screen.line(&screen.dye(Ink::Lost, &format!("not as it should be: {complaint}")));
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
