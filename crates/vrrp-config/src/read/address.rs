use core::net::{IpAddr, Ipv4Addr};

use super::Context;
use super::values::{MAX_NAME, looks_like_a_placeholder};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{Lifetime, Scope, VirtualAddress};
use crate::source::Span;
use crate::suggest;

/// The options of an address line.
const OPTIONS: [&str; 14] = [
    "dev",
    "label",
    "brd",
    "broadcast",
    "scope",
    "peer",
    "home",
    "-nodad",
    "mngtmpaddr",
    "noprefixroute",
    "autojoin",
    "no_track",
    "preferred_lft",
    "use_vmac",
];

/// `brd`, before the prefix is known.
enum Broadcast {
    Given(Ipv4Addr),
    HostBitsSet,
    HostBitsClear,
}

/// An address line while it is read.
struct Line {
    address: VirtualAddress,
    /// The prefix stands in the line.
    prefix_given: bool,
    broadcast: Option<(Broadcast, Span)>,
    scope: Option<Span>,
    lifetime_given: bool,
}

impl Context<'_> {
    /// One line of `virtual_ipaddress`: `ADDRESS[/LENGTH] [OPTION...]`.
    pub(super) fn virtual_address(&mut self, item: &Item) -> Option<VirtualAddress> {
        let first = item.words.first()?;
        let (address, prefix) = self.address_and_prefix(first)?;
        let full = VirtualAddress::full_prefix(address);
        let new = VirtualAddress::new(address, prefix.unwrap_or(full));
        let mut line =
            Line { address: new, prefix_given: prefix.is_some(), broadcast: None, scope: None, lifetime_given: false };
        let mut words = item.values().iter();
        let mut sound = true;
        while let Some(word) = words.next() {
            let value = if takes_value(&word.text) { words.next() } else { Some(word) };
            sound &= match value {
                Some(value) => self.address_option(&mut line, word, value).is_some(),
                None => {
                    let message = format!("`{}` without its value", word.text);
                    self.push(
                        Diagnostic::error(Code::Missing, word.span, message).help("add it, or remove the option"),
                    );
                    false
                }
            };
        }
        let address = self.address_line(line, first)?;
        sound.then_some(address)
    }

    /// `ADDRESS[/LENGTH]`
    pub(super) fn address_and_prefix(&mut self, word: &Word) -> Option<(IpAddr, Option<u8>)> {
        let Some((address, length)) = word.text.split_once('/') else {
            return self.address(word).map(|address| (address, None));
        };
        let Ok(parsed) = address.parse() else {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` is no address", word.text));
            self.push(error.help(if looks_like_a_placeholder(address) {
                "this looks like a placeholder: put the real address in"
            } else {
                "write an address such as 10.0.0.1/24 or fe80::1/64"
            }));
            return None;
        };
        let full = VirtualAddress::full_prefix(parsed);
        let length = length.parse().ok().filter(|length| *length <= full);
        if length.is_none() {
            let error = Diagnostic::error(Code::OutOfRange, word.span, format!("`{}` has no such prefix", word.text));
            self.push(error.help(format!("a prefix of this family is 0 to {full} long")));
            return None;
        }
        Some((parsed, length))
    }

    /// Takes one option; `None` when it makes the line wrong.
    fn address_option(&mut self, line: &mut Line, option: &Word, value: &Word) -> Option<()> {
        match option.text.as_str() {
            "dev" => line.address.dev = Some(self.interface_name(value)?),
            "label" => line.address.label = Some(self.label(value)?),
            "brd" | "broadcast" => line.broadcast = Some((self.broadcast(value)?, option.span.to(value.span))),
            "scope" => {
                line.scope = Some(option.span.to(value.span));
                line.address.scope = self.scope(value)?;
            }
            "peer" => self.peer(line, value)?,
            "preferred_lft" => {
                line.lifetime_given = true;
                line.address.preferred_lft = self.lifetime(value)?;
            }
            "home" => line.address.home = true,
            "-nodad" => line.address.nodad = false,
            "mngtmpaddr" => line.address.mngtmpaddr = true,
            "noprefixroute" => line.address.noprefixroute = true,
            "autojoin" => line.address.autojoin = true,
            "no_track" => line.address.no_track = true,
            "use_vmac" => {
                let help = "remove it: the address then moves to the interface's own MAC address";
                self.not_built(option.span, "`use_vmac` is not built yet", Some(help));
            }
            _ => {
                self.unknown_option(option);
                return None;
            }
        }
        Some(())
    }

    fn unknown_option(&mut self, option: &Word) {
        let text = option.text.as_str();
        let first = text.split('/').next().unwrap_or_default();
        let error = if first.parse::<IpAddr>().is_ok() {
            let message = format!("a second address, `{text}`, on the line of the first");
            Diagnostic::error(Code::Surplus, option.span, message)
                .label("keepalived drops it")
                .help("write one address per line")
        } else {
            let message = format!("an address has no option `{text}`");
            let error = Diagnostic::error(Code::UnknownKeyword, option.span, message);
            match suggest::closest(text, OPTIONS.into_iter()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("the options are {}", OPTIONS.join(", "))),
            }
        };
        self.push(error);
    }

    fn label(&mut self, word: &Word) -> Option<String> {
        if word.text.len() > MAX_NAME {
            let message = format!("the label `{}` has {} characters", word.text, word.text.len());
            let error = Diagnostic::error(Code::OutOfRange, word.span, message).label(format!("at most {MAX_NAME}"));
            self.push(error.help("keepalived drops the whole address; write a label such as eth0:1"));
            return None;
        }
        Some(word.text.clone())
    }

    fn broadcast(&mut self, word: &Word) -> Option<Broadcast> {
        match word.text.as_str() {
            "+" => Some(Broadcast::HostBitsSet),
            "-" => Some(Broadcast::HostBitsClear),
            _ => self.ipv4(word).map(Broadcast::Given),
        }
    }

    fn scope(&mut self, word: &Word) -> Option<Scope> {
        let scope = Scope::parse(&word.text);
        if scope.is_none() {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` is no scope", word.text));
            self.push(error.help("write `global`, `site`, `link`, `host`, `nowhere` or a number up to 255"));
        }
        scope
    }

    fn lifetime(&mut self, word: &Word) -> Option<Lifetime> {
        if word.text == "forever" {
            return Some(Lifetime::Forever);
        }
        self.number_word(word, "preferred_lft", 0..=i64::from(u32::MAX)).map(Lifetime::Seconds)
    }

    /// The far end; keepalived drops a peer that has a prefix.
    fn peer(&mut self, line: &mut Line, word: &Word) -> Option<()> {
        let (peer, prefix) = self.address_and_prefix(word)?;
        if prefix.is_some() {
            let error = Diagnostic::error(Code::InvalidValue, word.span, "a peer takes no prefix");
            self.push(error.label("keepalived drops it").help(format!("write `peer {peer}`")));
            return None;
        }
        if peer.is_ipv4() != line.address.address.is_ipv4() {
            let error = Diagnostic::error(Code::Conflict, word.span, "the peer is of the other address family");
            self.push(error.help("write a peer of the address's own family"));
            return None;
        }
        line.address.peer = Some(peer);
        if line.prefix_given {
            let message = "the prefix of an address with a peer is left out";
            self.push(Diagnostic::warning(Code::NoEffect, word.span, message).help("remove the prefix"));
        }
        line.address.prefix = VirtualAddress::full_prefix(peer);
        Some(())
    }

    /// What the options of a line come to together.
    fn address_line(&mut self, mut line: Line, first: &Word) -> Option<VirtualAddress> {
        if let Some((broadcast, span)) = line.broadcast.take() {
            line.address.broadcast = self.computed_broadcast(&line.address, &broadcast, span, first)?;
        }
        if line.address.address.is_ipv6() {
            if let Some(span) = line.scope {
                line.address.scope = Scope::GLOBAL;
                let warning = Diagnostic::warning(Code::NoEffect, span, "an IPv6 address has the scope of its prefix");
                self.push(warning.help("remove `scope`"));
            }
            if line.address.label.take().is_some() {
                let warning = Diagnostic::warning(Code::NoEffect, first.span, "an IPv6 address has no label");
                self.push(warning.help("remove `label`"));
            }
        }
        if !line.lifetime_given {
            line.address.preferred_lft = VirtualAddress::new(line.address.address, line.address.prefix).preferred_lft;
        }
        Some(line.address)
    }

    /// The broadcast address that a line comes to; the outer `None` when the line is wrong.
    fn computed_broadcast(
        &mut self,
        address: &VirtualAddress,
        broadcast: &Broadcast,
        span: Span,
        first: &Word,
    ) -> Option<Option<Ipv4Addr>> {
        let IpAddr::V4(ip) = address.address else {
            let error = Diagnostic::error(Code::Conflict, span, format!("`{}` has no broadcast address", first.text));
            self.push(error.help("remove `brd`: IPv6 has none"));
            return None;
        };
        if address.peer.is_some() {
            let warning = Diagnostic::warning(Code::NoEffect, span, "an address with a peer has no broadcast address");
            self.push(warning.help("remove `brd`"));
            return Some(None);
        }
        let host_bits = u32::MAX.checked_shr(u32::from(address.prefix)).unwrap_or(0);
        let computed = match broadcast {
            Broadcast::Given(given) => return Some(Some(*given)),
            Broadcast::HostBitsSet => Ipv4Addr::from(u32::from(ip) | host_bits),
            Broadcast::HostBitsClear => Ipv4Addr::from(u32::from(ip) & !host_bits),
        };
        if address.prefix > 30 {
            let message = format!("a /{} has no broadcast address to compute", address.prefix);
            self.push(Diagnostic::error(Code::Conflict, span, message).help("write the prefix, or remove `brd`"));
            return None;
        }
        Some(Some(computed))
    }
}

fn takes_value(option: &str) -> bool {
    matches!(option, "dev" | "label" | "brd" | "broadcast" | "scope" | "peer" | "preferred_lft")
}
