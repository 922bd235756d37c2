use core::net::{Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use vrrp_wire::Version;

use super::fifo::FifosDraft;
use super::garp::GarpDraft;
use super::instance::CHECKSUMS;
use super::mail::MailDraft;
use super::scheduling::SchedulingDraft;
use super::scripts::ScriptsDraft;
use super::surfaces::SurfacesDraft;
use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Place;
use crate::language::Item;
use crate::model::{Checksum, Command, DynamicInterfaces, Global, RxBufs};
use crate::source::Span;

/// Why receive buffers are not computed: the kernel's hold thousands of advertisements.
const RX_BUFS: &str = "no other virtual router's packets enter our buffers, and the kernel's are large enough";

/// `global_defs` as the file gives it; several blocks add up.
#[derive(Debug, Default)]
pub(super) struct GlobalDraft {
    router_id: Option<Given<String>>,
    version: Option<Given<Version>>,
    default_interface: Option<Given<String>>,
    dynamic_interfaces: Option<Given<DynamicInterfaces>>,
    group4: Option<Given<Ipv4Addr>>,
    group6: Option<Given<Ipv6Addr>>,
    garp: GarpDraft,
    garp_interval: Option<Given<Duration>>,
    gna_interval: Option<Given<Duration>>,
    down_timer_adverts: Option<Given<u8>>,
    lower_prio_no_advert: Option<Given<bool>>,
    higher_prio_send_advert: Option<Given<bool>>,
    owner_ignore_adverts: Option<Given<bool>>,
    check_unicast_src: Option<Given<bool>>,
    skip_check_adv_addr: Option<Given<bool>>,
    strict: Option<Given<bool>>,
    checksum: Option<Given<Checksum>>,
    hand_over: Option<Given<bool>>,
    last_lower_advert: Option<Given<bool>>,
    resume: Option<Given<bool>>,
    load_balancing_by_others: Option<Given<bool>>,
    startup_delay: Option<Given<Duration>>,
    delay_after_boot: Option<Given<Duration>>,
    log_unknown_vrids: Option<Given<bool>>,
    rx_bufs_policy: Option<Given<RxBufs>>,
    rx_bufs_multiplier: Option<Given<u32>>,
    scheduling: SchedulingDraft,
    scripts: ScriptsDraft,
    fifos: FifosDraft,
    mail: MailDraft,
    surfaces: SurfacesDraft,
}

impl GlobalDraft {
    /// Reads a `global_defs` block.
    pub(super) fn read(&mut self, item: &Item, context: &mut Context<'_>) {
        context.left_out.clear();
        for line in item.items() {
            let Some(keyword) = context.keyword(line, Place::GlobalDefs) else {
                continue;
            };
            if let Some(word) = line.words.first() {
                self.apply(keyword.name, line, word.span, context);
            }
        }
    }

    fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            name if ScriptsDraft::takes(name) => self.scripts.apply(keyword, item, span, context),
            name if FifosDraft::takes(name) => self.fifos.apply(keyword, item, span, context),
            name if MailDraft::takes(name) => self.mail.apply(keyword, item, span, context),
            name if SurfacesDraft::takes(name) => self.surfaces.apply(keyword, item, span, context),
            "vrrp_garp_interval" | "vrrp_gna_interval" | "vrrp_startup_delay" | "vrrp_delay_after_boot" => {
                self.apply_delay(keyword, item, span, context);
            }
            "max_auto_priority"
            | "min_auto_priority_delay"
            | "vrrp_priority"
            | "vrrp_rt_priority"
            | "vrrp_rlimit_rttime"
            | "vrrp_rlimit_rtime"
            | "vrrp_cpu_affinity"
            | "oom_score_adj"
            | "vrrp_no_swap" => {
                self.scheduling.apply(keyword, item, span, context);
            }
            name if name.contains("garp") => self.garp.apply(keyword, item, context),
            "router_id"
            | "vrrp_version"
            | "default_interface"
            | "dynamic_interfaces"
            | "vrrp_mcast_group4"
            | "vrrp_mcast_group6"
            | "vrrp_down_timer_adverts"
            | "vrrp_rx_bufs_policy"
            | "vrrp_rx_bufs_multiplier"
            | "checksum" => self.apply_value(keyword, item, span, context),
            _ => self.apply_switch(keyword, item, span, context),
        }
    }

    fn apply_value(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let word = item.values().first();
        match keyword {
            "router_id" => context.set(&mut self.router_id, word.map(|word| word.text.clone()), keyword, span),
            "vrrp_version" => {
                let value = context.choice(item, &[("2", Version::V2), ("3", Version::V3)]);
                context.set(&mut self.version, value, keyword, span);
            }
            "default_interface" => {
                let value = word.and_then(|word| context.interface_name(word));
                context.set(&mut self.default_interface, value, keyword, span);
            }
            "dynamic_interfaces" => {
                let value = if word.is_none() {
                    Some(DynamicInterfaces::Allowed)
                } else {
                    context.choice(item, &[("allow_if_changes", DynamicInterfaces::AllowIfChanges)])
                };
                context.set(&mut self.dynamic_interfaces, value, keyword, span);
            }
            "vrrp_mcast_group4" => {
                let value = word.and_then(|word| {
                    context.ipv4(word).filter(|&group| context.multicast(word, group.into()).is_some())
                });
                context.set(&mut self.group4, value, keyword, span);
            }
            "vrrp_mcast_group6" => {
                let value = word.and_then(|word| {
                    context.ipv6(word).filter(|&group| context.multicast(word, group.into()).is_some())
                });
                context.set(&mut self.group6, value, keyword, span);
            }
            "vrrp_down_timer_adverts" => {
                let value = context.number(item, 1..=100);
                context.set(&mut self.down_timer_adverts, value, keyword, span);
            }
            "vrrp_rx_bufs_policy" => {
                let value = context.rx_bufs(item);
                context.leave_out_keyword(item, RX_BUFS);
                context.set(&mut self.rx_bufs_policy, value, keyword, span);
            }
            "checksum" => {
                let value = context.choice(item, &CHECKSUMS);
                context.set(&mut self.checksum, value, keyword, span);
            }
            "vrrp_rx_bufs_multiplier" => {
                let value = context.number(item, 1..=i64::from(u32::MAX));
                context.leave_out_keyword(item, RX_BUFS);
                context.set(&mut self.rx_bufs_multiplier, value, keyword, span);
            }
            _ => {}
        }
    }

    fn apply_delay(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let value = context.pause(item, keyword);
        let slot = match keyword {
            "vrrp_garp_interval" => &mut self.garp_interval,
            "vrrp_gna_interval" => &mut self.gna_interval,
            "vrrp_startup_delay" => &mut self.startup_delay,
            "vrrp_delay_after_boot" => &mut self.delay_after_boot,
            _ => return,
        };
        context.set(slot, value, keyword, span);
    }

    fn apply_switch(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let value = context.boolean(item);
        let slot = match keyword {
            "vrrp_lower_prio_no_advert" => &mut self.lower_prio_no_advert,
            "vrrp_higher_prio_send_advert" => &mut self.higher_prio_send_advert,
            "vrrp_owner_ignore_adverts" => &mut self.owner_ignore_adverts,
            "vrrp_check_unicast_src" => &mut self.check_unicast_src,
            "vrrp_skip_check_adv_addr" => &mut self.skip_check_adv_addr,
            "vrrp_strict" => &mut self.strict,
            "hand_over" => &mut self.hand_over,
            "last_lower_advert" => &mut self.last_lower_advert,
            "resume" => &mut self.resume,
            "load_balancing_by_others" => &mut self.load_balancing_by_others,
            "log_unknown_vrids" => &mut self.log_unknown_vrids,
            "v3_checksum_as_v2" => {
                let value = value.map(Checksum::as_v2);
                return context.set(&mut self.checksum, value, keyword, span);
            }
            _ => return,
        };
        context.set(slot, value, keyword, span);
    }

    /// Every command with where it is named.
    pub(super) fn commands(&self) -> Vec<Given<Command>> {
        self.scripts.commands().chain(self.fifos.commands()).cloned().collect()
    }

    /// The globals with every default in place.
    pub(super) fn resolve(self, context: &mut Context<'_>) -> Global {
        let default = Global::default();
        let mail_wanted = self.mail.wanted();
        let mail = self.mail.resolve();
        context.check_mail(&mail, mail_wanted);
        Global {
            router_id: self.router_id.map(|given| given.value),
            vrrp_version: or(self.version.as_ref(), default.vrrp_version),
            default_interface: self.default_interface.map(|given| given.value),
            dynamic_interfaces: or(self.dynamic_interfaces.as_ref(), default.dynamic_interfaces),
            vrrp_mcast_group4: or(self.group4.as_ref(), default.vrrp_mcast_group4),
            vrrp_mcast_group6: or(self.group6.as_ref(), default.vrrp_mcast_group6),
            garp: self.garp.resolve_global(),
            vrrp_garp_interval: or(self.garp_interval.as_ref(), default.vrrp_garp_interval),
            vrrp_gna_interval: or(self.gna_interval.as_ref(), default.vrrp_gna_interval),
            vrrp_down_timer_adverts: or(self.down_timer_adverts.as_ref(), default.vrrp_down_timer_adverts),
            vrrp_lower_prio_no_advert: or(self.lower_prio_no_advert.as_ref(), false),
            vrrp_higher_prio_send_advert: or(self.higher_prio_send_advert.as_ref(), false),
            vrrp_owner_ignore_adverts: or(self.owner_ignore_adverts.as_ref(), false),
            vrrp_check_unicast_src: or(self.check_unicast_src.as_ref(), false),
            vrrp_skip_check_adv_addr: or(self.skip_check_adv_addr.as_ref(), false),
            vrrp_strict: or(self.strict.as_ref(), false),
            checksum: or(self.checksum.as_ref(), default.checksum),
            hand_over: self.hand_over.map(|given| given.value),
            last_lower_advert: or(self.last_lower_advert.as_ref(), default.last_lower_advert),
            resume: or(self.resume.as_ref(), default.resume),
            vrrp_startup_delay: or(self.startup_delay.as_ref(), default.vrrp_startup_delay),
            vrrp_delay_after_boot: or(self.delay_after_boot.as_ref(), default.vrrp_delay_after_boot),
            log_unknown_vrids: or(self.log_unknown_vrids.as_ref(), false),
            vrrp_rx_bufs_policy: self.rx_bufs_policy.map(|given| given.value),
            vrrp_rx_bufs_multiplier: or(self.rx_bufs_multiplier.as_ref(), default.vrrp_rx_bufs_multiplier),
            load_balancing_by_others: or(self.load_balancing_by_others.as_ref(), false),
            scheduling: self.scheduling.resolve(),
            scripts: self.scripts.resolve(),
            fifo: self.fifos.resolve(context),
            mail,
            surfaces: self.surfaces.resolve(),
        }
    }
}

impl Context<'_> {
    /// A pause; 0 is none, which keepalived calls out of range in the sample file that many copied.
    fn pause(&mut self, item: &Item, keyword: &str) -> Option<Duration> {
        let value = self.seconds(item, Duration::ZERO, Duration::from_secs(4294))?;
        if value.is_zero() && keyword.ends_with("_interval") {
            let word = item.values().first()?;
            let warning =
                Diagnostic::warning(Code::OutOfRange, word.span, format!("`{keyword} 0` is no pacing at all"));
            self.push(warning.label("keepalived takes 0.000001 to 4294").help("remove the line"));
        }
        Some(value)
    }

    fn rx_bufs(&mut self, item: &Item) -> Option<RxBufs> {
        let word = item.values().first()?;
        match word.text.to_ascii_uppercase().as_str() {
            "MTU" => Some(RxBufs::Mtu),
            "ADVERT" => Some(RxBufs::Advert),
            _ => self.number(item, 0..=i64::from(u32::MAX)).map(RxBufs::Bytes),
        }
    }
}
