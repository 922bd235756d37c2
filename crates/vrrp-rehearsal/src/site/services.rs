use core::net::IpAddr;

use super::SiteRouter;

/// Addresses that the same nodes move alike: what hosts ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The addresses; none of a virtual router that has none.
    pub addresses: Vec<IpAddr>,
    /// The indices of the virtual routers that move them, each with the node on which it does.
    pub members: Vec<(u8, u8)>,
}

impl Service {
    /// The indices of the virtual routers that move them.
    pub fn routers(&self) -> Vec<u8> {
        let mut routers: Vec<u8> = self.members.iter().map(|(router, _)| *router).collect();
        routers.sort_unstable();
        routers.dedup();
        routers
    }

    /// The nodes that have them.
    pub fn nodes(&self) -> Vec<u8> {
        let mut nodes: Vec<u8> = self.members.iter().map(|(_, node)| *node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}

/// Every address once, those with the same members together; and every virtual router without any.
pub(super) fn collect(routers: &[SiteRouter]) -> Vec<Service> {
    let mut addresses: Vec<(IpAddr, Vec<(u8, u8)>)> = Vec::new();
    let mut services: Vec<Service> = Vec::new();
    for (place, router) in (0..).zip(routers) {
        for (node, part) in router.parts() {
            for address in part.addresses.iter().map(|address| address.address) {
                let known = addresses.iter_mut().find(|(known, _)| *known == address);
                match known {
                    Some((_, members)) if !members.contains(&(place, node)) => members.push((place, node)),
                    Some(_) => {}
                    None => addresses.push((address, vec![(place, node)])),
                }
            }
        }
        if router.parts().all(|(_, part)| part.addresses.is_empty()) {
            let members = router.parts().map(|(node, _)| (place, node)).collect();
            services.push(Service { addresses: Vec::new(), members });
        }
    }
    for (address, members) in addresses {
        match services.iter_mut().find(|service| !service.addresses.is_empty() && service.members == members) {
            Some(service) => service.addresses.push(address),
            None => services.push(Service { addresses: vec![address], members }),
        }
    }
    services
}
