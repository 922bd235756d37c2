//! keepalived's words for what its users' log parsers look for; ours for the rest.

use vrrp::{Cause, Event, Name, Priority, Verdict, What};

use super::sentence;

/// The lines that keepalived would write for an event.
#[expect(clippy::wildcard_enum_match_arm, reason = "what keepalived has no words for keeps ours")]
pub(super) fn lines(event: &Event) -> Vec<String> {
    let lines = match &event.what {
        What::Moved { from, to, why, priority, .. } => moved(*from, *to, why, *priority),
        What::Priority { from, to } => vec![format!("Changing effective priority from {from} to {to}")],
        What::Check { name, verdict: Verdict::Up, .. } => return vec![format!("VRRP_Script({name}) succeeded")],
        What::Check { name, verdict: Verdict::Down, words } => {
            return vec![format!("VRRP_Script({name}) failed ({})", failure(words))];
        }
        _ => return vec![sentence(event)],
    };
    lines.into_iter().map(|line| format!("({}) {line}", event.router)).collect()
}

/// Why, as far as keepalived says so; the state; what became of the addresses.
fn moved(from: Name, to: Name, why: &Cause, ours: Priority) -> Vec<String> {
    let mut lines = evidence(why, ours);
    if from == Name::Active && matches!(why, Cause::Stopped | Cause::HandedOver { .. } | Cause::NobodyTookOver) {
        lines.push("sent 0 priority".to_owned());
    }
    lines.push(match to {
        Name::Active => "Entering MASTER STATE".to_owned(),
        Name::Backup if from == Name::Initialize => "Entering BACKUP STATE (init)".to_owned(),
        Name::Backup => "Entering BACKUP STATE".to_owned(),
        Name::Initialize => "Entering FAULT STATE".to_owned(),
    });
    if to == Name::Active {
        lines.push("setting VIPs.".to_owned());
    } else if from == Name::Active {
        lines.push("removing VIPs.".to_owned());
    }
    lines
}

/// What led to it, in keepalived's words.
#[expect(clippy::wildcard_enum_match_arm, reason = "of other causes keepalived says nothing")]
fn evidence(why: &Cause, ours: Priority) -> Vec<String> {
    let timeout = "Receive advertisement timeout".to_owned();
    match why {
        Cause::ActiveDown { .. } | Cause::Released { .. } => vec![timeout],
        Cause::Preempting { lower } => {
            let discarding =
                format!("received lower priority ({}) advert from {} - discarding", lower.priority, lower.source);
            vec![discarding, timeout]
        }
        Cause::Higher { by } => {
            vec![format!("Master received advert from {} with higher priority {}, ours {ours}", by.source, by.priority)]
        }
        Cause::Tie { by } => vec![format!(
            "Master received advert from {} with same priority {} but higher IP address than ours",
            by.source, by.priority
        )],
        _ => Vec::new(),
    }
}

fn failure(words: &str) -> String {
    match words.strip_prefix("exit status ") {
        Some(status) => format!("exited with status {status}"),
        None if words.is_empty() => "no reason given".to_owned(),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use vrrp::{Cause, Event, Heard, Name, Priority, Verdict, What};

    use super::lines;

    fn said(what: What) -> Vec<String> {
        lines(&Event { at: 0, router: "VI_1".into(), what })
    }

    fn moved(from: Name, to: Name, why: Cause) -> Vec<String> {
        said(What::Moved { from, to, why, priority: Priority::new(100), about: None })
    }

    fn heard(priority: u8) -> Heard {
        Heard { source: "10.0.0.2".parse().unwrap(), priority: Priority::new(priority), at: vrrp::Instant::default() }
    }

    #[test]
    fn becoming_active_is_entering_master_state() {
        assert_eq!(
            moved(Name::Backup, Name::Active, Cause::ActiveDown { last: None }),
            ["(VI_1) Receive advertisement timeout", "(VI_1) Entering MASTER STATE", "(VI_1) setting VIPs."]
        );
        assert_eq!(
            moved(Name::Backup, Name::Active, Cause::Preempting { lower: heard(50) })[..2],
            [
                "(VI_1) received lower priority (50) advert from 10.0.0.2 - discarding",
                "(VI_1) Receive advertisement timeout"
            ]
        );
    }

    #[test]
    fn giving_way_names_the_better_router() {
        assert_eq!(
            moved(Name::Active, Name::Backup, Cause::Higher { by: heard(150) }),
            [
                "(VI_1) Master received advert from 10.0.0.2 with higher priority 150, ours 100",
                "(VI_1) Entering BACKUP STATE",
                "(VI_1) removing VIPs."
            ]
        );
        assert_eq!(
            moved(Name::Active, Name::Backup, Cause::Tie { by: heard(100) })[0],
            "(VI_1) Master received advert from 10.0.0.2 with same priority 100 but higher IP address than ours"
        );
    }

    #[test]
    fn the_start_the_end_and_faults_are_told() {
        assert_eq!(moved(Name::Initialize, Name::Backup, Cause::Started), ["(VI_1) Entering BACKUP STATE (init)"]);
        assert_eq!(
            moved(Name::Active, Name::Initialize, Cause::Stopped),
            ["(VI_1) sent 0 priority", "(VI_1) Entering FAULT STATE", "(VI_1) removing VIPs."]
        );
    }

    #[test]
    fn scripts_and_priorities_have_keepalived_s_words() {
        let check = |verdict, words: &str| said(What::Check { name: "chk".into(), verdict, words: words.into() });
        assert_eq!(check(Verdict::Down, "exit status 1"), ["VRRP_Script(chk) failed (exited with status 1)"]);
        assert_eq!(check(Verdict::Up, ""), ["VRRP_Script(chk) succeeded"]);
        let priority = What::Priority { from: Priority::new(100), to: Priority::new(80) };
        assert_eq!(said(priority), ["(VI_1) Changing effective priority from 100 to 80"]);
    }

    #[test]
    fn what_keepalived_has_no_words_for_keeps_ours() {
        assert_eq!(said(What::Vacated), ["(VI_1) the addresses are gone from this host"]);
    }
}
