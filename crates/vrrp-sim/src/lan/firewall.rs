use core::net::IpAddr;
use core::time::Duration;

use vrrp_core::Instant;

/// A stateful firewall before a host: what comes is let in only from whom, or to which group, the host has sent lately.
///
/// Security groups of clouds are like this: a Backup that never speaks is deaf, and takes over for it.
#[derive(Debug, Clone)]
pub(crate) struct Firewall {
    memory: Duration,
    sent: Vec<(IpAddr, Instant)>,
}

impl Firewall {
    pub(crate) const fn new(memory: Duration) -> Self {
        Self { memory, sent: Vec::new() }
    }

    /// The host sent to `destination`. Gives the moment at which that will be forgotten.
    pub(crate) fn note(&mut self, now: Instant, destination: IpAddr) -> Instant {
        match self.sent.iter_mut().find(|(to, _)| *to == destination) {
            Some((_, at)) => *at = now,
            None => self.sent.push((destination, now)),
        }
        now + self.memory
    }

    /// Whether a packet from `source` to `destination` is let in.
    pub(crate) fn lets_in(&self, now: Instant, source: IpAddr, destination: IpAddr) -> bool {
        let answered = if destination.is_multicast() { destination } else { source };
        self.sent.iter().any(|(to, at)| *to == answered && now < *at + self.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_to_what_was_sent_lately_is_let_in() {
        let [own, peer, other] = [1, 2, 3].map(|host| IpAddr::from([10, 0, 0, host]));
        let mut firewall = Firewall::new(Duration::from_secs(30));
        assert!(!firewall.lets_in(Instant::ORIGIN, peer, own));
        let forgotten = firewall.note(Instant::ORIGIN, peer);
        assert!(firewall.lets_in(Instant::ORIGIN, peer, own));
        assert!(!firewall.lets_in(Instant::ORIGIN, other, own));
        assert!(!firewall.lets_in(forgotten, peer, own));
    }

    #[test]
    fn who_sends_to_a_group_hears_the_group() {
        let [group, peer] = [[224, 0, 0, 18], [10, 0, 0, 2]].map(IpAddr::from);
        let mut firewall = Firewall::new(Duration::from_secs(30));
        firewall.note(Instant::ORIGIN, group);
        assert!(firewall.lets_in(Instant::ORIGIN, peer, group));
    }
}
