use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, Weak};
use std::thread;

use vrrp_lab::{Daemon, Mac, Probe, Sample};

use super::screen::{Ink, Screen};

/// How long a silent log is waited for before its daemon is looked for.
const PATIENCE: Duration = Duration::from_millis(100);

/// Shows what a daemon says, line by line as it comes, on a thread that ends with the daemon.
pub(crate) fn log(screen: &Arc<Screen>, name: &'static str, ink: Ink, daemon: &Arc<Daemon>) {
    let (screen, daemon) = (Arc::clone(screen), Arc::downgrade(daemon));
    thread::spawn(move || {
        let mut shown = 0;
        while let Some(alive) = show_more(&screen, (name, ink), &daemon, &mut shown) {
            if !alive {
                break;
            }
        }
    });
}

/// Shows the next lines; says whether there may be more, and nothing if nobody holds the daemon any more.
fn show_more(screen: &Screen, (name, ink): (&str, Ink), daemon: &Weak<Daemon>, shown: &mut usize) -> Option<bool> {
    let daemon = daemon.upgrade()?;
    let alive = daemon.is_running();
    // Any line will do; a deadline that passes is only a silence.
    let _ = daemon.wait_for_log_since(*shown, "", PATIENCE);
    let log = daemon.log();
    for (moment, line) in log.since(*shown) {
        let (tone, words) = message(line);
        screen.at(moment, (ink, name), (tone, words));
    }
    *shown = log.line_count();
    Some(alive)
}

/// The words of a log line, without its time and level.
fn message(line: &str) -> (Ink, &str) {
    let after_time = line.split_once(' ').map_or(line, |(_, rest)| rest.trim_start());
    match after_time.split_once(' ') {
        Some(("INFO", words)) => (Ink::Plain, words),
        Some(("WARN", words)) => (Ink::Warning, words),
        Some(("ERROR", words)) => (Ink::Lost, words),
        Some(_) | None => (Ink::Warning, line),
    }
}

/// How many probes one mark of the strip stands for.
const PROBES_OF_A_MARK: usize = 50;
/// How many marks the strip has.
const MARKS: usize = 56;
/// The newest probes, which may still be answered.
const UNSETTLED: usize = 10;

/// Draws who answered the newest probes, until told to stop.
pub(crate) fn replies(screen: &Screen, probe: &Probe, routers: [Mac; 2], stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let newest = probe.newest(PROBES_OF_A_MARK * MARKS + UNSETTLED);
        let settled = newest.get(..newest.len().saturating_sub(UNSETTLED)).unwrap_or_default();
        let marks: Vec<_> = settled.chunks(PROBES_OF_A_MARK).map(|some| mark(some, routers)).collect();
        screen.draw(&marks);
        thread::park_timeout(PATIENCE);
    }
    screen.settle();
}

/// The router that answered most recently among some probes, or nobody if most had no reply.
fn mark(some: &[Sample], [first, _]: [Mac; 2]) -> Option<Ink> {
    let replies = || some.iter().filter_map(|sample| sample.reply);
    if replies().count() * 2 < some.len() {
        return None;
    }
    replies().next_back().map(|(_, mac)| Ink::of_router(usize::from(mac != first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_is_shown_without_its_time_and_with_its_weight() {
        let line = "2026-01-01T00:00:00.000000Z  WARN (gateway) somebody removed it";
        assert_eq!(message(line), (Ink::Warning, "(gateway) somebody removed it"));
        assert_eq!(message("thread panicked"), (Ink::Warning, "thread panicked"));
    }
}
