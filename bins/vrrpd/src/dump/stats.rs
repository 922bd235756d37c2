use core::fmt::{self, Write};

use super::view::View;
use super::writer::Cleared;

/// `keepalived.stats`: what each virtual router has counted.
pub(super) fn text(view: &View<'_>, cleared: &Cleared) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut out, view, cleared);
    out
}

fn write(out: &mut String, view: &View<'_>, cleared: &Cleared) -> fmt::Result {
    for (router, status) in view.routers() {
        let stats = cleared.since(status);
        writeln!(out, "VRRP Instance: {}", router.name)?;
        writeln!(out, "  Advertisements:")?;
        writeln!(out, "    Received: {}", stats.advert_rcvd)?;
        writeln!(out, "    Sent: {}", stats.advert_sent)?;
        writeln!(out, "  Became master: {}", stats.become_master)?;
        writeln!(out, "  Released master: {}", stats.release_master)?;
        writeln!(out, "  Packet Errors:")?;
        writeln!(out, "    Length: {}", stats.packet_len_err)?;
        writeln!(out, "    TTL: {}", stats.ip_ttl_err)?;
        writeln!(out, "    Invalid Type: {}", stats.invalid_type_rcvd)?;
        writeln!(out, "    Advertisement Interval: {}", stats.advert_interval_err)?;
        writeln!(out, "    Address List: {}", stats.addr_list_err)?;
        writeln!(out, "  Authentication Errors:")?;
        writeln!(out, "    Invalid Type: {}", stats.invalid_authtype)?;
        writeln!(out, "    Type Mismatch: {}", stats.authtype_mismatch)?;
        writeln!(out, "    Failure: {}", stats.auth_failure)?;
        writeln!(out, "  Priority Zero:")?;
        writeln!(out, "    Received: {}", stats.pri_zero_rcvd)?;
        writeln!(out, "    Sent: {}", stats.pri_zero_sent)?;
    }
    Ok(())
}
