//! Where a router's block says what: for those who compare it with another file's.

use super::Given;
use super::draft::Draft;
use super::track::Tracked;
use crate::source::Span;

/// A keyword of a router, and where its value stands.
#[derive(Debug)]
pub(crate) struct PlaceOf {
    pub(crate) instance: String,
    pub(crate) keyword: String,
    pub(crate) span: Span,
}

impl Draft {
    /// Where the keywords are that routers of several files are compared by; of a list, its first line.
    pub(super) fn places(&self, tracked: &[Tracked]) -> Vec<PlaceOf> {
        fn at<T>(given: Option<&Given<T>>) -> Option<Span> {
            given.map(|given| given.span)
        }
        let Some(name) = &self.name else { return Vec::new() };
        let keywords = [
            ("vrrp_instance", Some(name.span)),
            ("state", at(self.state.as_ref())),
            ("interface", at(self.interface.as_ref())),
            ("virtual_router_id", at(self.virtual_router_id.as_ref())),
            ("priority", at(self.priority.as_ref())),
            ("version", at(self.version.as_ref())),
            ("advert_int", at(self.advert_int.as_ref())),
            ("nopreempt", at(self.nopreempt.as_ref())),
            ("preempt_delay", at(self.preempt_delay.as_ref())),
            ("failback", at(self.policy.failback.as_ref())),
            ("auth_pass", at(self.auth_pass.as_ref())),
            ("mcast_dst_ip", at(self.mcast_dst_ip.as_ref())),
            ("unicast_src_ip", at(self.src_ip.as_ref())),
            ("unicast_peer", at(self.unicast_peer.first())),
            ("virtual_ipaddress", at(self.virtual_ipaddress.first())),
            ("virtual_ipaddress_excluded", at(self.virtual_ipaddress_excluded.first())),
        ];
        let of_keywords = keywords.into_iter().filter_map(|(keyword, span)| Some((keyword.to_owned(), span?)));
        let of_tracks = tracked.iter().map(|tracked| (format!("track {}", tracked.track.check), tracked.span));
        let place = |(keyword, span)| PlaceOf { instance: name.text.clone(), keyword, span };
        of_keywords.chain(of_tracks).map(place).collect()
    }
}
