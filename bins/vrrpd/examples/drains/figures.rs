//! What a stretch of probes says.

use core::fmt;
use core::time::Duration;

use vrrp_lab::{Outage, ProbeReport, Sample, Stamp};

/// The gap between two replies that the figures are held against.
const LIMIT: Duration = Duration::from_millis(5);

/// A stretch of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) from: Stamp,
    pub(crate) to: Stamp,
}

impl Window {
    pub(crate) const fn length(self) -> Duration {
        self.to.since(self.from)
    }
}

/// What the client saw in one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Probes that were never answered.
    lost: usize,
    /// The longest time from one reply to the next.
    reply_gap: Duration,
    /// The longest time from one probe to the next: the prober's own lateness, which is in `reply_gap` too.
    probe_gap: Duration,
    /// The longest time from a probe to its reply: for how long nobody served, where none is lost.
    round_trip: Duration,
}

/// The heads of the columns of one kind of window.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) &'static str);

impl Row {
    pub(crate) fn head(&self) -> String {
        format!("{:>6} lost  reply gap  probe gap  round trip", self.0)
    }
}

impl Figures {
    /// Of the probes that were sent in a window.
    pub(crate) fn of(samples: &[Sample], window: Window) -> Self {
        let inside = |sample: &&Sample| window.from <= sample.sent && sample.sent <= window.to;
        let inside: Vec<&Sample> = samples.iter().filter(inside).collect();
        let sent: Vec<Stamp> = inside.iter().map(|sample| sample.sent).collect();
        let mut replies: Vec<Stamp> = inside.iter().filter_map(|sample| sample.reply.map(|(at, _)| at)).collect();
        replies.sort_unstable();
        let round_trip = |sample: &&Sample| sample.reply.map(|(at, _)| at.since(sample.sent));
        Self {
            lost: inside.iter().filter(|sample| sample.reply.is_none()).count(),
            reply_gap: longest_gap(&replies),
            probe_gap: longest_gap(&sent),
            round_trip: inside.iter().filter_map(round_trip).max().unwrap_or_default(),
        }
    }
}

/// One outage in words: when in its window, for how long, and who answered before and after.
pub(crate) fn tell(outage: &Outage, report: &ProbeReport, windows: [Window; 3]) -> String {
    let window = windows.iter().rfind(|window| window.from <= outage.start).map_or(outage.start, |window| window.from);
    let by = |sample: Option<&Sample>| sample.and_then(|sample| sample.reply).map(|(_, mac)| mac.to_string());
    let before = by(report.samples.iter().rfind(|sample| sample.sent < outage.start && sample.reply.is_some()));
    let after = by(report.samples.iter().find(|sample| sample.sent >= outage.end && sample.reply.is_some()));
    format!(
        "{} probes lost in {:.2} ms, {:.2} ms after the beginning, between answers of {} and {}",
        outage.lost,
        millis(outage.duration()),
        millis(outage.start.since(window)),
        before.unwrap_or_default(),
        after.unwrap_or_default(),
    )
}

fn longest_gap(stamps: &[Stamp]) -> Duration {
    stamps.iter().zip(stamps.iter().skip(1)).map(|(a, b)| b.since(*a)).max().unwrap_or_default()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [reply_gap, probe_gap, round_trip] = [self.reply_gap, self.probe_gap, self.round_trip].map(millis);
        write!(f, "{:>11}  {reply_gap:>9.2}  {probe_gap:>9.2}  {round_trip:>10.2}", self.lost)
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// All runs in a few lines; times in milliseconds.
pub(crate) fn summary(runs: &[[Figures; 3]]) -> String {
    let mut text = String::new();
    for (place, name) in ["drain", "back", "quiet"].into_iter().enumerate() {
        let these: Vec<Figures> = runs.iter().filter_map(|run| run.get(place).copied()).collect();
        let lost: usize = these.iter().map(|figures| figures.lost).sum();
        let within = these.iter().filter(|figures| figures.reply_gap <= LIMIT).count();
        let soon = these.iter().filter(|figures| figures.lost == 0 && figures.round_trip <= LIMIT).count();
        let spread = |of: fn(&Figures) -> Duration| Spread::of(these.iter().map(of).collect());
        text += &format!(
            "{name:>6}: {lost} lost; reply gap {}, at most {:.0} ms in {within} of {}; probe gap {}; \
             round trip {}, at most {:.0} ms in {soon}\n",
            spread(|figures| figures.reply_gap),
            millis(LIMIT),
            these.len(),
            spread(|figures| figures.probe_gap),
            spread(|figures| figures.round_trip),
            millis(LIMIT),
        );
    }
    text
}

/// Median, ninth tenth and greatest.
struct Spread([Duration; 3]);

impl Spread {
    fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let last = all.len().saturating_sub(1);
        Self([last / 2, last * 9 / 10, last].map(|place| all.get(place).copied().unwrap_or_default()))
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, tenth, most] = self.0.map(millis);
        write!(f, "{median:.2} / {tenth:.2} / {most:.2}")
    }
}
