//! Staged situations, each with the word that the explanation must give for it.

use serde_json::Value;
use vrrp_lab::isolated;

use crate::ask::{get, post, router};
use crate::fixture::{Lan, Node, SOON, VIP, instance};

/// The words of one part of the explanation.
fn words(node: &Node, part: &str) -> Vec<String> {
    let explained = get(node, "/v1/explain/V51").json();
    let sentences = explained[part].as_array().unwrap();
    sentences.iter().map(|sentence| sentence["token"].as_str().unwrap().to_owned()).collect()
}

/// Asks until an explanation has this word in this part.
fn wait_word(node: &Node, part: &str, word: &str) {
    let end = std::time::Instant::now() + SOON;
    while !words(node, part).iter().any(|said| said == word) {
        let explained: Value = get(node, "/v1/explain/V51").json();
        assert!(std::time::Instant::now() < end, "{part} has no {word}: {explained}");
    }
}

#[test]
fn the_decisive_reason_is_named_in_each_staged_situation() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        wait_word(&lan.a, "because", "active_down");
        let b = lan.b.vrrpd(&instance(51, 200, "0.1", "nopreempt"));
        b.moved("backup", "started");
        wait_word(&lan.b, "because", "nopreempt");
        b.reload(&instance(51, 100, "0.1", ""));
        wait_word(&lan.b, "because", "higher");
        assert_eq!(post(&lan.b, "/v1/drain", "{}").outcomes(), ["idle"]);
        assert_eq!(words(&lan.b, "because"), ["drained"]);
        assert_eq!(words(&lan.b, "would_change"), ["drained"]);
        post(&lan.b, "/v1/undrain", "{}");
        (0..10_000).find(|_| router(&lan.b)["recent"].as_array().unwrap().len() > 2).unwrap();
        lan.segment.port_down(&lan.a.host).unwrap();
        a.moved("initialize", "ineligible");
        assert_eq!(words(&lan.a, "because"), ["interface_down"]);
        b.moved("active", "active_down");
        let last = words(&lan.b, "last_transition");
        assert_eq!(last, ["active_down", "heard", "gaps", "engine_late"]);
        lan.segment.port_up(&lan.a.host).unwrap();
        a.moved("active", "preempting");
        let failing = format!(
            "vrrp_script no {{\n script /bin/false\n interval 1\n fall 1\n}}\n{}",
            instance(51, 150, "0.1", "track_script {\n no\n}")
        );
        a.reload(&failing);
        wait_word(&lan.a, "because", "check");
    });
}

#[test]
fn what_is_odd_on_the_lan_is_named() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.1", ""));
        a.active();
        lan.a.host.remove_address("eth0", &format!("{VIP}/24")).unwrap();
        wait_word(&lan.a, "odd", "restored");
        let b = lan.b.vrrpd(&instance(51, 100, "0.1", "").replace(VIP, "10.0.0.101"));
        b.moved("backup", "started");
        wait_word(&lan.b, "odd", "addresses_differ");
        lan.b.host.add_address("eth0", "10.0.0.101/24").unwrap();
        wait_word(&lan.b, "odd", "address_present");
        lan.b.host.remove_address("eth0", "10.0.0.101/24").unwrap();
        b.reload(&instance(51, 100, "0.2", ""));
        b.wait(&[("event", "configuration")]);
        wait_word(&lan.a, "because", "highest");
        wait_word(&lan.b, "odd", "interval_differs");
        // Another version: what it sends is discarded by both, and both are Active.
        b.reload(&instance(51, 100, "1", "").replace("version 3", "version 2"));
        wait_word(&lan.a, "because", "contested");
        wait_word(&lan.a, "odd", "version");
        lan.b.wait_holds(VIP, true);
        assert_eq!(router(&lan.b)["state"], "active");
    });
}
