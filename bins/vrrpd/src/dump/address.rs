use core::fmt::{self, Write};

use vrrp_config::model::{Lifetime, Router, VirtualAddress};
use vrrp_control::RouterStatus;

/// An address as keepalived writes it: `10.0.0.100/24 dev eth0 scope global set`.
pub(super) fn line(address: &VirtualAddress, router: &Router, status: &RouterStatus) -> String {
    let mut line = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut line, address, router);
    if is_set(address, status) {
        line.push_str(" set");
    }
    line
}

/// Whether this host holds it.
fn is_set(address: &VirtualAddress, status: &RouterStatus) -> bool {
    let text = format!("{}/{}", address.address, address.prefix);
    let ours = status
        .addresses
        .iter()
        .find(|held| held.address == text && address.dev.as_ref().unwrap_or(&status.interface) == &held.link);
    ours.is_some_and(|held| held.present)
}

fn write(out: &mut String, address: &VirtualAddress, router: &Router) -> fmt::Result {
    write!(out, "{}", address.address)?;
    if address.peer.is_none() && address.prefix != VirtualAddress::full_prefix(address.address) {
        write!(out, "/{}", address.prefix)?;
    }
    if let Some(broadcast) = address.broadcast {
        write!(out, " brd {broadcast}")?;
    }
    let link = address.dev.as_deref().or(router.interface.as_deref()).unwrap_or_default();
    write!(out, " dev {link} scope {}", address.scope)?;
    if let Some(label) = &address.label {
        write!(out, " label {label}")?;
    }
    if let Some(peer) = address.peer {
        write!(out, " peer {peer}/{}", address.prefix)?;
    }
    let flags = [
        (address.home, " home"),
        (!address.nodad, " -nodad"),
        (address.mngtmpaddr, " mngtmpaddr"),
        (address.noprefixroute, " noprefixroute"),
        (address.autojoin, " autojoin"),
        (address.no_track, " no_track"),
    ];
    flags.into_iter().filter(|(is, _)| *is).for_each(|(_, word)| out.push_str(word));
    match (address.address.is_ipv6(), address.preferred_lft) {
        (false, _) => Ok(()),
        (true, Lifetime::Seconds(0)) => write!(out, " deprecated"),
        (true, lifetime) => write!(out, " preferred_lft {lifetime}"),
    }
}
