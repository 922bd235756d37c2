use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::panels;
use super::view::View;
use crate::render::{Paint, clock, span};

/// The whole picture: a title; the routers; of the chosen one the peers, checks and advertisements; events.
pub(super) fn draw(view: &View, frame: &mut Frame<'_>) {
    let routers = u16::try_from(view.status.routers.len()).unwrap_or(u16::MAX);
    let heights = [
        Constraint::Length(1),
        Constraint::Length(routers.saturating_add(3).min(frame.area().height / 3).max(4)),
        Constraint::Length(7),
        Constraint::Length(5),
        Constraint::Min(3),
        Constraint::Length(1),
    ];
    let [title, table, beside, sparkline, events, help] = Layout::vertical(heights).areas(frame.area());
    frame.render_widget(self::title(view), title);
    panels::routers(view, frame, table);
    let [peers, checks] = Layout::horizontal([Constraint::Percentage(50); 2]).areas::<2>(beside);
    panels::peers(view, frame, peers);
    panels::checks(view, frame, checks);
    panels::arrivals(view, frame, sparkline);
    panels::events(view, frame, events);
    self::help(frame, help);
}

fn title(view: &View) -> Line<'static> {
    let status = &view.status;
    let up = span(status.at.since(status.started));
    let late = span(status.engine.worst_lag);
    let words = format!("vrrpd {}  {}  up {up}  timers at most {late} late", status.version, clock(status.at));
    match &view.error {
        Some(error) => Line::styled(format!("{error} (as of {})", clock(status.at)), style(Paint::Bad)),
        None if status.engine.stopping => Line::styled(format!("{words}  stopping"), style(Paint::Warn)),
        None => Line::styled(words, style(Paint::Bold)),
    }
}

fn help(frame: &mut Frame<'_>, area: Rect) {
    frame.render_widget(Span::styled("up/down: choose a virtual router   q: end", style(Paint::Dim)), area);
}

/// What a paint looks like here.
pub(super) fn style(paint: Paint) -> Style {
    let plain = Style::new();
    match paint {
        Paint::Plain => plain,
        Paint::Bold => plain.add_modifier(Modifier::BOLD),
        Paint::Good => plain.fg(Color::Green),
        Paint::Dim => plain.add_modifier(Modifier::DIM),
        Paint::Warn => plain.fg(Color::Yellow),
        Paint::Bad => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use vrrp_control::Verdict;

    use super::super::keys::Key;
    use super::{View, draw};
    use crate::error::Error;
    use crate::render::sample;

    fn picture(view: &View, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(view, frame)).unwrap();
        let cells = terminal.backend().buffer().content().chunks(usize::from(width));
        let lines = cells.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        lines.map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn view() -> View {
        let mut db = sample::backup("db");
        db.tracks.push(sample::track("nginx", Verdict::Down));
        let mut status = sample::status(vec![sample::active("web"), db]);
        status.checks.push(sample::check("nginx", Verdict::Down, "exited with status 1"));
        let mut view = View::default();
        view.status(Ok(status));
        view.event(sample::event(7, "web", "Backup -> Active, Active_Down_Timer"));
        view
    }

    #[test]
    fn the_picture_holds_routers_checks_and_events() {
        let text = picture(&view(), 120, 30);
        for part in ["vrrpd 0.1.0", "Active (MASTER)", "Backup (BACKUP)", "nginx", "(web) Backup -> Active"] {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
        assert!(text.contains("it is Active: it sends, and hears nobody"), "{text}");
    }

    #[test]
    fn the_chosen_router_shows_its_peers_and_their_advertisements() {
        let mut view = view();
        view.key(Key::Down);
        view.key(Key::Down);
        let text = picture(&view, 120, 30);
        assert!(text.contains("Peers of db"), "{text}");
        assert!(text.contains("10.0.0.2"), "{text}");
        assert!(text.contains("█▄│") || text.contains("█▃│"), "no bar at the right in\n{text}");
        view.key(Key::Up);
        assert!(picture(&view, 120, 30).contains("Peers of web"));
    }

    #[test]
    fn a_daemon_that_is_gone_leaves_the_last_picture_and_says_so() {
        let mut view = view();
        view.status(Err(Error::Ended));
        let text = picture(&view, 120, 30);
        assert!(text.contains("the daemon has ended") && text.contains("as of 2025"), "{text}");
        assert!(text.contains("Active (MASTER)"), "{text}");
    }

    #[test]
    fn no_size_of_a_terminal_is_too_small() {
        for (width, height) in [(1, 1), (10, 5), (40, 12), (300, 100)] {
            picture(&view(), width, height);
            picture(&View::default(), width, height);
        }
    }
}
