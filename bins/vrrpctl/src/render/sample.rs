//! Values that tests render.

use vrrp_control::{
    AddressStatus, Arrival, CheckStatus, Event, Family, HeardStatus, Histogram, Moment, PeerStatus, PriorityStatus,
    Remark, RouterCounters, RouterStatus, Seconds, State, Status, TrackStatus, Verdict,
};

/// The moment at which all samples are looked at.
pub(crate) const NOW: f64 = 1_763_999_000.0;

/// A node with these virtual routers, up for a little over two hours.
pub(crate) fn status(routers: Vec<RouterStatus>) -> Status {
    let at = Moment(NOW);
    let started = Moment(NOW - 7500.0);
    Status { version: "0.1.0".to_owned(), at, started, configured: started, routers, ..Status::default() }
}

/// A virtual router that serves.
pub(crate) fn active(name: &str) -> RouterStatus {
    let mut router = backup(name);
    router.state = State::Active;
    router.active_router = None;
    router.recent.clear();
    router.peers.clear();
    for address in &mut router.addresses {
        address.present = true;
    }
    router
}

/// A virtual router that hears 10.0.0.2 once a second.
pub(crate) fn backup(name: &str) -> RouterStatus {
    let peer = "10.0.0.2".parse().unwrap();
    let heard = |before: f64| Arrival { at: Moment(NOW - before), source: peer, priority: 150 };
    let address = |address: &str| AddressStatus {
        address: address.to_owned(),
        link: "eth0".to_owned(),
        present: false,
        advertised: true,
    };
    RouterStatus {
        name: name.to_owned(),
        interface: "eth0".to_owned(),
        vrid: 51,
        family: Family::Ipv4,
        version: 3,
        state: State::Backup,
        since: Moment(NOW - 184.0),
        leaving: false,
        priority: PriorityStatus { base: 100, effective: 100 },
        preempt: true,
        preempts_in: None,
        preempts_degraded: false,
        resigns_degraded: false,
        advertisement_interval: Seconds(1.0),
        active_down_interval: Seconds(3.609),
        source: Some("10.0.0.1".parse().unwrap()),
        destinations: vec!["224.0.0.18".parse().unwrap()],
        group: None,
        degraded: false,
        drain: None,
        takeover: None,
        causes: vec![],
        conditions: vec![],
        active_router: Some(HeardStatus { address: peer, priority: 150, last_heard: Moment(NOW - 0.4) }),
        addresses: vec![address("10.0.0.100/24"), address("10.0.0.101/24")],
        tracks: vec![],
        transition: None,
        counters: RouterCounters::default(),
        discards: Vec::new(),
        other_lists: Vec::new(),
        recent: vec![heard(3.4), heard(2.4), heard(1.4), heard(0.4)],
        peers: vec![PeerStatus {
            address: peer,
            priority: 150,
            interval: Seconds(1.0),
            last_heard: Moment(NOW - 0.4),
            received: 4,
            missed: 0,
        }],
        timer: None,
        inter_arrival: Histogram::default(),
    }
}

/// A word and its sentence.
pub(crate) fn remark(token: &str, words: &str) -> Remark {
    Remark { token: token.to_owned(), words: words.to_owned(), about: None, peer: None, until: None }
}

/// A check that a virtual router tracks.
pub(crate) fn track(check: &str, verdict: Verdict) -> TrackStatus {
    TrackStatus { check: check.to_owned(), verdict, weight: Some(-20), required: false }
}

/// A check, its verdict a minute old.
pub(crate) fn check(name: &str, verdict: Verdict, words: &str) -> CheckStatus {
    CheckStatus {
        name: name.to_owned(),
        verdict,
        words: words.to_owned(),
        since: Some(Moment(NOW - 60.0)),
        runs: Some(120),
        failures: Some(3),
        took: Some(Seconds(0.012)),
        durations: Histogram::default(),
        routers: vec!["web".to_owned()],
    }
}

/// An event of a virtual router.
pub(crate) fn event(seq: u64, router: &str, words: &str) -> Event {
    let at = Moment(NOW - 10.0);
    let json = serde_json::json!({ "seq": seq, "at": at, "router": router, "event": "moved", "words": words });
    serde_json::from_value(json).unwrap()
}
