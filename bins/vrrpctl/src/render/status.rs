use core::net::IpAddr;

use vrrp_control::{Moment, PeerStatus, RouterStatus, State, Status, Verdict};

use super::table::{Painted, table};
use super::{Look, Note, Paint, ago, clock, notes, span};

const HEADINGS: [&str; 8] = ["ROUTER", "ON", "STATE", "SINCE", "PRIORITY", "IN CHARGE", "ADDRESSES", "CHECKS"];

/// How everything stands: one line of the node, one for each virtual router, one for each thing to look at.
pub(crate) fn status(status: &Status, look: &Look) -> String {
    let mut text = headline(status);
    if !status.routers.is_empty() {
        text.push('\n');
        text.push_str(&table(look, &HEADINGS, status.routers.iter().map(|router| row(router, status.at))));
    }
    let notes = notes(status);
    if !notes.is_empty() {
        text.push('\n');
        let line = |note: &Note| format!("{}\n", look.paint(note.paint, format!("{}: {}", note.router, note.words)));
        text.extend(notes.iter().map(line));
    }
    text
}

fn headline(status: &Status) -> String {
    let of =
        |state: State| status.routers.iter().filter(|router| router.state == state && !router.is_drained()).count();
    let drained = status.routers.iter().filter(|router| router.is_drained()).count();
    let counts = [
        (of(State::Active), "Active"),
        (of(State::Backup), "Backup"),
        (of(State::Initialize), "Initialize"),
        (drained, "drained"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let counts: Vec<String> = counts.collect();
    let routers = match counts.as_slice() {
        [] => "no virtual router".to_owned(),
        counts => counts.join(", "),
    };
    format!(
        "vrrpd {}, up {}: {routers}; configured {}; timers at most {} late\n",
        status.version,
        span(status.at.since(status.started)),
        clock(status.configured),
        span(status.engine.worst_lag),
    )
}

fn row(router: &RouterStatus, now: Moment) -> Vec<Painted> {
    let on = format!("{} {} v{} vrid {}", router.interface, router.family, router.version, router.vrid);
    vec![
        (router.name.clone(), Paint::Bold),
        (on, Paint::Plain),
        standing(router),
        (span(now.since(router.since)), Paint::Plain),
        priority(router),
        in_charge(router, now),
        addresses(router),
        tracks(router),
    ]
}

/// The state in both vocabularies, and whether it is disputed.
pub(crate) fn standing(router: &RouterStatus) -> Painted {
    let standing = router.standing();
    if router.is_contested() {
        return (format!("{standing}, contested"), Paint::Bad);
    }
    let paint = match router.state {
        _ if router.is_drained() || router.leaving => Paint::Warn,
        State::Active => Paint::Good,
        State::Backup => Paint::Plain,
        State::Initialize => Paint::Bad,
    };
    (standing, paint)
}

/// The effective priority, with the configured one where they differ.
pub(crate) fn priority(router: &RouterStatus) -> Painted {
    let (base, effective) = (router.priority.base, router.priority.effective);
    match effective.cmp(&base) {
        core::cmp::Ordering::Equal => (base.to_string(), Paint::Plain),
        core::cmp::Ordering::Less => (format!("{effective} (base {base})"), Paint::Warn),
        core::cmp::Ordering::Greater => (format!("{effective} (base {base})"), Paint::Plain),
    }
}

/// Who serves the addresses.
pub(crate) fn in_charge(router: &RouterStatus, now: Moment) -> Painted {
    let heard = router.active_router.map(|heard| (heard.address, heard.priority, heard.last_heard));
    match (router.state, heard.or_else(|| heard_lately(router, now))) {
        (State::Active, _) => ("this one".to_owned(), Paint::Plain),
        (_, Some((address, priority, last_heard))) => {
            (format!("{address}, priority {priority}, heard {}", ago(now, last_heard)), Paint::Plain)
        }
        (_, None) => ("nobody heard".to_owned(), Paint::Warn),
    }
}

/// Who advertises while this router takes no part, and so follows nobody: whoever was not silent for four intervals.
fn heard_lately(router: &RouterStatus, now: Moment) -> Option<(IpAddr, u8, Moment)> {
    let lately = |peer: &&PeerStatus| peer.priority > 0 && now.since(peer.last_heard).0 < 4.0 * peer.interval.0;
    let peer =
        router.peers.iter().filter(lately).max_by(|left, right| left.last_heard.0.total_cmp(&right.last_heard.0));
    peer.map(|peer| (peer.address, peer.priority, peer.last_heard))
}

/// How many of its addresses this host holds: all where it is Active, none elsewhere.
pub(crate) fn addresses(router: &RouterStatus) -> Painted {
    let present = router.addresses.iter().filter(|address| address.present).count();
    let wanted = if router.state == State::Active { router.addresses.len() } else { 0 };
    let paint = if present == wanted { Paint::Plain } else { Paint::Bad };
    (format!("{present} of {} here", router.addresses.len()), paint)
}

/// The checks that it tracks: the failing ones by name.
pub(crate) fn tracks(router: &RouterStatus) -> Painted {
    let failing = router.tracks.iter().filter(|track| !matches!(track.verdict, Verdict::Up | Verdict::Value(_)));
    let failing: Vec<String> = failing.map(|track| format!("{} {}", track.check, track.verdict)).collect();
    match (router.tracks.len(), failing.as_slice()) {
        (0, _) => ("-".to_owned(), Paint::Dim),
        (count, []) => (format!("{count} up"), Paint::Plain),
        (_, failing) => (failing.join(", "), Paint::Bad),
    }
}

#[cfg(test)]
mod tests {
    use vrrp_control::Status;

    use super::super::sample;
    use super::{Look, status};

    fn plain(of: &Status) -> String {
        status(of, &Look::default())
    }

    #[test]
    fn a_healthy_node_is_a_line_and_a_row_for_each_router() {
        let text = plain(&sample::status(vec![sample::active("web"), sample::backup("db")]));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[0].starts_with("vrrpd 0.1.0, up 2 h 5 min: 1 Active, 1 Backup;"), "{text}");
        assert!(lines[2].starts_with("ROUTER  ON"), "{text}");
        assert!(lines[3].contains("Active (MASTER)") && lines[3].contains("this one"), "{text}");
        assert!(lines[3].contains("2 of 2 here"), "{text}");
        assert!(lines[4].contains("Backup (BACKUP)"), "{text}");
        assert!(lines[4].contains("10.0.0.2, priority 150, heard 0.40 s ago"), "{text}");
        assert!(lines[4].contains("0 of 2 here"), "{text}");
    }

    #[test]
    fn a_pipe_gets_no_colour_and_a_terminal_does() {
        let of = sample::status(vec![sample::active("web")]);
        assert!(!plain(&of).contains('\x1b'));
        assert!(status(&of, &Look { color: true, width: None }).contains("\x1b["));
    }

    #[test]
    fn a_narrow_terminal_wraps_cells_and_loses_nothing() {
        let of = sample::status(vec![sample::backup("db")]);
        let text = status(&of, &Look { color: false, width: Some(80) });
        let table = text.lines().skip(1);
        assert!(table.clone().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("10.0.0.2"), "{text}");
    }

    #[test]
    fn a_priority_that_checks_moved_shows_both() {
        let mut router = sample::backup("db");
        router.priority.effective = 50;
        assert!(plain(&sample::status(vec![router])).contains("50 (base 100)"));
    }

    #[test]
    fn a_contested_router_says_so() {
        let mut router = sample::active("web");
        router.conditions.push(sample::remark("contested", "10.0.0.9 claims the addresses, too"));
        let text = plain(&sample::status(vec![router]));
        assert!(text.contains("Active (MASTER), contested"), "{text}");
        assert!(text.contains("web: 10.0.0.9 claims the addresses, too"), "{text}");
    }

    #[test]
    fn a_router_that_takes_no_part_shows_who_advertises_as_long_as_somebody_does() {
        let mut router = sample::backup("db");
        (router.state, router.active_router) = (vrrp_control::State::Initialize, None);
        assert!(plain(&sample::status(vec![router.clone()])).contains("10.0.0.2, priority 150, heard 0.40 s ago"));
        router.peers[0].last_heard.0 -= 4.0;
        assert!(plain(&sample::status(vec![router])).contains("nobody heard"));
    }

    #[test]
    fn a_node_without_routers_says_so() {
        assert!(plain(&sample::status(vec![])).contains("no virtual router"));
    }
}
