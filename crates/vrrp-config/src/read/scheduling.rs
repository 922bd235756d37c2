use core::time::Duration;

use super::{Context, Given, or};
use crate::language::Item;
use crate::model::Scheduling;
use crate::source::Span;

/// How the process is to be scheduled, as the file gives it.
#[derive(Debug, Default)]
pub(super) struct SchedulingDraft {
    priority: Option<Given<i8>>,
    rt_priority: Option<Given<u8>>,
    rlimit_rttime: Option<Given<u32>>,
    cpu_affinity: Option<Given<Vec<u16>>>,
    oom_score_adj: Option<Given<i16>>,
    no_swap: Option<Given<bool>>,
    max_auto_priority: Option<Given<i8>>,
    min_auto_priority_delay: Option<Given<u32>>,
}

impl SchedulingDraft {
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "vrrp_priority" => {
                let value = context.number(item, -20..=19);
                context.set(&mut self.priority, value, keyword, span);
            }
            "vrrp_rt_priority" => {
                let value = context.number(item, 1..=99);
                context.set(&mut self.rt_priority, value, keyword, span);
            }
            "vrrp_rlimit_rttime" | "vrrp_rlimit_rtime" => {
                let value = context.number(item, 2..=i64::from(u32::MAX));
                context.leave_out_keyword(item, "a limit that kills would leave the addresses in place");
                context.set(&mut self.rlimit_rttime, value, keyword, span);
            }
            "vrrp_cpu_affinity" => {
                let cpus: Vec<Option<u16>> =
                    item.values().iter().map(|word| context.number_word(word, keyword, 0..=1023)).collect();
                context.set(&mut self.cpu_affinity, cpus.into_iter().collect(), keyword, span);
            }
            "oom_score_adj" => {
                let value = context.number(item, -1000..=1000);
                context.set(&mut self.oom_score_adj, value, keyword, span);
            }
            "vrrp_no_swap" => context.set(&mut self.no_swap, Some(true), keyword, span),
            "max_auto_priority" => {
                let value = if item.values().is_empty() { Some(-1) } else { context.number(item, -1..=99) };
                context.set(&mut self.max_auto_priority, value, keyword, span);
            }
            "min_auto_priority_delay" => {
                let value = context.number(item, 1..=10_000_000);
                context.set(&mut self.min_auto_priority_delay, value, keyword, span);
            }
            _ => {}
        }
    }

    pub(super) fn resolve(&self) -> Scheduling {
        let default = Scheduling::default();
        let micros = |given: Option<&Given<u32>>, default| {
            given.map_or(default, |given| Duration::from_micros(u64::from(given.value)))
        };
        Scheduling {
            vrrp_priority: self.priority.as_ref().map(|given| given.value),
            vrrp_rt_priority: self.rt_priority.as_ref().map(|given| given.value),
            vrrp_rlimit_rttime: micros(self.rlimit_rttime.as_ref(), default.vrrp_rlimit_rttime),
            vrrp_cpu_affinity: or(self.cpu_affinity.as_ref(), Vec::new()),
            oom_score_adj: self.oom_score_adj.as_ref().map(|given| given.value),
            vrrp_no_swap: or(self.no_swap.as_ref(), false),
            max_auto_priority: or(self.max_auto_priority.as_ref(), 0),
            min_auto_priority_delay: micros(self.min_auto_priority_delay.as_ref(), default.min_auto_priority_delay),
        }
    }
}
