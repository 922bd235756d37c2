//! What two routers may speak, as a keepalived.conf that vrrpd and keepalived both read.

use crate::fixture::{VIP, VIP6};

/// The VRID of the virtual router in [`Protocol::config`].
pub(crate) const VRID: u8 = 51;

/// One way to speak VRRP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    V2,
    V2Pass,
    V3,
    V3Ipv6,
    UnicastV4,
    UnicastV6,
}

impl Protocol {
    /// The address that a client asks.
    pub(crate) const fn target(self) -> &'static str {
        if self.is_ipv6() { VIP6 } else { VIP }
    }

    pub(crate) const fn is_ipv6(self) -> bool {
        matches!(self, Self::V3Ipv6 | Self::UnicastV6)
    }

    /// VRRPv2 knows whole seconds only.
    const fn advert_int(self) -> &'static str {
        match self {
            Self::V2 | Self::V2Pass => "1",
            Self::V3 | Self::V3Ipv6 | Self::UnicastV4 | Self::UnicastV6 => "0.2",
        }
    }

    /// The configuration of the router whose addresses end in `own`, with a peer whose addresses end in `peer`.
    ///
    /// IPv6 source addresses are link-local: those of the lab, by the host's number in the order it was made.
    pub(crate) fn config(self, own: u8, peer: u8, priority: u8, extra: &str) -> String {
        let version = match self {
            Self::V2 | Self::V2Pass => 2,
            Self::V3 | Self::V3Ipv6 | Self::UnicastV4 | Self::UnicastV6 => 3,
        };
        let local = |number: u8| format!("fe80::56:52ff:fe00:10{number}");
        let own_way = match self {
            Self::V2Pass => "authentication {\n    auth_type PASS\n    auth_pass secret12\n  }".to_owned(),
            Self::UnicastV4 => {
                format!("unicast_src_ip 10.0.0.{own}\n  unicast_peer {{\n    10.0.0.{peer}\n  }}")
            }
            Self::UnicastV6 => {
                format!("unicast_src_ip {}\n  unicast_peer {{\n    {}\n  }}", local(own), local(peer))
            }
            Self::V2 | Self::V3 | Self::V3Ipv6 => String::new(),
        };
        let addresses = if self.is_ipv6() { format!("fe80::100/64\n    {VIP6}/64") } else { format!("{VIP}/24") };
        let interval = self.advert_int();
        format!(
            "vrrp_instance V{VRID} {{\n  state BACKUP\n  version {version}\n  interface eth0\n  virtual_router_id {VRID}\n  \
             priority {priority}\n  advert_int {interval}\n  {extra}\n  {own_way}\n  virtual_ipaddress {{\n    \
             {addresses}\n  }}\n}}\n"
        )
    }
}
