use serde::{Deserialize, Serialize};

use crate::{RouterCounters, State};

/// What keepalived counts of a virtual router, by the names of its JSON file; keepalived.stats and its exporters have
/// the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeepalivedStats {
    /// Advertisements received and accepted.
    pub advert_rcvd: u64,
    /// Advertisements sent.
    pub advert_sent: u64,
    /// Times it became Active.
    pub become_master: u64,
    /// Times it ceased to be Active.
    pub release_master: u64,
    /// Packets of a wrong length.
    pub packet_len_err: u64,
    /// Packets of another interval.
    pub advert_interval_err: u64,
    /// Packets of a wrong TTL or hop limit.
    pub ip_ttl_err: u64,
    /// Packets of another type.
    pub invalid_type_rcvd: u64,
    /// Packets discarded for their address list: none, since a list that differs is a condition here.
    pub addr_list_err: u64,
    /// Packets of an unknown authentication type: counted among those of another one.
    pub invalid_authtype: u64,
    /// Packets of another authentication type.
    pub authtype_mismatch: u64,
    /// Packets of a wrong password.
    pub auth_failure: u64,
    /// Priority 0 received.
    pub pri_zero_rcvd: u64,
    /// Priority 0 sent.
    pub pri_zero_sent: u64,
}

impl KeepalivedStats {
    /// What was counted since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            advert_rcvd: self.advert_rcvd.saturating_sub(earlier.advert_rcvd),
            advert_sent: self.advert_sent.saturating_sub(earlier.advert_sent),
            become_master: self.become_master.saturating_sub(earlier.become_master),
            release_master: self.release_master.saturating_sub(earlier.release_master),
            packet_len_err: self.packet_len_err.saturating_sub(earlier.packet_len_err),
            advert_interval_err: self.advert_interval_err.saturating_sub(earlier.advert_interval_err),
            ip_ttl_err: self.ip_ttl_err.saturating_sub(earlier.ip_ttl_err),
            invalid_type_rcvd: self.invalid_type_rcvd.saturating_sub(earlier.invalid_type_rcvd),
            addr_list_err: self.addr_list_err.saturating_sub(earlier.addr_list_err),
            invalid_authtype: self.invalid_authtype.saturating_sub(earlier.invalid_authtype),
            authtype_mismatch: self.authtype_mismatch.saturating_sub(earlier.authtype_mismatch),
            auth_failure: self.auth_failure.saturating_sub(earlier.auth_failure),
            pri_zero_rcvd: self.pri_zero_rcvd.saturating_sub(earlier.pri_zero_rcvd),
            pri_zero_sent: self.pri_zero_sent.saturating_sub(earlier.pri_zero_sent),
        }
    }
}

impl From<&RouterCounters> for KeepalivedStats {
    fn from(counters: &RouterCounters) -> Self {
        let rejected = |reasons: &[&str]| reasons.iter().filter_map(|reason| counters.rejected.get(*reason)).sum();
        Self {
            advert_rcvd: counters.received,
            advert_sent: counters.advertised,
            become_master: counters.became_active,
            release_master: counters.ceased_active,
            packet_len_err: rejected(&["truncated", "too_long", "count_zero"]),
            advert_interval_err: rejected(&["interval", "interval_zero"]),
            ip_ttl_err: rejected(&["hop_limit"]),
            invalid_type_rcvd: rejected(&["type"]),
            addr_list_err: 0,
            invalid_authtype: 0,
            authtype_mismatch: rejected(&["authentication_type"]),
            auth_failure: rejected(&["authentication_data"]),
            pri_zero_rcvd: counters.release_received,
            pri_zero_sent: counters.release_sent,
        }
    }
}

impl State {
    /// keepalived's number: 1 for `BACKUP`, 2 for `MASTER`, 3 for `FAULT`.
    pub const fn keepalived_number(self) -> u8 {
        match self {
            Self::Backup => 1,
            Self::Active => 2,
            Self::Initialize => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_before_can_be_left_out() {
        let rejected = [("hop_limit".to_owned(), 2), ("truncated".to_owned(), 1), ("count_zero".to_owned(), 4)];
        let counters = RouterCounters { received: 7, release_sent: 3, rejected: rejected.into(), ..Default::default() };
        let stats = KeepalivedStats::from(&counters);
        assert_eq!((stats.advert_rcvd, stats.ip_ttl_err, stats.packet_len_err, stats.pri_zero_sent), (7, 2, 5, 3));
        assert_eq!(stats.since(&stats), KeepalivedStats::default());
        let earlier = KeepalivedStats { advert_rcvd: 5, ip_ttl_err: 9, ..KeepalivedStats::default() };
        assert_eq!((stats.since(&earlier).advert_rcvd, stats.since(&earlier).ip_ttl_err), (2, 0));
    }
}
