//! Who else on the LAN answers for the addresses that are served here. Asked when somebody wants an explanation, on a thread
//! of its own: the engine has no part in it.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use nix::ifaddrs::getifaddrs;
use tokio::sync::Mutex;
use vrrp::Family;
use vrrp::socket::Prober;
use vrrp_control::{State, Status};
use vrrp_http::Conflict;

/// An answer that takes longer than this comes from nobody on the link.
const PATIENCE: Duration = Duration::from_millis(100);
/// Addresses asked for at a time: an explanation of thousands of routers is no storm on the LAN.
const MOST: usize = 64;

/// An answer holds for so long, however many ask.
const FRESH: Duration = Duration::from_secs(1);

/// What was found out lately, for each virtual router that was asked about, and for all of them.
#[derive(Clone, Default)]
pub(crate) struct Found(Arc<Mutex<Vec<Round>>>);

/// What one round of questions found out.
struct Round {
    about: Option<String>,
    at: Instant,
    conflicts: Vec<Conflict>,
}

impl Found {
    /// Who else answers for what the virtual router of this name serves, or any: each address is asked for twice a second
    /// at most, once for its router and once for all of them.
    pub(super) async fn of(&self, status: &Status, router: Option<String>) -> Vec<Conflict> {
        let mut found = self.0.lock().await;
        found.retain(|round| round.at.elapsed() < FRESH);
        if let Some(round) = found.iter().find(|round| round.about == router) {
            return round.conflicts.clone();
        }
        let served = served(status, router.as_deref());
        let conflicts = tokio::task::spawn_blocking(move || ask(&served)).await.unwrap_or_default();
        found.push(Round { about: router, at: Instant::now(), conflicts: conflicts.clone() });
        conflicts
    }
}

/// An address and the link that it is served on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Served {
    link: String,
    address: IpAddr,
}

/// A link that is listened on for answers.
struct Asked {
    link: String,
    own: [u8; 6],
    prober: Prober,
}

/// The addresses that the virtual router of this name, or any, serves.
fn served(status: &Status, router: Option<&str>) -> Vec<Served> {
    let wanted = status.routers.iter().filter(|known| router.is_none_or(|name| known.name == name));
    let active = wanted.filter(|router| router.state == State::Active);
    let addresses = active.flat_map(|router| router.addresses.iter().filter(|address| address.present));
    let served = addresses.filter_map(|known| {
        let address = known.address.split('/').next()?.parse().ok()?;
        Some(Served { link: known.link.clone(), address })
    });
    served.take(MOST).collect()
}

/// Asks for each of them, and waits for answers. What cannot be asked is answered by nobody.
fn ask(served: &[Served]) -> Vec<Conflict> {
    let mut links: Vec<(&str, Family)> = served.iter().map(|one| (one.link.as_str(), family(one.address))).collect();
    links.sort_unstable_by_key(|(link, family)| (*link, *family == Family::V6));
    links.dedup();
    let asked: Vec<Asked> = links.into_iter().filter_map(|(link, family)| send(served, link, family)).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    std::thread::sleep(PATIENCE);
    asked.iter().flat_map(|asked| answers(served, asked)).collect()
}

fn send(served: &[Served], link: &str, family: Family) -> Option<Asked> {
    let (index, own) = link_layer(link)?;
    let prober = Prober::open(index, family).ok()?;
    for one in served.iter().filter(|one| one.link == link) {
        // A question that is not sent is answered by nobody.
        let _ = prober.ask(own.into(), one.address);
    }
    Some(Asked { link: link.to_owned(), own, prober })
}

fn answers(served: &[Served], asked: &Asked) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    while let Some((address, mac)) = asked.prober.answer() {
        let ours = served.iter().any(|one| one.link == asked.link && one.address == address);
        let conflict = Conflict { address, link: asked.link.clone(), mac: mac.to_string() };
        if ours && mac.octets() != asked.own && !conflicts.contains(&conflict) {
            conflicts.push(conflict);
        }
    }
    conflicts
}

const fn family(address: IpAddr) -> Family {
    match address {
        IpAddr::V4(_) => Family::V4,
        IpAddr::V6(_) => Family::V6,
    }
}

/// The index of a link and its own MAC address.
fn link_layer(link: &str) -> Option<(u32, [u8; 6])> {
    let mut interfaces = getifaddrs().ok()?.filter(|interface| interface.interface_name == link);
    interfaces.find_map(|interface| {
        let address = interface.address?;
        let layer = address.as_link_addr()?;
        Some((u32::try_from(layer.ifindex()).ok()?, layer.addr()?))
    })
}
