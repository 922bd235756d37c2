//! Whether hosts answer: ARP and Neighbor Discovery on the link, ICMP echo beyond it.

mod arp;
mod echo;
mod neighbor;
mod obstacle;
mod route;
mod way;

use core::net::IpAddr;
use core::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use self::obstacle::{Obstacle, words};
use self::way::{Way, way};
use crate::outcome::Outcome;

/// How many times each target is asked within the time that there is, more often only where a second passes in between.
const REQUESTS: u32 = 3;
/// The longest time from one request to the next.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long before the deadline the verdict is given, at most: whoever waits longer hears no names.
const MARGIN: Duration = Duration::from_millis(50);

/// Whether enough of some hosts can be reached.
///
/// A target on the link is asked by ARP or Neighbor Solicitation, so that a firewall that drops pings does not matter and
/// a stale neighbour entry does not count; one beyond the link, or on a link without such, by ICMP echo. All of this needs
/// `CAP_NET_RAW`, except echo for a group within `net.ipv4.ping_group_range`. An address of this host never counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Who is asked. All are asked at once.
    pub targets: Vec<IpAddr>,
    /// How many of the targets must answer.
    pub quorum: usize,
    /// The link to ask on; where the route to the target leads, if none. A link-local target needs it.
    pub interface: Option<Box<str>>,
    /// The address to ask from; the kernel's choice for the target, if none.
    pub source: Option<IpAddr>,
}

impl Gateway {
    /// Asks for an answer of at least one of the targets, by the way that the routes lead.
    pub fn new(targets: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { targets: targets.into_iter().collect(), quorum: 1, interface: None, source: None }
    }

    /// Asks all targets until enough have answered, or until shortly before the deadline.
    pub(crate) async fn probe(&self, deadline: Duration) -> Outcome {
        let (quorum, all) = (self.quorum, self.targets.len());
        if quorum > all {
            return Outcome::CouldNotRun(format!("{quorum} of {all} targets can never answer").into());
        }
        let patience = deadline.saturating_sub(MARGIN.min(deadline / 10));
        let mut asked = JoinSet::new();
        for target in &self.targets {
            let ask = ask(*target, self.interface.clone(), self.source, patience);
            let target = *target;
            asked.spawn(async move { (target, timeout(patience, ask).await.unwrap_or(Err(Obstacle::Silent))) });
        }
        let (mut reached, mut failures) = (0, Vec::new());
        while reached < quorum {
            match asked.join_next().await {
                Some(Ok((_, Ok(())))) => reached += 1,
                Some(Ok((target, Err(obstacle)))) => failures.push((target, obstacle)),
                Some(Err(panicked)) => return Outcome::CouldNotRun(panicked.to_string().into()),
                None => return self.failure(reached, failures),
            }
        }
        Outcome::Ok
    }

    fn failure(&self, reached: usize, mut failures: Vec<(IpAddr, Obstacle)>) -> Outcome {
        failures.sort_by_key(|(target, _)| self.targets.iter().position(|other| other == target));
        let (all, quorum) = (self.targets.len(), self.quorum);
        let words = format!("{} ({reached} of {all} reachable, {quorum} needed)", words(&failures)).into();
        let ours = failures.iter().any(|(_, obstacle)| obstacle.is_ours());
        if ours { Outcome::CouldNotRun(words) } else { Outcome::Failed(words) }
    }
}

/// Asks one target, again and again, until it has answered.
async fn ask(
    target: IpAddr,
    interface: Option<Box<str>>,
    source: Option<IpAddr>,
    patience: Duration,
) -> Result<(), Obstacle> {
    let pause = (patience / REQUESTS).min(LONGEST_PAUSE);
    match (way(target, interface.as_deref(), source)?, target) {
        (Way::OnLink(link, Some(IpAddr::V4(from))), IpAddr::V4(target)) => arp::ask(&link, from, target, pause).await,
        (Way::OnLink(link, None), IpAddr::V4(target)) => {
            arp::ask(&link, core::net::Ipv4Addr::UNSPECIFIED, target, pause).await
        }
        (Way::OnLink(link, from), IpAddr::V6(target)) => neighbor::ask(&link, from, target, pause).await,
        (Way::OnLink(..) | Way::Beyond, target) => echo::ask(target, interface.as_deref(), source, pause).await,
    }
}

#[cfg(test)]
mod tests;
