//! Which address each node sends from.

use core::net::IpAddr;

use vrrp_core::Delivery;

use super::SiteRouter;

/// Fills in the addresses that unicast needs and a file does not say: the one that the others name and the node does not.
pub(super) fn infer(routers: &mut [SiteRouter]) {
    for router in routers {
        let known: Vec<(u8, Option<IpAddr>, Vec<IpAddr>)> =
            router.parts().map(|(node, part)| (node, part.source, peers(part))).collect();
        for (node, source, own) in &known {
            if source.is_some() {
                continue;
            }
            let others = || known.iter().filter(|(other, ..)| other != node);
            let taken = |address: &IpAddr| others().any(|(_, source, _)| source.as_ref() == Some(address));
            let mut meant: Vec<IpAddr> = others().flat_map(|(.., peers)| peers.iter().copied()).collect();
            meant.retain(|address| !own.contains(address) && !taken(address));
            meant.sort_unstable();
            meant.dedup();
            let slot = router.on.get_mut(usize::from(*node)).and_then(Option::as_mut);
            if let ([address], Some(part)) = (meant.as_slice(), slot) {
                part.source = Some(*address);
            }
        }
    }
}

/// The unicast peers of a router.
pub(crate) fn peers(router: &vrrp::Router) -> Vec<IpAddr> {
    match &router.protocol.delivery {
        Delivery::Unicast { peers, .. } => peers.iter().map(|peer| peer.address).collect(),
        Delivery::Multicast { .. } => Vec::new(),
    }
}
