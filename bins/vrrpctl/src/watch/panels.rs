use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Sparkline, Table, TableState};
use vrrp_control::{CheckStatus, Event, PeerStatus, RouterStatus, State, Verdict};

use super::draw::style;
use super::view::View;
use crate::render::{self, Paint, ago, span, time_of_day};

/// A bar of this height is three intervals long: one more, and the Active router is taken for dead.
const FULL: u64 = 300;

/// A row for each virtual router; the chosen one stands out.
pub(super) fn routers(view: &View, frame: &mut Frame<'_>, area: Rect) {
    let now = view.status.at;
    let row = |router: &RouterStatus| {
        let cells = [
            (router.name.clone(), Paint::Bold),
            render::standing(router),
            (span(now.since(router.since)), Paint::Plain),
            render::priority(router),
            render::in_charge(router, now),
            render::addresses(router),
            render::tracks(router),
        ];
        Row::new(cells.map(|(text, paint)| Cell::from(text).style(style(paint))))
    };
    let names = view.status.routers.iter().map(|router| router.name.chars().count()).max().unwrap_or(0);
    let widths = [
        Constraint::Length(u16::try_from(names).unwrap_or(u16::MAX).clamp(6, 20)),
        Constraint::Length(20),
        Constraint::Length(10),
        Constraint::Length(13),
        Constraint::Length(41),
        Constraint::Length(11),
        Constraint::Fill(1),
    ];
    let headings = ["Router", "State", "Since", "Priority", "In charge", "Addresses", "Checks"];
    let table = Table::new(view.status.routers.iter().map(row), widths)
        .header(Row::new(headings).style(style(Paint::Dim)))
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED))
        .block(Block::bordered().title("Virtual routers"));
    let mut state = TableState::new().with_selected(view.router().map(|_| view.chosen));
    frame.render_stateful_widget(table, area, &mut state);
}

/// Who else advertises the chosen virtual router.
pub(super) fn peers(view: &View, frame: &mut Frame<'_>, area: Rect) {
    let Some(router) = view.router() else {
        frame.render_widget(Block::bordered().title("Peers"), area);
        return;
    };
    let row = |peer: &PeerStatus| {
        Row::new([
            peer.address.to_string(),
            peer.priority.to_string(),
            span(peer.interval),
            ago(view.status.at, peer.last_heard),
            peer.received.to_string(),
            peer.missed.to_string(),
        ])
    };
    let widths = [Constraint::Min(15), Constraint::Length(4), Constraint::Length(8), Constraint::Length(14)];
    let widths = widths.into_iter().chain([Constraint::Length(8), Constraint::Length(6)]);
    let headings = ["Address", "Prio", "Interval", "Heard", "Received", "Missed"];
    let table = Table::new(router.peers.iter().map(row), widths)
        .header(Row::new(headings).style(style(Paint::Dim)))
        .block(Block::bordered().title(format!("Peers of {}", router.name)));
    frame.render_widget(table, area);
}

/// What the checks say.
pub(super) fn checks(view: &View, frame: &mut Frame<'_>, area: Rect) {
    let row = |check: &CheckStatus| {
        let paint = match check.verdict {
            Verdict::Up | Verdict::Value(_) => Paint::Good,
            Verdict::Unknown => Paint::Warn,
            Verdict::Down | Verdict::Silent => Paint::Bad,
        };
        let since = check.since.map(|since| span(view.status.at.since(since))).unwrap_or_default();
        let verdict = Cell::from(check.verdict.to_string()).style(style(paint));
        Row::new([Cell::from(check.name.clone()), verdict, Cell::from(since), Cell::from(check.words.clone())])
    };
    let widths = [Constraint::Min(12), Constraint::Length(13), Constraint::Length(11), Constraint::Fill(2)];
    // The failing ones first: there may be more checks than lines.
    let mut checks: Vec<&CheckStatus> = view.status.checks.iter().collect();
    checks.sort_by_key(|check| matches!(check.verdict, Verdict::Up | Verdict::Value(_)));
    let table = Table::new(checks.into_iter().map(row), widths)
        .header(Row::new(["Check", "Says", "For", "Found"]).style(style(Paint::Dim)))
        .block(Block::bordered().title("Checks"));
    frame.render_widget(table, area);
}

/// A bar for each gap between two advertisements of the chosen virtual router: even while all is well.
pub(super) fn arrivals(view: &View, frame: &mut Frame<'_>, area: Rect) {
    let title = "Time between advertisements heard, the last at the right; a full bar is three intervals";
    let block = Block::bordered().title(title);
    let width = usize::from(area.width.saturating_sub(2));
    let gaps = view.router().map(|router| view.gaps(router, width)).unwrap_or_default();
    match view.router().map(|router| router.state) {
        Some(State::Active) => {
            frame.render_widget(Paragraph::new("it is Active: it sends, and hears nobody").block(block), area)
        }
        _ if gaps.is_empty() => frame.render_widget(Paragraph::new("none heard").block(block), area),
        Some(State::Backup | State::Initialize) | None => {
            let empty = core::iter::repeat_n(0, width.saturating_sub(gaps.len()));
            let bars: Vec<u64> = empty.chain(gaps).collect();
            frame
                .render_widget(Sparkline::default().data(&bars).max(FULL).style(style(Paint::Good)).block(block), area);
        }
    }
}

/// The last events, the newest first.
pub(super) fn events(view: &View, frame: &mut Frame<'_>, area: Rect) {
    let line = |event: &Event| {
        let paint = if event.warning { Paint::Warn } else { Paint::Plain };
        let name = if event.router.is_empty() { String::new() } else { format!("({}) ", event.router) };
        Line::styled(format!("{}  {name}{}", time_of_day(event.at), event.words), style(paint))
    };
    let lines: Text<'_> = view.events.iter().take(usize::from(area.height)).map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title("Events")), area);
}
