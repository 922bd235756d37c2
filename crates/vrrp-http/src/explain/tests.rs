use serde_json::{Value, json};
use vrrp_control::{Explanation, RouterStatus, Status};

use super::explain;

/// A healthy Backup, with some fields replaced.
fn router(changes: &Value) -> RouterStatus {
    let mut plain = json!({
        "name": "web", "interface": "eth0", "vrid": 51, "family": "ipv4", "version": 3, "state": "backup", "since": 900.0,
        "priority": {"base": 100, "effective": 100}, "preempt": true, "advertisement_interval": 1.0,
        "active_down_interval": 3.6, "source": "10.0.0.1", "destinations": ["224.0.0.18"], "group": null,
        "degraded": false, "drain": null, "takeover": null, "causes": [], "conditions": [],
        "active_router": {"address": "10.0.0.2", "priority": 150, "last_heard": 999.8},
        "addresses": [{"address": "10.0.0.100/24", "link": "eth0", "present": false, "advertised": true}],
        "transition": null, "counters": {}, "recent": [], "peers": [],
        "timer": {"timer": "active_down", "fires_in": 3.4},
    });
    plain["addresses"][0]["present"] = (changes["state"] == "active").into();
    let fields = plain.as_object_mut().unwrap();
    changes.as_object().unwrap().iter().for_each(|(key, value)| drop(fields.insert(key.clone(), value.clone())));
    serde_json::from_value(plain).unwrap()
}

fn explained(changes: &Value) -> Explanation {
    let status: Status = serde_json::from_value(json!({
        "version": "0", "at": 1000.0, "checks": [], "routers": [],
        "strangers": [{"interface": "eth0", "source": "10.0.0.7", "vrid": 9},
                      {"interface": "eth1", "source": "10.1.0.7", "vrid": 9}],
    }))
    .unwrap();
    explain(&status, &router(changes), &[], &[])
}

fn tokens(sentences: &[vrrp_control::Sentence]) -> Vec<&str> {
    sentences.iter().map(|sentence| sentence.token.as_str()).collect()
}

/// The decisive reason of each situation.
#[test]
fn the_first_reason_is_the_one_that_decides() {
    let heard = |priority: u8| json!({"address": "10.0.0.2", "priority": priority, "last_heard": 999.8});
    let cause = |token: &str| json!([{"token": token, "words": token, "about": "eth0"}]);
    let held = |token: &str| json!([{"token": token, "words": token}]);
    let discard =
        |at: f64| json!({"reason": "hop_limit", "words": "hop limit 64", "source": "10.0.0.9", "at": at, "times": 4});
    let situations = [
        (json!({}), "higher"),
        (json!({"active_router": heard(100)}), "equal"),
        (json!({"active_router": heard(50), "preempt": false}), "nopreempt"),
        (json!({"active_router": heard(50), "preempts_in": 3.0}), "preempt_delay"),
        (json!({"active_router": heard(50)}), "preempting"),
        (json!({"active_router": heard(50), "preempt": false, "preempts_degraded": true}), "failback_manual"),
        (json!({"active_router": heard(50), "degraded": true, "resigns_degraded": true}), "degraded"),
        (json!({"active_router": heard(50), "conditions": held("preemption_held")}), "preemption_held"),
        (json!({"active_router": {"address": "10.0.0.2", "priority": 150, "last_heard": 990.0}}), "silent"),
        (json!({"conditions": held("withheld_requires")}), "withheld_requires"),
        (
            json!({"peers": [{"address": "10.0.0.2", "priority": 0, "interval": 1.0, "last_heard": 999.9, "received": 3,
                "missed": 0}]}),
            "released",
        ),
        (json!({"active_router": null, "discards": [discard(999.0)]}), "hop_limit"),
        (json!({"active_router": null, "discards": [discard(990.0)]}), "waiting"),
        (json!({"state": "active", "active_router": null, "discards": [discard(999.0)]}), "hop_limit"),
        (json!({"state": "active", "active_router": null, "discards": [discard(990.0)]}), "highest"),
        (json!({"active_router": null}), "waiting"),
        (json!({"active_router": null, "conditions": held("withheld_deaf")}), "withheld_deaf"),
        (
            json!({"active_router": null, "peers": [{"address": "10.0.0.3", "priority": 50, "interval": 1.0,
                "last_heard": 999.0, "received": 3, "missed": 0}]}),
            "preempting",
        ),
        (json!({"state": "initialize", "active_router": null, "causes": cause("interface_down")}), "interface_down"),
        (json!({"state": "initialize", "active_router": null, "causes": cause("check")}), "check"),
        (json!({"state": "initialize", "active_router": null, "causes": cause("drained")}), "drained"),
        (json!({"state": "initialize", "active_router": null}), "stopped"),
        (json!({"state": "active", "active_router": null, "conditions": held("contested")}), "contested"),
        (json!({"state": "active", "active_router": null}), "highest"),
        (json!({"state": "active", "active_router": null, "leaving": true}), "leaving"),
    ];
    for (changes, token) in situations {
        let explanation = explained(&changes);
        assert_eq!(tokens(&explanation.because).first(), Some(&token), "{changes}");
        assert!(!explanation.would_change.is_empty() || token == "stopped", "{changes}");
        assert!(explanation.headline.contains(&explanation.because[0].words), "{}", explanation.headline);
    }
}

#[test]
fn what_is_odd_is_said_by_its_word_and_only_of_this_link() {
    let odd = explained(&json!({
        "addresses": [{"address": "10.0.0.100/24", "link": "eth0", "present": true, "advertised": true}],
        "conditions": [{"token": "addresses_differ", "words": "x", "peer": "10.0.0.2"}],
        "counters": {"near_misses": 2},
        "discards": [{"reason": "hop_limit", "words": "hop limit 64", "source": "10.0.0.9", "at": 400.0, "times": 4}],
        "peers": [{"address": "10.0.0.2", "priority": 150, "interval": 1.0, "last_heard": 999.8, "received": 90, "missed": 2}],
    }));
    let expected = ["addresses_differ", "address_present", "hop_limit", "near_miss", "missed", "stranger"];
    assert_eq!(tokens(&odd.odd), expected);
}

#[test]
fn the_last_transition_comes_with_who_was_heard_when_and_whether_the_engine_was_late() {
    let arrival = |at: f64| json!({"at": at, "source": "10.0.0.2", "priority": 150});
    let explanation = explained(&json!({
        "state": "active", "active_router": null,
        "transition": {"at": 996.6, "from": "backup", "to": "active", "priority": 100, "engine_late": 0.2,
            "cause": {"token": "active_down", "words": "10.0.0.2 fell silent"},
            "heard": [arrival(991.0), arrival(992.0), arrival(993.0)]},
    }));
    assert_eq!(tokens(&explanation.last_transition), ["active_down", "heard", "gaps", "engine_late"]);
    let words: Vec<&str> = explanation.last_transition.iter().map(|sentence| sentence.words.as_str()).collect();
    assert!(words[1].contains("3.6 s earlier, at 00:16:33.000Z, from 10.0.0.2"), "{}", words[1]);
    assert!(words[2].ends_with("1.0 s, 1.0 s apart"), "{}", words[2]);
    assert!(words[3].contains("200 ms late"), "{}", words[3]);
}

#[test]
fn what_is_over_is_said_once_with_its_age_and_what_still_holds_only_so() {
    let event = |at: f64, event: &str, cause: Option<&str>, router: &str| -> vrrp_control::Event {
        let began = cause.map(|_| true);
        let value =
            json!({"seq": 1, "at": at, "event": event, "cause": cause, "began": began, "router": router, "words": "w"});
        serde_json::from_value(value).unwrap()
    };
    let events = [
        event(100.0, "refused", None, "web"),
        event(900.0, "restored", None, "web"),
        event(950.0, "restored", None, "web"),
        event(960.0, "restored", None, "other"),
        event(970.0, "condition", Some("stalled"), "web"),
        event(980.0, "condition", Some("addresses_differ"), "web"),
    ];
    let status: Status = serde_json::from_value(json!({"at": 1000.0})).unwrap();
    let held = json!({"conditions": [{"token": "addresses_differ", "words": "x"}]});
    let explanation = explain(&status, &router(&held), &events, &[]);
    assert_eq!(tokens(&explanation.odd), ["addresses_differ", "stalled", "restored"]);
    assert_eq!(explanation.odd[1].words, "30.0 s ago, and over by now: w");
    assert_eq!(explanation.odd[2].words, "50.0 s ago: w");
}
