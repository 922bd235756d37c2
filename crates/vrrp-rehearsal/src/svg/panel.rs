use vrrp_core::{Instant, Name};

use super::scale::{LEFT, RIGHT, Scale, WIDTH};
use super::{escaped, put};
use crate::recording::{Holders, Recording, nodes};
use crate::{Outcome, Report};

const PITCH: f64 = 22.0;
const HEIGHT: f64 = 16.0;
/// Title, then one line for each mark.
const TITLE: f64 = 22.0;
const LABEL: f64 = 15.0;
const AXIS: f64 = 24.0;
/// Virtual routers and services that are drawn at most.
const MOST: usize = 6;

/// The colours of nodes where they serve.
const NODES: [&str; 6] = ["#0d9488", "#7c3aed", "#ca8a04", "#0369a1", "#be185d", "#4d7c0f"];
const NOBODY: &str = "#dc2626";
const SEVERAL: &str = "#ea580c";

/// What a virtual router is on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Off,
    Is(Name),
}

/// One outcome, drawn.
pub(super) struct Panel<'a> {
    report: &'a Report,
    outcome: &'a Outcome,
    scale: Scale,
    /// Virtual router and node of each lane.
    lanes: Vec<(u8, u8)>,
    services: Vec<usize>,
    more: usize,
}

impl<'a> Panel<'a> {
    pub(super) fn new(report: &'a Report, outcome: &'a Outcome) -> Self {
        let recording = &outcome.recording;
        let touched = |place: &usize| outcome.services.get(*place).is_some_and(|served| !served.is_untouched());
        let all = 0..outcome.services.len();
        let mut services: Vec<usize> = all.clone().filter(touched).collect();
        if services.is_empty() {
            services = all.collect();
        }
        let more = services.len().saturating_sub(MOST);
        services.truncate(MOST);
        let routers = shown(report, &services);
        let has = |router: u8, node: u8| {
            let router = report.routers.get(usize::from(router));
            router.and_then(|router| router.priorities.get(usize::from(node))).is_some_and(Option::is_some)
        };
        let count = u8::try_from(report.nodes.len()).unwrap_or(u8::MAX);
        let lanes = routers.into_iter().flat_map(|router| (0..count).map(move |node| (router, node)));
        let lanes = lanes.filter(|(router, node)| has(*router, *node)).collect();
        Self { report, outcome, scale: Scale::new(outcome.lasts.0, recording.end), lanes, services, more }
    }

    fn rows(&self) -> usize {
        self.lanes.len() + self.services.len()
    }

    fn head(&self) -> f64 {
        TITLE + LABEL * count(self.outcome.recording.marks.len())
    }

    pub(super) fn height(&self) -> f64 {
        self.head() + PITCH * count(self.rows()) + AXIS
    }

    pub(super) fn draw(&self, svg: &mut String, top: f64) {
        let lanes = top + self.head();
        let bottom = lanes + PITCH * count(self.rows());
        let class = if self.outcome.is_bad() { "title bad" } else { "title" };
        put(
            svg,
            format_args!(
                "<text x=\"24\" y=\"{:.1}\" class=\"{class}\">{}</text>",
                top + 12.0,
                escaped(&self.outcome.name)
            ),
        );
        self.axis(svg, lanes, bottom);
        for (nth, (router, node)) in self.lanes.iter().enumerate() {
            self.lane(svg, lanes + PITCH * count(nth), *router, *node);
        }
        for (nth, service) in self.services.iter().enumerate() {
            self.answers(svg, lanes + PITCH * count(self.lanes.len() + nth), *service);
        }
        self.marks(svg, top, bottom);
    }

    fn axis(&self, svg: &mut String, top: f64, bottom: f64) {
        for (second, x) in self.scale.ticks() {
            put(
                svg,
                format_args!(
                    "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.1}\" y2=\"{bottom:.1}\"/>\
                     <text class=\"middle quiet\" x=\"{x:.1}\" y=\"{:.1}\">{second} s</text>",
                    bottom + 15.0
                ),
            );
        }
        if self.more > 0 {
            put(
                svg,
                format_args!("<text x=\"24\" y=\"{:.1}\" class=\"quiet\">and {} more</text>", bottom + 15.0, self.more),
            );
        }
    }

    fn marks(&self, svg: &mut String, top: f64, bottom: f64) {
        for (nth, (at, words)) in self.outcome.recording.marks.iter().enumerate() {
            let (x, y) = (self.scale.x(*at), top + TITLE + LABEL * count(nth));
            let (class, anchor) = if x > WIDTH * 0.7 { ("end", x - 4.0) } else { ("", x + 4.0) };
            put(
                svg,
                format_args!(
                    "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y:.1}\" y2=\"{bottom:.1}\"/>\
                     <text class=\"{class}\" x=\"{anchor:.1}\" y=\"{:.1}\">{}</text>",
                    y + 10.0,
                    escaped(words)
                ),
            );
        }
    }

    fn label(&self, svg: &mut String, y: f64, words: &str) {
        let words = escaped(&shortened(words));
        put(svg, format_args!("<text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{words}</text>", LEFT - 10.0, y + 12.0));
        put(
            svg,
            format_args!(
                "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{HEIGHT}\" rx=\"2\" fill=\"#f8fafc\"/>",
                WIDTH - LEFT - RIGHT
            ),
        );
    }

    fn lane(&self, svg: &mut String, y: f64, router: u8, node: u8) {
        let name = self.report.nodes.get(usize::from(node)).map_or("", |node| node.name.as_str());
        let of = self.report.routers.get(usize::from(router)).map_or("", |router| router.name.as_str());
        let words = if self.report.routers.len() > 1 { format!("{name} {of}") } else { name.to_owned() };
        self.label(svg, y, &words);
        for (from, to, state) in states(&self.outcome.recording, router, node) {
            let (color, words) = match state {
                State::Off => ("#cbd5e1", "off"),
                State::Is(Name::Initialize) => ("#fde68a", ""),
                State::Is(Name::Backup) => ("#dbeafe", ""),
                State::Is(Name::Active) => (color(node), "Active"),
            };
            self.bar(svg, y, (from, to), color, words);
        }
    }

    /// Who answers for the addresses of a service.
    fn answers(&self, svg: &mut String, y: f64, service: usize) {
        let one = self.report.services.get(service);
        let words = one.map(|one| one.addresses.first().or_else(|| one.routers.first()).cloned().unwrap_or_default());
        self.label(svg, y, &words.unwrap_or_default());
        let spans = self.outcome.recording.spans(service, self.scale.from, self.scale.to);
        for (from, to, Holders { seen, .. }) in spans {
            let mut serving = nodes(seen);
            let (color, words) = match (serving.next(), serving.next()) {
                (None, _) => (NOBODY, format!("nobody {:.2} s", to.since(from).as_secs_f64())),
                (Some(node), None) => (
                    color(node),
                    self.report.nodes.get(usize::from(node)).map_or_else(String::new, |one| one.name.clone()),
                ),
                (Some(_), Some(_)) => (SEVERAL, format!("{} at once", seen.count_ones())),
            };
            self.bar(svg, y, (from, to), color, &words);
        }
    }

    fn bar(&self, svg: &mut String, y: f64, (from, to): (Instant, Instant), color: &str, words: &str) {
        let (start, end) = (self.scale.x(from), self.scale.x(to));
        let width = (end - start).max(0.6);
        if to <= self.scale.from || from >= self.scale.to {
            return;
        }
        put(
            svg,
            format_args!(
                "<rect x=\"{start:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" fill=\"{color}\"/>"
            ),
        );
        if width > 6.5 * count(words.chars().count()) + 6.0 && !words.is_empty() {
            let class = if color == "#cbd5e1" { "middle" } else { "on" };
            put(
                svg,
                format_args!(
                    "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    start + width / 2.0,
                    y + 12.0,
                    escaped(words)
                ),
            );
        }
    }
}

/// The virtual routers of services.
fn shown(report: &Report, services: &[usize]) -> Vec<u8> {
    let names: Vec<&String> =
        services.iter().filter_map(|place| report.services.get(*place)).flat_map(|service| &service.routers).collect();
    let is_shown = |(_, router): &(u8, &crate::RouterSummary)| names.contains(&&router.name);
    (0..).zip(&report.routers).filter(is_shown).map(|(place, _)| place).take(MOST).collect()
}

/// The stretches in which a virtual router is in one state on a node.
fn states(recording: &Recording, router: u8, node: u8) -> Vec<(Instant, Instant, State)> {
    let moved = recording.moves.iter().filter(|one| (one.router, one.node) == (router, node));
    let powered = recording.power.iter().filter(|(_, of, _)| *of == node);
    let mut changes: Vec<(Instant, State)> = moved.map(|one| (one.at, State::Is(one.to))).collect();
    let state = |on| if on { State::Is(Name::Initialize) } else { State::Off };
    changes.extend(powered.map(|(at, _, on)| (*at, state(*on))));
    // A start comes before what it leads to, and a stable sort keeps what else is at one moment in order.
    changes.sort_by_key(|(at, state)| (*at, *state != State::Is(Name::Initialize)));
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([recording.end]);
    changes.iter().zip(ends).map(|((from, state), to)| (*from, to, *state)).collect()
}

fn color(node: u8) -> &'static str {
    NODES.get(usize::from(node) % NODES.len()).copied().unwrap_or("#0d9488")
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= 24 { words.to_owned() } else { words.chars().take(23).chain(['…']).collect() }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a picture")]
const fn count(number: usize) -> f64 {
    number as f64
}
