use vrrp_control::Event;

use super::{Look, Paint, clock};

/// One event on a line: when, its number, of which virtual router, what.
pub(crate) fn event(event: &Event, look: &Look) -> String {
    let Event { seq, at, router, words, .. } = event;
    let paint = match event.to.as_deref() {
        Some("active") => Paint::Good,
        _ if event.warning => Paint::Warn,
        _ => Paint::Plain,
    };
    let name = if router.is_empty() { String::new() } else { format!("({router}) ") };
    let when = look.paint(Paint::Dim, format!("{} {seq:>6}", clock(*at)));
    format!("{when}  {}\n", look.paint(paint, format!("{name}{words}")))
}

/// That events are no longer kept, where some are not.
pub(crate) fn lost(count: u64, look: &Look) -> String {
    match count {
        0 => String::new(),
        1 => format!("{}\n", look.paint(Paint::Warn, "1 event is no longer kept")),
        _ => format!("{}\n", look.paint(Paint::Warn, format!("{count} events are no longer kept"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{Look, event, lost};

    #[test]
    fn an_event_is_a_line_with_its_time_number_and_router() {
        let line = event(&sample::event(7, "web", "Backup -> Active, Active_Down_Timer"), &Look::default());
        assert_eq!(line, "2025-11-24T15:43:10.000Z      7  (web) Backup -> Active, Active_Down_Timer\n");
    }

    #[test]
    fn lost_events_are_told_of_and_none_is_silence() {
        assert_eq!(lost(0, &Look::default()), "");
        assert_eq!(lost(3, &Look::default()), "3 events are no longer kept\n");
    }
}
