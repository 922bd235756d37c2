//! Embeddable VRRP failover: virtual routers, raw sockets and addresses behind one builder.

pub mod socket;
