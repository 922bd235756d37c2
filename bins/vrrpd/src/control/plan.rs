//! What a configuration would change, before it does.

use std::collections::BTreeMap;

use serde_json::Value;
use vrrp::Node;
use vrrp_config::{Loaded, Model};
use vrrp_control::{Change, ChangeKind, Diagnostic, Severity};

use super::masked;

/// The parts of a configuration by what tells them apart.
type Parts = BTreeMap<String, Part>;

/// A part of a configuration: what it is called, and its settings.
struct Part {
    subject: String,
    /// What is compared, secrets included.
    settings: Value,
    /// What is told.
    shown: Value,
}

/// What differs between the running configuration and another one.
pub(crate) fn changes(running: &Model, wanted: &Model) -> Vec<Change> {
    let (mut before, mut after) = (parts(running), parts(wanted));
    let mut changes = Vec::new();
    while let Some((key, new)) = after.pop_first() {
        match before.remove(&key) {
            None => changes.push(change(new.subject, ChangeKind::Added, Vec::new(), &key)),
            Some(old) => {
                let settings = differences(&old, &new);
                if !settings.is_empty() {
                    changes.push(change(new.subject, ChangeKind::Changed, settings, &key));
                }
            }
        }
    }
    let gone = before.into_iter().map(|(key, part)| change(part.subject, ChangeKind::Removed, Vec::new(), &key));
    changes.extend(gone);
    changes
}

/// What is wrong with a file, or will surprise.
pub(crate) fn diagnostics(loaded: &Loaded) -> Vec<Diagnostic> {
    let diagnostic = |found: &vrrp_config::Diagnostic| Diagnostic {
        severity: match found.severity {
            vrrp_config::Severity::Error => Severity::Error,
            vrrp_config::Severity::Warning => Severity::Warning,
        },
        place: found.labels.first().map_or_else(String::new, |label| {
            let at = &label.location;
            format!("{}:{}:{}", at.file, at.line, at.column)
        }),
        words: match &found.help {
            Some(help) => format!("{}; {help}", found.message),
            None => found.message.clone(),
        },
    };
    loaded.diagnostics.iter().map(diagnostic).collect()
}

/// Takes a configuration apart. A router is the same one when interface, family and VRID are.
fn parts(model: &Model) -> Parts {
    let mut values = [serde_json::to_value(model).unwrap_or_default(), masked(model)];
    let mut take = |key: &str| values.each_mut().map(|value| value.get_mut(key).map(Value::take).unwrap_or_default());
    let mut parts = Parts::new();
    let mut insert = |key: String, subject: String, settings: Value, shown: Value| {
        parts.insert(key, Part { subject, settings, shown });
    };
    let [global, shown] = take("global_defs");
    insert("global_defs".to_owned(), "global_defs".to_owned(), global, shown);
    let [routers, shown] = take("vrrp_instance").map(array);
    for ((router, shown), identity) in routers.into_iter().zip(shown).zip(Node::routers_of(model)) {
        let (interface, vrid) = (&identity.interface, identity.protocol.vrid);
        let key = format!("router {interface} {:?} {vrid}", identity.family());
        insert(key, identity.name.to_string(), router, shown);
    }
    for (kind, key) in [("sync group", "vrrp_sync_group"), ("check", "check")] {
        let [list, shown] = take(key).map(array);
        for (part, shown) in list.into_iter().zip(shown) {
            let subject = format!("{kind} {}", part.get("name").and_then(Value::as_str).unwrap_or_default());
            insert(subject.clone(), subject, part, shown);
        }
    }
    parts
}

fn array(value: Value) -> Vec<Value> {
    if let Value::Array(values) = value { values } else { Vec::new() }
}

/// The settings that differ, by their keys.
fn differences(old: &Part, new: &Part) -> Vec<(String, String, String)> {
    let fields = |part: &Part| part.settings.as_object().cloned().unwrap_or_default();
    let (before, after) = (fields(old), fields(new));
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |part: &Part, key: &str| match part.shown.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let differs = |key: &&String| before.get(*key) != after.get(*key);
    keys.into_iter().filter(differs).map(|key| (key.clone(), text(old, key), text(new, key))).collect()
}

fn change(subject: String, kind: ChangeKind, settings: Vec<(String, String, String)>, key: &str) -> Change {
    let words = if key.starts_with("router ") {
        match kind {
            ChangeKind::Added => "begins as Backup, or as Active if it owns its addresses".to_owned(),
            ChangeKind::Removed => "if it is Active it sends priority 0 and releases its addresses".to_owned(),
            ChangeKind::Changed => consequence(&settings),
        }
    } else {
        match kind {
            ChangeKind::Added => "is new".to_owned(),
            ChangeKind::Removed => "is gone".to_owned(),
            ChangeKind::Changed => of_others(&settings),
        }
    };
    Change { subject, kind, settings, words }
}

/// What comes of settings of something else that change.
fn of_others(settings: &[(String, String, String)]) -> String {
    let at_once = "takes effect at once; no router moves for it by itself";
    if settings.iter().any(|(key, ..)| key == "surfaces") {
        return format!("{at_once}; another control socket or metrics address is taken at the next start only");
    }
    at_once.to_owned()
}

/// What comes of settings of a router that change.
fn consequence(settings: &[(String, String, String)]) -> String {
    let has = |names: &[&str]| settings.iter().any(|(key, ..)| names.contains(&key.as_str()));
    let mut words = if has(&["track", "claim_requires"]) {
        vec!["a check that fails, or has no result yet, takes it out of service or moves its priority"]
    } else {
        vec!["keeps its state and its timers"]
    };
    if has(&["priority"]) {
        words.push("peers hear the new priority with the next advertisement, and preempt if theirs is higher");
    }
    if has(&["virtual_ipaddress", "virtual_ipaddress_excluded"]) {
        words.push("if it is Active, addresses that are new are placed and announced, and those that are gone removed");
    }
    if has(&["advert_int", "version", "auth_pass", "unicast_peer", "mcast_dst_ip"]) {
        words.push("change the peers too: routers that disagree may both become Active");
    }
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use vrrp_config::{Options, parse_str};

    use super::*;

    fn model(routers: &[(u8, u8, &str)]) -> Model {
        let instance = |(vrid, priority, name): &(u8, u8, &str)| {
            format!(
                "vrrp_instance {name} {{ interface eth0\n virtual_router_id {vrid}\n priority {priority}\n \
                 virtual_ipaddress {{ 10.0.0.{vrid} }}\n }}\n"
            )
        };
        let text: String = routers.iter().map(instance).collect();
        parse_str("keepalived.conf", &text, &Options::default()).model
    }

    #[test]
    fn a_plan_names_what_is_new_what_is_gone_and_what_differs() {
        let before = model(&[(1, 100, "a"), (2, 100, "b")]);
        let after = model(&[(1, 150, "a"), (3, 100, "c")]);
        let plan = changes(&before, &after);
        let found: Vec<_> = plan.iter().map(|change| (change.subject.as_str(), change.kind)).collect();
        assert_eq!(found, [("a", ChangeKind::Changed), ("c", ChangeKind::Added), ("b", ChangeKind::Removed)]);
        let settings = &plan[0].settings;
        assert_eq!(*settings, [("priority".to_owned(), "100".to_owned(), "150".to_owned())]);
        assert!(plan[0].words.contains("new priority"), "{}", plan[0].words);
        assert_eq!(changes(&after, &after), []);
    }

    #[test]
    fn another_password_differs_and_neither_is_shown() {
        let with = |password: &str| {
            let auth = format!("authentication {{ auth_type PASS\n auth_pass {password}\n }}");
            let text = format!(
                "vrrp_instance a {{ interface eth0\n virtual_router_id 1\n {auth}\n virtual_ipaddress {{ 10.0.0.1 }}\n }}"
            );
            parse_str("keepalived.conf", &text, &Options::default()).model
        };
        let plan = changes(&with("former"), &with("latter"));
        let masked = "********".to_owned();
        assert_eq!(plan[0].settings, [("auth_pass".to_owned(), masked.clone(), masked)]);
        assert!(plan[0].words.contains("change the peers too"), "{}", plan[0].words);
    }

    #[test]
    fn a_check_that_a_router_is_to_track_may_take_it_out_of_service() {
        let with = |track: &str| {
            let text = format!(
                "check web {{ tcp 192.0.2.1:80 }}\nvrrp_instance a {{ interface eth0\n virtual_router_id 1\n {track}\n \
                 virtual_ipaddress {{ 10.0.0.1 }}\n }}"
            );
            parse_str("keepalived.conf", &text, &Options::default()).model
        };
        let plan = changes(&with(""), &with("track_check { web }"));
        let router = plan.iter().find(|change| change.subject == "a").unwrap();
        assert!(router.words.contains("takes it out of service"), "{router:?}");
    }

    #[test]
    fn places_that_are_taken_at_the_start_are_said_to_be() {
        let (before, mut after) = (model(&[(1, 100, "a")]), model(&[(1, 100, "a")]));
        after.global.surfaces.control_socket = Some("/run/other.sock".to_owned());
        let plan = changes(&before, &after);
        assert_eq!((plan.len(), plan[0].subject.as_str()), (1, "global_defs"));
        assert!(plan[0].words.contains("at the next start"), "{}", plan[0].words);
    }

    #[test]
    fn another_name_is_no_other_router() {
        let plan = changes(&model(&[(1, 100, "a")]), &model(&[(1, 100, "z")]));
        assert_eq!(plan.len(), 1);
        assert_eq!((plan[0].kind, plan[0].settings[0].0.as_str()), (ChangeKind::Changed, "name"));
    }
}
