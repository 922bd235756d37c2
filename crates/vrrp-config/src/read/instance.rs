use core::time::Duration;

use vrrp_wire::{Version, Vrid};

use super::draft::Draft;
use super::hooks::HooksDraft;
use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::keywords::Place;
use crate::language::{Item, Word};
use crate::model::{Checksum, Secret, StateWish};
use crate::source::Span;

/// The words of `checksum`.
pub(super) const CHECKSUMS: [(&str, Checksum); 3] =
    [("pseudo-header", Checksum::PseudoHeader), ("message", Checksum::Message), ("auto", Checksum::Auto)];

impl Draft {
    /// Reads a `vrrp_instance` block.
    pub(super) fn read(item: &Item, context: &mut Context<'_>) -> Self {
        let mut draft = Self { name: item.values().first().cloned(), ..Self::default() };
        context.left_out.clear();
        for line in item.items() {
            draft.seen.extend(line.words.first().map(|word| word.text.clone()));
            let Some(keyword) = context.keyword(line, Place::Instance) else {
                continue;
            };
            if let Some(word) = line.words.first() {
                draft.apply(keyword.name, line, word.span, context);
            }
        }
        draft
    }

    fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "state" | "interface" | "virtual_router_id" | "priority" | "version" | "native_ipv6" => {
                self.apply_identity(keyword, item, span, context);
            }
            "advert_int" | "nopreempt" | "preempt" | "preempt_delay" | "down_timer_adverts" | "dont_track_primary" => {
                self.apply_timing(keyword, item, span, context);
            }
            "unicast_peer"
            | "unicast_src_ip"
            | "mcast_src_ip"
            | "mcast_dst_ip"
            | "track_src_ip"
            | "unicast_ttl"
            | "check_unicast_src"
            | "unicast_fault_no_peer"
            | "old_unicast_checksum" => {
                self.apply_path(keyword, item, span, context);
            }
            "virtual_ipaddress" | "virtual_ipaddress_excluded" => self.addresses(keyword, item, context),
            "authentication" => self.authentication(item, context),
            "kernel_rx_buf_size" => {
                let value = context.number(item, 0..=i64::from(u32::MAX));
                context.set(&mut self.kernel_rx_buf_size, value, keyword, span);
            }
            "track_interface" | "track_script" | "track_file" | "track_process" | "track_check" => {
                if let Some(kind) = Kind::of_list(keyword) {
                    context.track_lines(kind, item, &mut self.track);
                }
            }
            name if HooksDraft::takes(name) => self.hooks.apply(keyword, item, span, context),
            name if name.contains("garp_") => self.garp.apply(keyword, item, context),
            _ if self.policy.apply(keyword, item, span, context) => {}
            _ => self.apply_policy(keyword, item, span, context),
        }
    }

    fn apply_identity(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let Some(word) = item.values().first() else {
            return context.set(&mut self.native_ipv6, Some(true), keyword, span);
        };
        match keyword {
            "state" => self.apply_state(word, context),
            "interface" => {
                let value = context.own_interface(word);
                context.set(&mut self.interface, value, keyword, word.span);
            }
            "virtual_router_id" => {
                let value = context.number(item, 1..=255).and_then(Vrid::new);
                context.set(&mut self.virtual_router_id, value, keyword, word.span);
            }
            "priority" => {
                let value = context.number(item, 1..=255);
                context.set(&mut self.priority, value, keyword, word.span);
            }
            "version" => {
                let value = context.choice(item, &[("2", Version::V2), ("3", Version::V3)]);
                context.set(&mut self.version, value, keyword, word.span);
            }
            _ => {}
        }
    }

    /// keepalived keeps `MASTER` whatever follows, unless it is no state at all.
    fn apply_state(&mut self, word: &Word, context: &mut Context<'_>) {
        let value = context.state(word);
        let before = self.state.as_ref().filter(|before| before.value == StateWish::Master && word.text == "BACKUP");
        if let Some(before) = before {
            let warning = Diagnostic::warning(Code::Duplicate, word.span, "`state BACKUP` after `state MASTER`");
            let warning = warning.label("this one does not count").also(before.span, "this one counts");
            return context.push(warning.help("remove one of them"));
        }
        context.set(&mut self.state, Some(value), "state", word.span);
    }

    fn apply_timing(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let value_span = super::arity::line_span(item, span);
        match keyword {
            "advert_int" => {
                let value = context.seconds(item, Duration::from_millis(10), Duration::from_secs(255));
                context.set(&mut self.advert_int, value, keyword, value_span);
            }
            "nopreempt" => context.set(&mut self.nopreempt, Some(true), keyword, span),
            "preempt" => self.nopreempt = Some(Given { value: false, span }),
            "preempt_delay" => {
                let value = context.seconds(item, Duration::ZERO, Duration::from_secs(1000));
                context.set(&mut self.preempt_delay, value, keyword, value_span);
            }
            "down_timer_adverts" => {
                let value = context.number(item, 1..=100);
                context.set(&mut self.down_timer_adverts, value, keyword, value_span);
            }
            "dont_track_primary" => context.set(&mut self.dont_track_primary, Some(true), keyword, span),
            _ => {}
        }
    }

    fn apply_policy(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "checksum" => {
                let value = context.choice(item, &CHECKSUMS);
                return context.set(&mut self.checksum, value, keyword, span);
            }
            "v3_checksum_as_v2" => {
                let value = context.boolean(item).map(Checksum::as_v2);
                return context.set(&mut self.checksum, value, keyword, span);
            }
            _ => {}
        }
        let value = context.boolean(item);
        let slot = match keyword {
            "accept" => &mut self.accept,
            "strict_mode" => &mut self.strict_mode,
            "skip_check_adv_addr" => &mut self.skip_check_adv_addr,
            "owner_ignore_adverts" => &mut self.owner_ignore_adverts,
            "lower_prio_no_advert" => &mut self.lower_prio_no_advert,
            "higher_prio_send_advert" => &mut self.higher_prio_send_advert,
            "hand_over" => &mut self.hand_over,
            "last_lower_advert" => &mut self.last_lower_advert,
            "resume" => &mut self.resume,
            "promote_secondaries" => &mut self.promote_secondaries,
            "no_virtual_ipaddress" => &mut self.no_virtual_ipaddress,
            _ => return,
        };
        context.set(slot, value, keyword, span);
    }

    fn addresses(&mut self, keyword: &str, item: &Item, context: &mut Context<'_>) {
        let excluded = keyword == "virtual_ipaddress_excluded";
        self.addresses_given |= !excluded && !item.items().is_empty();
        for line in item.items() {
            let (Some(first), Some(value)) = (line.words.first(), context.virtual_address(line)) else {
                continue;
            };
            let list = if excluded { &mut self.virtual_ipaddress_excluded } else { &mut self.virtual_ipaddress };
            let same = list.iter().find(|given| given.value.address == value.address && given.value.dev == value.dev);
            if let Some(before) = same {
                let message = format!("{} is listed twice", value.address);
                let warning = Diagnostic::warning(Code::Duplicate, first.span, message).also(before.span, "first here");
                context.push(
                    warning.help("remove one of them, on every router alike: the list is advertised as it stands"),
                );
            }
            list.push(Given { value, span: first.span });
        }
    }

    fn authentication(&mut self, item: &Item, context: &mut Context<'_>) {
        for line in item.items() {
            let Some(keyword) = context.keyword(line, Place::Authentication) else {
                continue;
            };
            let Some(word) = line.values().first() else {
                continue;
            };
            if keyword.name == "auth_type" {
                context.auth_type(word, &mut self.auth_type);
            } else {
                let value = context.password(word);
                context.set(&mut self.auth_pass, value, keyword.name, word.span);
            }
        }
    }
}

impl Context<'_> {
    /// `MASTER` or `BACKUP`; keepalived takes anything else for `BACKUP`.
    fn state(&mut self, word: &Word) -> StateWish {
        match word.text.as_str() {
            "MASTER" => return StateWish::Master,
            "BACKUP" => return StateWish::Backup,
            _ => {}
        }
        let message = format!("`{}` is no state: it means BACKUP", word.text);
        let upper = word.text.to_uppercase();
        let help = match upper.as_str() {
            "MASTER" | "ACTIVE" => "write `state MASTER`, in capitals, if that is the wish".to_owned(),
            "BACKUP" => "write `state BACKUP`, in capitals".to_owned(),
            _ => "write `state MASTER` or `state BACKUP`; the priority decides who serves".to_owned(),
        };
        self.push(Diagnostic::warning(Code::InvalidValue, word.span, message).help(help));
        StateWish::Backup
    }

    fn own_interface(&mut self, word: &Word) -> Option<String> {
        let name = self.interface_name(word)?;
        if name == "lo" {
            let error = Diagnostic::error(Code::InvalidValue, word.span, "VRRP cannot run on the loopback interface");
            self.push(error.help("name the interface that faces the other routers; `dev lo` puts an address on lo"));
            return None;
        }
        Some(name)
    }

    fn auth_type(&mut self, word: &Word, slot: &mut Option<Given<()>>) {
        match word.text.as_str() {
            "PASS" => self.set(slot, Some(()), "auth_type", word.span),
            "AH" => self.not_built(word.span, "`auth_type AH` is not built yet", Some("use `PASS` on every router")),
            other => {
                let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{other}` is no `auth_type`"));
                self.push(error.help("write `auth_type PASS`"));
            }
        }
    }

    /// The password, cut to the eight octets that go over the wire.
    fn password(&mut self, word: &Word) -> Option<Secret> {
        let length = word.text.len();
        if length == 0 {
            let error = Diagnostic::error(Code::Missing, word.span, "the password is empty");
            self.push(error.help("write up to eight characters, or remove `authentication`"));
            return None;
        }
        if length > 8 {
            let message = format!("the password has {length} characters, and VRRPv2 carries 8");
            let warning = Diagnostic::warning(Code::Truncated, word.span, message).label("the rest is not used");
            self.push(
                warning.help("keepalived cuts it likewise; PASS is sent in the clear and protects from mistakes only"),
            );
        }
        Some(Secret::cut(&word.text))
    }
}

impl Checksum {
    /// What `v3_checksum_as_v2` means.
    pub(super) const fn as_v2(on: bool) -> Self {
        if on { Self::Message } else { Self::PseudoHeader }
    }
}
