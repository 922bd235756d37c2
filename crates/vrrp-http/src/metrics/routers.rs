use core::fmt::Error;

use vrrp_control::{Family, RouterCounters, RouterStatus, State, Status};

use super::page::{Common, Labels, Page, flag};

/// A virtual router with its labels in text.
struct Named<'a> {
    router: &'a RouterStatus,
    common: Common,
    peers: Vec<String>,
}

impl<'a> Named<'a> {
    fn all(status: &'a Status) -> Vec<Self> {
        let named = |router: &'a RouterStatus| {
            let family = match router.family {
                Family::Ipv4 => "ipv4",
                Family::Ipv6 => "ipv6",
            };
            let vrid = router.vrid.to_string();
            let before = [("router", router.name.as_str()), ("interface", &router.interface), ("vrid", &vrid)];
            let peers = router.peers.iter().map(|peer| peer.address.to_string()).collect();
            Named { router, common: Common::new(&before, ("family", family.to_owned())), peers }
        };
        status.routers.iter().map(named).collect()
    }

    fn labels(&self) -> Labels<'_> {
        Labels::common(&self.common)
    }

    fn labels_and<'l>(&'l self, label: &'l str, value: &'l str) -> Labels<'l> {
        self.labels().and(label, value)
    }
}

/// What there is to say of each virtual router.
pub(super) fn encode(page: &mut Page<'_>, status: &Status) -> Result<(), Error> {
    let routers = Named::all(status);
    states(page, &routers)?;
    standing(page, &routers)?;
    counters(page, &routers)?;
    evidence(page, &routers)?;
    peers(page, &routers)
}

fn states(page: &mut Page<'_>, routers: &[Named<'_>]) -> Result<(), Error> {
    let by = |label, word: fn(State) -> &'static str| {
        routers.iter().flat_map(move |named| {
            let series = move |state| (named.labels_and(label, word(state)), flag(named.router.state == state));
            State::ALL.map(series)
        })
    };
    page.gauges("vrrp_state", "1 for the state that a virtual router is in", by("state", State::token))?;
    page.gauges("keepalived_state", "1 for the role that a virtual router has", by("role", role))?;
    let moves = |counters: &RouterCounters| counters.transitions.values().sum();
    let changes = routers.iter().map(|named| (named.labels(), moves(&named.router.counters)));
    page.counters("keepalived_vrrp_state_changes", "Changes of state", changes)?;
    let transitions = routers.iter().flat_map(|named| {
        let causes = named.router.counters.transitions.iter();
        causes.map(|(cause, count)| (named.labels_and("cause", cause), *count))
    });
    page.counters("vrrp_transitions", "Changes of state by their cause", transitions)?;
    let since = routers.iter().map(|named| (named.labels(), named.router.since.0));
    page.gauges("vrrp_state_since_seconds", "When the present state began", since)
}

fn standing(page: &mut Page<'_>, routers: &[Named<'_>]) -> Result<(), Error> {
    let mut each = |name: &str, help: &str, value: fn(&RouterStatus) -> f64| {
        page.gauges(name, help, routers.iter().map(|named| (named.labels(), value(named.router))))
    };
    each("vrrp_priority_base", "The configured priority", |router| f64::from(router.priority.base))?;
    each("vrrp_priority_effective", "The priority that is advertised", |router| f64::from(router.priority.effective))?;
    each("vrrp_drained", "Whether it is drained", |router| flag(router.is_drained()))?;
    each("vrrp_degraded", "Whether a check that moves its priority fails", |router| flag(router.degraded))?;
    each("vrrp_contested", "Whether another router claims the same addresses", |router| flag(router.is_contested()))?;
    each("vrrp_advertisement_interval_seconds", "Advertisement_Interval", |router| router.advertisement_interval.0)?;
    let causes = routers
        .iter()
        .flat_map(|named| named.router.causes.iter().map(|cause| (named.labels_and("cause", &cause.token), 1.0)));
    page.gauges("vrrp_ineligible", "1 for each reason for which it may not serve", unique(causes))?;
    let conditions = routers
        .iter()
        .flat_map(|named| named.router.conditions.iter().map(|held| (named.labels_and("condition", &held.token), 1.0)));
    page.gauges("vrrp_condition", "1 for each thing that is odd", unique(conditions))?;
    let present = routers.iter().flat_map(|named| {
        let addresses = named.router.addresses.iter();
        addresses.map(|address| (named.labels_and("address", &address.address), flag(address.present)))
    });
    page.gauges("vrrp_address_present", "Whether this host holds an address", unique(present))
}

/// A series once, however often its reason is there (two checks that fail).
fn unique<'a>(series: impl Iterator<Item = (Labels<'a>, f64)>) -> Vec<(Labels<'a>, f64)> {
    let mut series: Vec<_> = series.collect();
    series.dedup_by(|later, earlier| later.0 == earlier.0);
    series
}

fn counters(page: &mut Page<'_>, routers: &[Named<'_>]) -> Result<(), Error> {
    let mut each = |name: &str, help: &str, value: fn(&RouterCounters) -> u64| {
        page.counters(name, help, routers.iter().map(|named| (named.labels(), value(&named.router.counters))))
    };
    each("vrrp_advertisements_sent", "Advertisements sent, priority 0 among them", |it| it.advertised)?;
    each("vrrp_advertisements_failed", "Advertisements that could not be sent", |it| it.send_failed)?;
    each("vrrp_advertisements_received", "Advertisements accepted", |it| it.received)?;
    each("vrrp_priority_zero_sent", "Advertisements of priority 0 sent", |it| it.release_sent)?;
    each("vrrp_priority_zero_received", "Advertisements of priority 0 received", |it| it.release_received)?;
    each("vrrp_became_active", "Times it became Active", |it| it.became_active)?;
    each("vrrp_ceased_active", "Times it ceased to be Active", |it| it.ceased_active)?;
    each("vrrp_near_misses", "Times it all but took over from a router that was heard again", |it| it.near_misses)?;
    each("vrrp_announcements", "Rounds of gratuitous ARP and unsolicited NA", |it| it.announced)?;
    each("vrrp_advertisements_discarded", "Packets discarded, for whatever reason", |it| it.rejected.values().sum())?;
    let rejected = routers.iter().flat_map(|named| {
        let reasons = named.router.counters.rejected.iter();
        reasons.map(|(reason, count)| (named.labels_and("reason", reason), *count))
    });
    page.counters("vrrp_advertisements_rejected", "Packets discarded, by reason", rejected)
}

fn evidence(page: &mut Page<'_>, routers: &[Named<'_>]) -> Result<(), Error> {
    let heard = routers.iter().filter_map(|named| Some((named.labels(), named.router.active_router?)));
    let heard: Vec<_> = heard.collect();
    let priority = heard.iter().map(|(labels, heard)| (*labels, f64::from(heard.priority)));
    page.gauges("vrrp_active_router_priority", "The priority of the Active router that is followed", priority)?;
    let last = heard.iter().map(|(labels, heard)| (*labels, heard.last_heard.0));
    page.gauges("vrrp_active_router_last_heard_seconds", "When the Active router was last heard", last)?;
    page.histograms(
        "vrrp_advertisement_inter_arrival_ratio",
        "Time between two advertisements of the Active router, in parts of its interval",
        routers.iter().map(|named| (named.labels(), &named.router.inter_arrival)),
    )
}

fn peers(page: &mut Page<'_>, routers: &[Named<'_>]) -> Result<(), Error> {
    let all = || {
        routers.iter().flat_map(|named| {
            let peers = named.router.peers.iter().zip(&named.peers);
            peers.map(|(peer, address)| (named.labels_and("peer", address), peer))
        })
    };
    let gauge = |value: fn(&vrrp_control::PeerStatus) -> f64| all().map(move |(labels, peer)| (labels, value(peer)));
    page.gauges("vrrp_peer_priority", "The last priority of a peer", gauge(|peer| f64::from(peer.priority)))?;
    page.gauges("vrrp_peer_interval_seconds", "The interval of a peer", gauge(|peer| peer.interval.0))?;
    page.gauges("vrrp_peer_last_heard_seconds", "When a peer was last heard", gauge(|peer| peer.last_heard.0))?;
    let received = all().map(|(labels, peer)| (labels, peer.received));
    page.counters("vrrp_peer_advertisements_received", "Advertisements heard from a peer", received)?;
    let missed = all().map(|(labels, peer)| (labels, peer.missed));
    page.counters("vrrp_peer_advertisements_missed", "Advertisements missing between those of a peer", missed)
}

/// keepalived's word, as its exporters write it.
const fn role(state: State) -> &'static str {
    match state {
        State::Initialize => "fault",
        State::Backup => "backup",
        State::Active => "master",
    }
}
