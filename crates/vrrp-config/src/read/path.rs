use core::net::IpAddr;

use super::draft::Draft;
use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{OldUnicastChecksum, UnicastPeer};
use crate::source::Span;
use crate::suggest;

impl Draft {
    /// Takes a line about source, destination and peers.
    pub(super) fn apply_path(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        if matches!(keyword, "unicast_peer" | "unicast_src_ip" | "check_unicast_src" | "old_unicast_checksum") {
            self.unicast_configured.get_or_insert(span);
        }
        let span = super::arity::line_span(item, span);
        match keyword {
            "unicast_peer" => self.peers(item, context),
            "unicast_src_ip" | "mcast_src_ip" => {
                let value = context.source_address(item);
                context.set(&mut self.src_ip, value, keyword, span);
            }
            "mcast_dst_ip" => {
                let value = context.group(item);
                context.set(&mut self.mcast_dst_ip, value, keyword, span);
            }
            "track_src_ip" => context.set(&mut self.track_src_ip, Some(true), keyword, span),
            "unicast_ttl" => {
                let value = context.number(item, 0..=255);
                context.set(&mut self.unicast_ttl, value, keyword, span);
            }
            "check_unicast_src" => context.set(&mut self.check_unicast_src, Some(true), keyword, span),
            "unicast_fault_no_peer" => context.set(&mut self.unicast_fault_no_peer, Some(true), keyword, span),
            "old_unicast_checksum" => {
                let value = if item.values().is_empty() {
                    Some(OldUnicastChecksum::Always)
                } else {
                    context.choice(item, &[("never", OldUnicastChecksum::Never)])
                };
                if value == Some(OldUnicastChecksum::Always) {
                    context.leave_out_keyword(item, "the checksum of keepalived 1.3 and before is not spoken");
                }
                context.set(&mut self.old_unicast_checksum, value, keyword, span);
            }
            _ => {}
        }
    }

    fn peers(&mut self, item: &Item, context: &mut Context<'_>) {
        self.peers_given |= !item.items().is_empty();
        for line in item.items() {
            let Some(first) = line.words.first() else {
                continue;
            };
            self.peers_limited |= !line.values().is_empty();
            if let Some(value) = context.peer_line(line) {
                self.unicast_peer.push(Given { value, span: first.span });
            }
        }
    }
}

impl Context<'_> {
    /// `ADDRESS [min_ttl N] [max_ttl N]`
    fn peer_line(&mut self, line: &Item) -> Option<UnicastPeer> {
        let first = line.words.first()?;
        let mut peer = UnicastPeer::new(self.host_address(first)?);
        let mut sound = true;
        let mut words = line.values().iter();
        while let Some(option) = words.next() {
            let name = option.text.as_str();
            if !matches!(name, "min_ttl" | "max_ttl") {
                self.unknown_peer_option(option, name);
                return None;
            }
            let Some(value) = words.next() else {
                let error = Diagnostic::error(Code::Missing, option.span, format!("`{name}` without its value"));
                self.push(error.help(format!("write `{name} NUMBER`")));
                return None;
            };
            match (self.number_word(value, name, 0..=255), name) {
                (Some(ttl), "min_ttl") => peer.min_ttl = ttl,
                (Some(ttl), _) => peer.max_ttl = ttl,
                (None, _) => sound = false,
            }
        }
        if peer.min_ttl > peer.max_ttl {
            let message = format!("min_ttl {} is above max_ttl {}: no packet would pass", peer.min_ttl, peer.max_ttl);
            self.push(Diagnostic::error(Code::Conflict, first.span, message).help("swap them, or remove one"));
            sound = false;
        }
        sound.then_some(peer)
    }

    fn unknown_peer_option(&mut self, option: &Word, name: &str) {
        let error = if name.parse::<IpAddr>().is_ok() {
            let message = format!("a second peer, `{name}`, on the line of the first");
            Diagnostic::error(Code::Surplus, option.span, message).help("write one peer per line")
        } else {
            let message = format!("a peer has no option `{name}`");
            let error = Diagnostic::error(Code::UnknownKeyword, option.span, message);
            match suggest::closest(name, ["min_ttl", "max_ttl"].into_iter()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("the options are min_ttl and max_ttl"),
            }
        };
        self.push(error);
    }

    /// `unicast_src_ip`, `mcast_src_ip`
    fn source_address(&mut self, item: &Item) -> Option<IpAddr> {
        let word = item.values().first()?;
        self.host_address(word)
    }

    /// The address of a host; keepalived lets a prefix pass without a word.
    fn host_address(&mut self, word: &Word) -> Option<IpAddr> {
        let (address, prefix) = self.address_and_prefix(word)?;
        if prefix.is_some() {
            let warning = Diagnostic::warning(Code::NoEffect, word.span, "this address takes no prefix");
            self.push(warning.help(format!("write {address}")));
        }
        Some(address)
    }

    /// `mcast_dst_ip`
    fn group(&mut self, item: &Item) -> Option<IpAddr> {
        let word = item.values().first()?;
        let address = self.address(word)?;
        self.multicast(word, address)
    }

    /// An address that must be a multicast group; IPv6 groups are link-local.
    pub(super) fn multicast(&mut self, word: &Word, address: IpAddr) -> Option<IpAddr> {
        let fits = match address {
            IpAddr::V4(address) => address.is_multicast(),
            IpAddr::V6(address) => {
                matches!(address.segments(), [first, ..] if first & 0xff0f == 0xff02)
            }
        };
        if !fits {
            let error = Diagnostic::error(Code::OutOfRange, word.span, format!("{address} is no multicast group"));
            self.push(error.help("write a group such as 224.0.0.18, or ff02::12 for IPv6"));
            return None;
        }
        Some(address)
    }
}
