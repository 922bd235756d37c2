use core::time::Duration;

use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{Garp, GarpExtraInterfaces};

/// The announcement settings of one block.
#[derive(Debug, Default)]
pub(super) struct GarpDraft {
    master_delay: Option<Given<Duration>>,
    master_repeat: Option<Given<u32>>,
    master_refresh: Option<Given<Duration>>,
    master_refresh_repeat: Option<Given<u32>>,
    lower_prio_delay: Option<Given<Duration>>,
    lower_prio_repeat: Option<Given<u32>>,
    extra_if: Option<Given<GarpExtraInterfaces>>,
    /// `vrrp_min_garp`
    min: Option<Given<bool>>,
}

/// Beyond this keepalived's own timers overflow.
const MOST: Duration = Duration::from_secs(4294);

impl GarpDraft {
    /// Takes a line whose keyword, without `vrrp_`, is one of ours.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, context: &mut Context<'_>) {
        let Some(span) = item.words.first().map(|word| word.span) else {
            return;
        };
        match keyword.strip_prefix("vrrp_").unwrap_or(keyword) {
            "garp_master_delay" => {
                let value = context.seconds(item, Duration::ZERO, MOST);
                context.set(&mut self.master_delay, value, keyword, span);
            }
            "garp_master_repeat" => {
                let value = context.repeats(item);
                context.set(&mut self.master_repeat, value, keyword, span);
            }
            "garp_master_refresh" => {
                let value = context.seconds(item, Duration::ZERO, Duration::from_secs(u64::from(u32::MAX)));
                context.set(&mut self.master_refresh, value, keyword, span);
            }
            "garp_master_refresh_repeat" => {
                let value = context.repeats(item);
                context.set(&mut self.master_refresh_repeat, value, keyword, span);
            }
            "garp_lower_prio_delay" => {
                let value = context.seconds(item, Duration::ZERO, MOST);
                context.set(&mut self.lower_prio_delay, value, keyword, span);
            }
            "garp_lower_prio_repeat" => {
                let value = context.number(item, 0..=i64::from(i32::MAX));
                context.set(&mut self.lower_prio_repeat, value, keyword, span);
            }
            "min_garp" => {
                let value = context.boolean(item);
                context.set(&mut self.min, value, keyword, span);
            }
            "garp_extra_if" | "vmac_garp_intvl" => {
                let value = context.extra_if(item);
                context.set(&mut self.extra_if, value, keyword, span);
            }
            _ => {}
        }
    }

    /// What the globals come to: keepalived's defaults, or the least with `vrrp_min_garp`.
    pub(super) fn resolve_global(&self) -> Garp {
        let mut default = Garp::default();
        if or(self.min.as_ref(), false) {
            default.master_delay = Duration::ZERO;
            default.master_repeat = 1;
            default.master_refresh = Duration::ZERO;
        }
        let master_delay = or(self.master_delay.as_ref(), default.master_delay);
        let master_repeat = or(self.master_repeat.as_ref(), default.master_repeat);
        Garp {
            master_delay,
            master_repeat,
            master_refresh: or(self.master_refresh.as_ref(), default.master_refresh),
            master_refresh_repeat: or(self.master_refresh_repeat.as_ref(), default.master_refresh_repeat),
            lower_prio_delay: or(self.lower_prio_delay.as_ref(), master_delay),
            lower_prio_repeat: or(self.lower_prio_repeat.as_ref(), master_repeat),
            extra_if: self.extra_if.as_ref().map(|given| given.value),
        }
    }

    /// What one router's settings come to beside the globals.
    pub(super) fn resolve(&self, global: &Garp, strict: bool) -> Garp {
        let quiet = |value: Option<&Given<Duration>>, global| {
            if strict { Duration::ZERO } else { or(value, global) }
        };
        Garp {
            master_delay: or(self.master_delay.as_ref(), global.master_delay),
            master_repeat: or(self.master_repeat.as_ref(), global.master_repeat),
            master_refresh: or(self.master_refresh.as_ref(), global.master_refresh),
            master_refresh_repeat: or(self.master_refresh_repeat.as_ref(), global.master_refresh_repeat),
            lower_prio_delay: quiet(self.lower_prio_delay.as_ref(), global.lower_prio_delay),
            lower_prio_repeat: if strict { 0 } else { or(self.lower_prio_repeat.as_ref(), global.lower_prio_repeat) },
            extra_if: self.extra_if.as_ref().map(|given| given.value).or(global.extra_if),
        }
    }

    /// The setting that strict mode resets, if it is given and not what strict mode makes of it.
    pub(super) fn against_strict(&self) -> Option<(&'static str, crate::source::Span)> {
        let delay = self.lower_prio_delay.as_ref().filter(|given| given.value > Duration::ZERO);
        let repeat = self.lower_prio_repeat.as_ref().filter(|given| given.value > 0);
        let delay = delay.map(|given| ("garp_lower_prio_delay", given.span));
        delay.or_else(|| repeat.map(|given| ("garp_lower_prio_repeat", given.span)))
    }
}

impl Context<'_> {
    /// A count of announcements: 0 means 1, as in keepalived.
    fn repeats(&mut self, item: &Item) -> Option<u32> {
        let value: u32 = self.number(item, 0..=i64::from(u32::MAX))?;
        if value == 0 {
            let word = item.values().first()?;
            let warning = Diagnostic::warning(Code::Suspicious, word.span, "0 announcements means 1");
            self.push(warning.help("write 1"));
        }
        Some(value.max(1))
    }

    /// `[all] SECONDS`
    fn extra_if(&mut self, item: &Item) -> Option<GarpExtraInterfaces> {
        let name = super::values::keyword_name(item).to_owned();
        let all = item.values().iter().any(|word| word.text == "all");
        let others: Vec<&Word> = item.values().iter().filter(|word| word.text != "all").collect();
        let Some(word) = others.first() else {
            let span = item.words.first()?.span;
            let error = Diagnostic::error(Code::Missing, span, format!("`{name}` without its seconds"));
            self.push(error.help(format!("write `{name} all SECONDS`")));
            return None;
        };
        let interval = self.seconds_word(word, &name, Duration::ZERO, Duration::from_secs(86_400))?;
        Some(GarpExtraInterfaces { all, interval })
    }
}
