//! Settings that are missing, or that contradict each other.

use core::net::IpAddr;

use vrrp_wire::{Family, Priority, Version, Vrid};

use super::draft::Draft;
use super::{Context, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Draft {
    /// Whether the block has the keyword, right or wrong.
    pub(super) fn seen(&self, keyword: &str) -> bool {
        self.seen.iter().any(|seen| seen == keyword)
    }

    /// The VRID, and whether everything else that a router needs is there.
    pub(super) fn mandatory(
        &self,
        name: Span,
        version: Version,
        strict: bool,
        context: &mut Context<'_>,
    ) -> Option<Vrid> {
        let unicast_alone = self.src_ip.is_some() && !self.unicast_peer.is_empty();
        let mut missing = |keyword: &str, help: &str| {
            let error = Diagnostic::error(Code::Missing, name, format!("`{keyword}` is missing"));
            context.push(error.label("in this block").help(help));
        };
        if !self.seen("interface") && !unicast_alone {
            missing("interface", "write `interface NAME`; only unicast with `unicast_src_ip` does without");
        }
        if !self.seen("virtual_router_id") {
            missing("virtual_router_id", "write `virtual_router_id NUMBER`, 1 to 255, the same on every router");
        }
        let none = self.virtual_ipaddress.is_empty() && !self.addresses_given;
        if none && !or(self.no_virtual_ipaddress.as_ref(), false) {
            if version == Version::V3 || strict {
                missing("virtual_ipaddress", "list an address, or write `no_virtual_ipaddress` if none is meant");
            } else {
                let message = "no virtual address: nothing would move";
                let warning = Diagnostic::warning(Code::Missing, name, message);
                context.push(warning.help("list an address in `virtual_ipaddress`"));
            }
        }
        self.virtual_router_id.as_ref().map(|given| given.value)
    }

    /// What does not go together in source, destination and peers.
    pub(super) fn path_conflicts(&self, family: Family, name: Span, context: &mut Context<'_>) {
        let faulty = or(self.unicast_fault_no_peer.as_ref(), false);
        if let Some(span) = self.unicast_configured.filter(|_| !self.peers_given && !faulty) {
            let warning = Diagnostic::warning(Code::Conflict, span, "unicast without a peer is multicast");
            context.push(warning.help("list the other routers in `unicast_peer`, or remove the unicast keywords"));
        }
        if let Some(given) = self.mcast_dst_ip.as_ref().filter(|_| !self.unicast_peer.is_empty()) {
            let warning = Diagnostic::warning(Code::NoEffect, given.span, "`mcast_dst_ip` has no effect with unicast");
            context.push(warning.help("remove it"));
        }
        if let (None, Some(given)) = (&self.interface, &self.src_ip)
            && matches!(given.value, IpAddr::V6(address) if address.is_unicast_link_local())
        {
            let error = Diagnostic::error(Code::Conflict, given.span, "a link-local source needs an interface");
            context.push(error.help("write `interface NAME`"));
        }
        if let Some(given) = self.track_src_ip.as_ref().filter(|_| self.src_ip.is_none()) {
            let warning = Diagnostic::warning(Code::NoEffect, given.span, "`track_src_ip` without a source address");
            context.push(warning.help("write `unicast_src_ip` or `mcast_src_ip`, or remove it"));
        }
        let own = self.src_ip.as_ref().map(|given| given.value);
        for given in self.unicast_peer.iter().filter(|given| Some(given.value.address) == own) {
            let warning = Diagnostic::warning(Code::Suspicious, given.span, "this peer is the router itself");
            context.push(warning.help("list the other routers only"));
        }
        self.first_link_local(family, name, context);
    }

    /// RFC 9568 §5.2.9 wants the link-local address first.
    fn first_link_local(&self, family: Family, _name: Span, context: &mut Context<'_>) {
        let Some(first) =
            self.virtual_ipaddress.first().filter(|_| family == Family::V6 && self.unicast_peer.is_empty())
        else {
            return;
        };
        if !matches!(first.value.address, IpAddr::V6(address) if address.is_unicast_link_local()) {
            let message = format!("the first IPv6 address, {}, is not link-local", first.value.address);
            let warning = Diagnostic::warning(Code::Suspicious, first.span, message);
            context.push(warning.help("put an address of fe80::/10 first, on every router alike"));
        }
    }

    /// Clears the password where the protocol has none.
    pub(super) fn authentication_conflicts(&mut self, version: Version, strict: bool, context: &mut Context<'_>) {
        let kind = self.auth_type.as_ref().map(|given| given.span);
        let password = self.auth_pass.as_ref().map(|given| given.span);
        let Some(span) = kind.or(password) else {
            return;
        };
        if version == Version::V3 || strict {
            let why = if strict { "strict mode" } else { "VRRPv3" };
            let warning = Diagnostic::warning(Code::NoEffect, span, format!("{why} has no authentication"));
            context.push(warning.help("remove `authentication`"));
            self.auth_pass = None;
            return;
        }
        match (kind, password) {
            (Some(span), None) => {
                let error = Diagnostic::error(Code::Missing, span, "`auth_type PASS` without a password");
                context.push(
                    error.label("keepalived then uses none").help("write `auth_pass`, or remove `authentication`"),
                );
            }
            (None, Some(span)) => {
                let error = Diagnostic::error(Code::Missing, span, "`auth_pass` without `auth_type`");
                context.push(error.label("keepalived then uses none").help("write `auth_type PASS`"));
                self.auth_pass = None;
            }
            _ => {}
        }
    }

    /// What strict mode resets or forbids.
    pub(super) fn strict_conflicts(
        &mut self,
        strict: bool,
        priority: Priority,
        version: Version,
        context: &mut Context<'_>,
    ) {
        if !strict {
            return;
        }
        let mut reset = |span: Span, message: &str| {
            let warning = Diagnostic::warning(Code::Conflict, span, format!("strict mode {message}"));
            context.push(warning.help("remove it, or `vrrp_strict` and `strict_mode`"));
        };
        if let Some(given) = self.down_timer_adverts.take_if(|given| given.value != 3) {
            reset(given.span, "waits for 3 intervals");
        }
        if let Some(given) = self.lower_prio_no_advert.as_ref().filter(|given| !given.value) {
            reset(given.span, "answers no lower-priority advertisement");
        }
        if let Some(given) = self.higher_prio_send_advert.as_ref().filter(|given| given.value) {
            reset(given.span, "sends nothing before yielding");
        }
        if let Some((keyword, span)) = self.garp.against_strict() {
            reset(span, &format!("knows no `{keyword}`"));
        }
        if let Some(given) = self.unicast_peer.first() {
            reset(given.span, "has no unicast, and keepalived 2.3 and later exits");
        }
        let accepts = or(self.accept.as_ref(), false);
        if let Some(given) = self.accept.as_ref().filter(|given| given.value)
            && version == Version::V2
            && priority != Priority::OWNER
        {
            reset(given.span, "has no `accept` in VRRPv2");
        }
        if priority != Priority::OWNER && !(accepts && version == Version::V3) {
            self.no_accept_implied(context);
        }
        if version == Version::V2 {
            self.accept = None;
        }
    }

    fn no_accept_implied(&self, context: &mut Context<'_>) {
        let Some(span) =
            self.strict_mode.as_ref().map(|given| given.span).or_else(|| self.name.as_ref().map(|name| name.span))
        else {
            return;
        };
        let warning =
            Diagnostic::warning(Code::NotBuilt, span, "strict mode implies `no_accept`, which is not built yet");
        let warning = warning.label("its addresses answer here; keepalived's do not");
        context.push(warning.help("remove `vrrp_strict` unless the addresses are to be unreachable"));
    }
}
