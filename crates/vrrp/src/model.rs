//! From a checked configuration to what a node is asked to do.

use core::time::Duration;
use std::sync::Arc;

use vrrp_config::model as file;
use vrrp_core::{
    AddressList, AnnouncePolicy, Checksum, Config, Delivery, Habits, OnClaim, OnDegraded, Peer, Preempt, Weight,
};
use vrrp_netlink::{Address, AddressFlags, Lifetime, Scope};
use vrrp_wire::{Authentication, Family, Vrid};

use crate::node::{Builder, Node};
use crate::router::Router;
use crate::scheduling::{Cpus, Scheduling};

/// What keepalived's `max_auto_priority -1` stands for: the highest real-time priority there is.
const HIGHEST_REALTIME: u8 = 99;
/// The Linux default hop limit, which keepalived leaves to IPv6 unicast.
const KERNEL_HOP_LIMIT: u8 = 64;

impl Builder {
    /// The virtual routers and the scheduling of a checked configuration. Those that are quarantined are shown where
    /// as much as interface and VRID are right, and do not run.
    pub fn model(self, model: &file::Model, quarantined: &[vrrp_config::Quarantined]) -> Self {
        let global = &model.global;
        let delay_after_boot =
            global.vrrp_delay_after_boot.saturating_sub(Duration::from_nanos(crate::clock::boot_time()));
        let sound = Node::routers_of(model);
        let shown: Vec<Router> = quarantined.iter().filter_map(quarantine).collect();
        let distinct = |router: &Router| {
            let same =
                |other: &Router| other.interface == router.interface && other.protocol.vrid == router.protocol.vrid;
            !sound.iter().any(same)
        };
        let shown: Vec<Router> = shown.into_iter().filter(distinct).collect();
        self.routers(sound)
            .routers(shown)
            .startup_delay(global.vrrp_startup_delay.max(delay_after_boot))
            .scheduling(scheduling(&global.scheduling))
    }
}

impl Node {
    /// What [`Node::reload`] is to be given for a checked configuration.
    pub fn routers_of(model: &file::Model) -> Vec<Router> {
        model.routers.iter().map(|router| convert(router, model)).collect()
    }
}

/// A router of which no more is known than where it would run.
fn quarantine(router: &vrrp_config::Quarantined) -> Option<Router> {
    let vrid = Vrid::new(router.virtual_router_id?)?;
    let shown = Router::new(router.name.as_str(), router.interface.as_deref()?, vrid, []);
    Some(Router { quarantined: true, ..shown })
}

fn convert(router: &file::Router, model: &file::Model) -> Router {
    let global = &model.global;
    let group = model.sync_groups.iter().find(|group| group.members.contains(&router.name));
    let tracks = tracked(&router.track, group.map_or(&[], |group| &group.track));
    let interface: Arc<str> = Arc::from(router.interface.as_deref().unwrap_or_default());
    let lines = router.virtual_ipaddress.iter().chain(&router.virtual_ipaddress_excluded);
    Router {
        name: Arc::from(router.name.as_str()),
        protocol: protocol(router),
        addresses: lines.map(|line| address(line, &interface)).collect(),
        source: router.src_ip,
        track_source: router.track_src_ip,
        track_interface: !router.dont_track_primary,
        announce_gap: (global.vrrp_garp_interval, global.vrrp_gna_interval),
        receive_buffer: router.kernel_rx_buf_size.and_then(|bytes| usize::try_from(bytes).ok()),
        resume: router.resume,
        tracks,
        claim_requires: required(router, group, model).map(require).collect(),
        group: group.map(|group| Arc::from(group.name.as_str())),
        pre_active: router.hooks.pre_active.as_ref().map(|_| router.hooks.pre_active_timeout),
        quarantined: router.interface.is_none(),
        interface,
    }
}

fn protocol(router: &file::Router) -> Config {
    let advertised = AddressList::of(router.family, router.virtual_ipaddress.iter().map(|line| line.address));
    Config {
        version: router.version,
        vrid: router.virtual_router_id,
        priority: router.priority,
        interval: router.advert_int,
        addresses: advertised,
        preempt: preempt(router),
        tracks: Box::default(),
        claim_requires: Box::default(),
        on_degraded: match router.on_degraded {
            file::OnDegraded::Stay => OnDegraded::Stay,
            file::OnDegraded::Resign => OnDegraded::Resign,
        },
        down_timer_adverts: router.down_timer_adverts,
        delivery: delivery(router),
        authentication: router.auth_pass.map_or(Authentication::None, |secret| Authentication::Simple(secret.octets())),
        checksum: match router.checksum {
            file::Checksum::PseudoHeader => Checksum::PseudoHeader,
            file::Checksum::Message => Checksum::Message,
            file::Checksum::Auto => Checksum::Auto,
        },
        announce: announce(&router.garp),
        habits: habits(router),
    }
}

/// What a member and its group track; what both do counts once, with the group's weight unless the member has none.
fn tracked(own: &[file::Track], of_group: &[file::Track]) -> Vec<(Arc<str>, Weight)> {
    let same = |of: &file::Track| own.iter().find(|own| own.check == of.check);
    let stays = |own: &&file::Track| {
        own.weight == file::Weight::NONE || !of_group.iter().any(|of_group| of_group.check == own.check)
    };
    let joins = |of_group: &&file::Track| same(of_group).is_none_or(|own| own.weight != file::Weight::NONE);
    own.iter().filter(stays).chain(of_group.iter().filter(joins)).map(track).collect()
}

fn track(track: &file::Track) -> (Arc<str>, Weight) {
    let weight = Weight { amount: track.weight.amount, reverse: track.weight.reverse };
    (track.check.as_str().into(), weight)
}

/// What a router requires before it claims: in a sync group, what any member does, for one that claims takes all along.
fn required<'a>(
    router: &'a file::Router,
    group: Option<&'a file::SyncGroup>,
    model: &'a file::Model,
) -> impl Iterator<Item = &'a file::ClaimRequires> {
    let member = move |other: &&file::Router| group.is_some_and(|group| group.members.contains(&other.name));
    let others = model.routers.iter().filter(member).filter(|other| other.name != router.name);
    let lacking = |required: &&file::ClaimRequires| !router.claim_requires.contains(required);
    router.claim_requires.iter().chain(others.flat_map(|other| &other.claim_requires).filter(lacking))
}

fn require(required: &file::ClaimRequires) -> (Arc<str>, OnClaim) {
    let otherwise = match required.otherwise {
        file::Otherwise::PreferSingle => OnClaim::HoldBack,
        file::Otherwise::PreferAvailability => OnClaim::HoldBackOnce,
    };
    (required.check.as_str().into(), otherwise)
}

const fn preempt(router: &file::Router) -> Preempt {
    match router.failback {
        Some(file::Failback::Immediate) => return Preempt::Immediately,
        Some(file::Failback::After(delay)) => return Preempt::After(delay),
        Some(file::Failback::Manual) => return Preempt::Never,
        None => {}
    }
    if router.nopreempt {
        Preempt::Never
    } else if router.preempt_delay.is_zero() {
        Preempt::Immediately
    } else {
        Preempt::After(router.preempt_delay)
    }
}

fn delivery(router: &file::Router) -> Delivery {
    if !router.is_unicast() {
        return Delivery::Multicast { group: router.mcast_dst_ip };
    }
    let peer = |peer: &file::UnicastPeer| Peer { address: peer.address, min_ttl: peer.min_ttl, max_ttl: peer.max_ttl };
    let default_ttl = match router.family {
        Family::V4 => u8::MAX,
        Family::V6 => KERNEL_HOP_LIMIT,
    };
    Delivery::Unicast {
        peers: router.unicast_peer.iter().map(peer).collect(),
        ttl: router.unicast_ttl.unwrap_or(default_ttl),
        check_source: router.check_unicast_src,
    }
}

fn announce(garp: &file::Garp) -> AnnouncePolicy {
    let rounds = |count: u32| u8::try_from(count).unwrap_or(u8::MAX);
    AnnouncePolicy {
        repeat: rounds(garp.master_repeat),
        delay: garp.master_delay,
        refresh: garp.master_refresh,
        refresh_repeat: rounds(garp.master_refresh_repeat),
        lower_prio_repeat: rounds(garp.lower_prio_repeat),
        lower_prio_delay: garp.lower_prio_delay,
    }
}

fn habits(router: &file::Router) -> Habits {
    let base = if router.strict_mode { Habits::STRICT } else { Habits::default() };
    Habits {
        hand_over: router.hand_over,
        last_lower_advertisement: router.last_lower_advert && !router.strict_mode,
        lower_prio_no_advert: router.lower_prio_no_advert,
        higher_prio_send_advert: router.higher_prio_send_advert,
        owner_ignore_adverts: router.owner_ignore_adverts,
        // The keyword of our own says what keepalived's do not: that this is about healthy routers.
        preempt_degraded: router.failback.is_some(),
        damp_preemption: router.damp_preemption,
        confirm_silence: router.confirm_silence,
        ..base
    }
}

fn address(line: &file::VirtualAddress, interface: &Arc<str>) -> Address {
    let link = line.dev.as_deref().map_or_else(|| Arc::clone(interface), Arc::from);
    Address {
        address: line.address,
        prefix: line.prefix,
        link,
        label: line.label.as_deref().map(Box::from),
        broadcast: line.broadcast,
        scope: (line.scope != file::Scope::GLOBAL).then_some(Scope(line.scope.0)),
        peer: line.peer.map(|peer| (peer, line.prefix)),
        flags: AddressFlags {
            home: line.home,
            nodad: line.nodad,
            mngtmpaddr: line.mngtmpaddr,
            noprefixroute: line.noprefixroute,
            autojoin: line.autojoin,
        },
        preferred_lft: Some(match line.preferred_lft {
            file::Lifetime::Forever => Lifetime::Forever,
            file::Lifetime::Seconds(seconds) => Lifetime::Seconds(seconds),
        }),
        tracked: !line.no_track,
    }
}

fn scheduling(asked: &file::Scheduling) -> Scheduling {
    Scheduling {
        realtime: asked.vrrp_rt_priority,
        nice: asked.vrrp_priority,
        cpus: asked.vrrp_cpu_affinity.iter().fold(Cpus::default(), |cpus, cpu| cpus.with(*cpu)),
        auto_delay: asked.min_auto_priority_delay,
        no_swap: asked.vrrp_no_swap,
        max_auto: match asked.max_auto_priority {
            0 => None,
            highest @ 1.. => u8::try_from(highest).ok(),
            _ => Some(HIGHEST_REALTIME),
        },
        oom_score_adj: asked.oom_score_adj,
    }
}
