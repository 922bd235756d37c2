use core::time::Duration;

use super::arity::line_span;
use super::{Context, Given, or};
use crate::language::Item;
use crate::model::{Command, Global, Hooks, OnNewState};
use crate::source::Span;

/// What is run and told when a router or a group changes its state, as the file gives it.
#[derive(Debug, Default)]
pub(super) struct HooksDraft {
    notify: Option<Given<Command>>,
    notify_master: Option<Given<Command>>,
    notify_backup: Option<Given<Command>>,
    notify_fault: Option<Given<Command>>,
    notify_stop: Option<Given<Command>>,
    /// Given, with or without a command.
    notify_deleted: Option<Given<Option<Command>>>,
    notify_master_rx_lower_pri: Option<Given<Command>>,
    notify_priority_changes: Option<Given<bool>>,
    smtp_alert: Option<Given<bool>>,
    on_new_state: Option<Given<OnNewState>>,
    notify_timeout: Option<Given<Duration>>,
    ensure: Option<Given<Command>>,
    pre_active: Option<Given<Command>>,
    pre_active_timeout: Option<Given<Duration>>,
    post_active: Option<Given<Command>>,
    post_active_timeout: Option<Given<Duration>>,
}

impl HooksDraft {
    /// Whether a keyword of `vrrp_instance` or `vrrp_sync_group` is read here.
    pub(super) fn takes(keyword: &str) -> bool {
        keyword.starts_with("notify")
            || keyword.starts_with("pre_active")
            || keyword.starts_with("post_active")
            || matches!(keyword, "smtp_alert" | "on_new_state" | "ensure")
    }

    /// Reads a line with one of these keywords.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let value_span = line_span(item, span);
        match keyword {
            "notify_priority_changes" => {
                let value = context.boolean(item);
                context.set(&mut self.notify_priority_changes, value, keyword, span);
            }
            "smtp_alert" => {
                let value = context.boolean(item);
                context.set(&mut self.smtp_alert, value, keyword, span);
            }
            "on_new_state" => {
                let words = [("interrupt", OnNewState::Interrupt), ("wait", OnNewState::Wait)];
                let value = context.choice(item, &words);
                context.set(&mut self.on_new_state, value, keyword, value_span);
            }
            name if name.ends_with("_timeout") => {
                let most = if name == "notify_timeout" { Duration::from_secs(86_400) } else { BARRIER };
                let value = context.seconds(item, Duration::from_millis(1), most);
                let slot = match name {
                    "notify_timeout" => &mut self.notify_timeout,
                    "pre_active_timeout" => &mut self.pre_active_timeout,
                    _ => &mut self.post_active_timeout,
                };
                context.set(slot, value, keyword, value_span);
            }
            "notify_deleted" => {
                let value = if item.values().is_empty() {
                    Some(Given { value: None, span })
                } else {
                    let command = context.command(item);
                    command.map(|given| Given { value: Some(given.value), span: given.span })
                };
                context.set_first(&mut self.notify_deleted, value, keyword);
            }
            name => {
                let value = context.command(item);
                if let Some(slot) = self.command(name) {
                    context.set_first(slot, value, keyword);
                }
            }
        }
    }

    fn command(&mut self, keyword: &str) -> Option<&mut Option<Given<Command>>> {
        Some(match keyword {
            "notify" => &mut self.notify,
            "notify_master" => &mut self.notify_master,
            "notify_backup" => &mut self.notify_backup,
            "notify_fault" => &mut self.notify_fault,
            "notify_stop" => &mut self.notify_stop,
            "notify_master_rx_lower_pri" => &mut self.notify_master_rx_lower_pri,
            "ensure" => &mut self.ensure,
            "pre_active" => &mut self.pre_active,
            "post_active" => &mut self.post_active,
            _ => return None,
        })
    }

    /// Every command with where it is named.
    pub(super) fn commands(&self) -> Vec<Given<Command>> {
        let deleted = self.notify_deleted.as_ref().and_then(|given| {
            let value = given.value.clone()?;
            Some(Given { value, span: given.span })
        });
        let others = [
            &self.notify,
            &self.notify_master,
            &self.notify_backup,
            &self.notify_fault,
            &self.notify_stop,
            &self.notify_master_rx_lower_pri,
            &self.ensure,
            &self.pre_active,
            &self.post_active,
        ];
        others.into_iter().flatten().cloned().chain(deleted).collect()
    }

    /// Where mail is asked for, if it is.
    pub(super) fn wants_mail(&self) -> Option<Span> {
        self.smtp_alert.as_ref().filter(|given| given.value).map(|given| given.span)
    }

    /// The hooks with what they inherit in place.
    pub(super) fn resolve(self, global: &Global) -> Hooks {
        let default = Hooks::default();
        let value = |given: Option<Given<Command>>| given.map(|given| given.value);
        let told = global.fifo.vrrp_notify_priority_changes;
        Hooks {
            notify: value(self.notify),
            notify_master: value(self.notify_master),
            notify_backup: value(self.notify_backup),
            notify_fault: value(self.notify_fault),
            notify_stop: value(self.notify_stop),
            tells_deleted: self.notify_deleted.is_some(),
            notify_deleted: self.notify_deleted.and_then(|given| given.value),
            notify_master_rx_lower_pri: value(self.notify_master_rx_lower_pri),
            notify_priority_changes: or(self.notify_priority_changes.as_ref(), told),
            smtp_alert: self.smtp_alert.map(|given| given.value),
            on_new_state: or(self.on_new_state.as_ref(), default.on_new_state),
            notify_timeout: self.notify_timeout.map(|given| given.value),
            ensure: value(self.ensure),
            pre_active: value(self.pre_active),
            pre_active_timeout: or(self.pre_active_timeout.as_ref(), default.pre_active_timeout),
            post_active: value(self.post_active),
            post_active_timeout: or(self.post_active_timeout.as_ref(), default.post_active_timeout),
        }
    }
}

/// The longest that addresses may wait for a program.
const BARRIER: Duration = Duration::from_secs(60);
