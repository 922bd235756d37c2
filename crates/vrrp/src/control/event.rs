use core::net::IpAddr;

use vrrp_control::{Event, Moment};

use crate::What;

/// What an event says in words, and in fields beside them. Its number is given by whoever keeps it.
pub fn event(event: &crate::Event) -> Event {
    let crate::Event { at, router, what } = event;
    let plain = Event {
        seq: 0,
        at: Moment::from_unix_nanos(*at),
        router: router.to_string(),
        event: what.token().to_owned(),
        warning: what.is_warning(),
        words: what.to_string(),
        from: None,
        to: None,
        cause: None,
        about: None,
        began: None,
        priority: None,
        source: None,
        address: None,
        times: None,
    };
    with_fields(plain, what)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "an event without fields of its own has its sentence")]
fn with_fields(plain: Event, what: &What) -> Event {
    let word = |word: &str| Some(word.to_owned());
    let named = |about: &Option<std::sync::Arc<str>>| about.as_deref().map(str::to_owned);
    let by = |source: IpAddr| Some(source);
    match what {
        What::Moved { from, to, why, priority, about } => Event {
            from: word(from.token()),
            to: word(to.token()),
            cause: word(why.token()),
            about: named(about),
            priority: Some(priority.get()),
            source: why.peer(),
            ..plain
        },
        What::Ineligible { cause, about, began } => {
            Event { cause: word(cause.token()), about: named(about), began: Some(*began), ..plain }
        }
        What::Condition { condition, began, about } => Event {
            cause: word(condition.token()),
            about: named(about),
            began: Some(*began),
            source: condition.peer(),
            ..plain
        },
        What::Priority { to, .. } => Event { priority: Some(to.get()), ..plain },
        What::Takeover { began, priority } => Event { began: Some(*began), priority: Some(priority.get()), ..plain },
        What::Check { name, .. } => Event { about: word(name), ..plain },
        What::NearMiss { source, missed, .. } => Event { source: by(*source), times: Some(*missed), ..plain },
        What::Restored { address, link, times, .. } => {
            Event { address: Some(*address), about: word(link), times: Some(*times), ..plain }
        }
        What::Refused { address, link, .. } => Event { address: Some(*address), about: word(link), ..plain },
        What::Leftover { address, link, began } => {
            Event { address: Some(*address), about: word(link), began: Some(*began), ..plain }
        }
        What::Discarded { source, reject, times } => {
            Event { cause: word(reject.token()), source: by(*source), times: Some(*times), ..plain }
        }
        What::Stranger { interface, source, .. } => Event { about: word(interface), source: by(*source), ..plain },
        What::Swept { removed } => Event { times: Some(*removed), ..plain },
        _ => plain,
    }
}
