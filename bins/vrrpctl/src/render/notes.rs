use vrrp_control::{CheckStatus, RouterStatus, State, Status, Verdict};

use super::{Paint, ago, clock};

/// One thing that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// The virtual router, or the interface, that it is about.
    pub(crate) router: String,
    /// How it looks.
    pub(crate) paint: Paint,
    /// The sentence.
    pub(crate) words: String,
}

/// Everything that is not as it should be.
pub(crate) fn notes(status: &Status) -> Vec<Note> {
    let mut notes = Vec::new();
    if status.engine.stopping {
        notes.push(Note { router: "vrrpd".to_owned(), paint: Paint::Warn, words: "is stopping".to_owned() });
    }
    for router in &status.routers {
        let mut add = |paint, words| notes.push(Note { router: router.name.clone(), paint, words });
        commands(status, router, &mut add);
        for cause in &router.causes {
            add(Paint::Bad, format!("may not serve: {}", cause.words));
        }
        for condition in &router.conditions {
            add(Paint::Warn, condition.words.clone());
        }
        misplaced(router, &mut add);
        for track in router.tracks.iter().filter(|track| !matches!(track.verdict, Verdict::Up | Verdict::Value(_))) {
            let check = status.checks.iter().find(|check| check.name == track.check);
            add(Paint::Warn, failing(status, &track.check, track.verdict, check));
        }
    }
    for stranger in &status.strangers {
        let words = match stranger.vrid {
            Some(vrid) => format!("{} advertises VRID {vrid}, which is none of ours", stranger.source),
            None => format!("{} sends what is no VRRP under its protocol number", stranger.source),
        };
        notes.push(Note { router: stranger.interface.clone(), paint: Paint::Dim, words });
    }
    notes
}

/// What an operator asked for.
fn commands(status: &Status, router: &RouterStatus, add: &mut impl FnMut(Paint, String)) {
    let until = |until: Option<vrrp_control::Moment>| {
        until.map_or_else(|| "until undone".to_owned(), |until| format!("until {}", clock(until)))
    };
    if let Some(drain) = router.drain {
        let what = if drain.serving { "to be drained, and serves on" } else { "drained" };
        let since = ago(status.at, drain.since);
        add(Paint::Warn, format!("{what}, by command {since}, {}", until(drain.until)));
    }
    if let Some(takeover) = router.takeover {
        add(Paint::Warn, format!("told to take over with priority {}, {}", takeover.priority, until(takeover.until)));
    }
}

/// Addresses that are not where they should be.
fn misplaced(router: &RouterStatus, add: &mut impl FnMut(Paint, String)) {
    let active = router.state == State::Active;
    for address in router.addresses.iter().filter(|address| address.present != active) {
        let words = if active { "is missing from" } else { "is left over on" };
        add(Paint::Bad, format!("{} {words} {}", address.address, address.link));
    }
}

fn failing(status: &Status, name: &str, verdict: Verdict, check: Option<&CheckStatus>) -> String {
    let words = check.map(|check| check.words.as_str()).filter(|words| !words.is_empty());
    let words = words.map(|words| format!(", {words}")).unwrap_or_default();
    let since = check.and_then(|check| check.since).map(|since| format!(" ({})", ago(status.at, since)));
    format!("check {name} {verdict}{words}{}", since.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use vrrp_control::{DrainStatus, Moment, StrangerStatus, TakeoverStatus, Verdict};

    use super::super::sample;
    use super::notes;

    fn words(status: &vrrp_control::Status) -> Vec<String> {
        notes(status).into_iter().map(|note| format!("{}: {}", note.router, note.words)).collect()
    }

    #[test]
    fn a_healthy_node_has_none() {
        let status = sample::status(vec![sample::active("web"), sample::backup("db")]);
        assert_eq!(words(&status), [""; 0]);
    }

    #[test]
    fn an_address_is_noted_where_it_should_not_be_and_where_it_is_missing() {
        let (mut web, mut db) = (sample::active("web"), sample::backup("db"));
        web.addresses[1].present = false;
        db.addresses[0].present = true;
        let status = sample::status(vec![web, db]);
        assert_eq!(
            words(&status),
            ["web: 10.0.0.101/24 is missing from eth0", "db: 10.0.0.100/24 is left over on eth0"]
        );
    }

    #[test]
    fn a_failing_check_is_noted_with_what_it_found() {
        let mut web = sample::active("web");
        web.tracks.push(sample::track("nginx", Verdict::Down));
        let mut status = sample::status(vec![web]);
        status.checks.push(sample::check("nginx", Verdict::Down, "exited with status 1"));
        assert_eq!(words(&status), ["web: check nginx down, exited with status 1 (1 min ago)"]);
    }

    #[test]
    fn what_an_operator_asked_for_is_noted_with_its_end() {
        let (mut web, mut db) = (sample::active("web"), sample::backup("db"));
        web.drain = Some(DrainStatus { since: Moment(sample::NOW - 60.0), until: None, serving: true });
        db.takeover = Some(TakeoverStatus { priority: 151, until: Some(Moment(1_764_000_000.0)) });
        assert_eq!(
            words(&sample::status(vec![web, db])),
            [
                "web: to be drained, and serves on, by command 1 min ago, until undone",
                "db: told to take over with priority 151, until 2025-11-24T16:00:00.000Z"
            ]
        );
    }

    #[test]
    fn a_cause_and_a_stranger_are_noted() {
        let mut web = sample::backup("web");
        web.causes.push(sample::remark("link_down", "the link is down (eth0)"));
        let mut status = sample::status(vec![web]);
        let source = "10.0.0.9".parse().unwrap();
        status.strangers.push(StrangerStatus { interface: "eth0".to_owned(), source, vrid: Some(7), last_heard: None });
        assert_eq!(
            words(&status),
            ["web: may not serve: the link is down (eth0)", "eth0: 10.0.0.9 advertises VRID 7, which is none of ours"]
        );
    }
}
