use super::arity::line_span;
use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Item;
use crate::model::{Command, Fifo, Fifos};
use crate::source::Span;

/// The named pipes, as the file gives them.
#[derive(Debug, Default)]
pub(super) struct FifosDraft {
    fifo: Option<Given<Fifo>>,
    script: Option<Given<Command>>,
    vrrp_fifo: Option<Given<Fifo>>,
    vrrp_script: Option<Given<Command>>,
    on_reload: Option<Given<bool>>,
    priority_changes: Option<Given<bool>>,
}

impl FifosDraft {
    /// Whether a keyword of `global_defs` is read here.
    pub(super) fn takes(keyword: &str) -> bool {
        keyword.contains("notify_fifo")
            || matches!(keyword, "fifo_write_vrrp_states_on_reload" | "vrrp_notify_priority_changes")
    }

    /// Reads a line with one of these keywords.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "notify_fifo" | "vrrp_notify_fifo" => {
                let value = context.fifo(item);
                let slot = if keyword == "notify_fifo" { &mut self.fifo } else { &mut self.vrrp_fifo };
                let value = value.map(|value| Given { value, span: line_span(item, span) });
                context.set_first(slot, value, keyword);
            }
            "notify_fifo_script" | "vrrp_notify_fifo_script" => {
                let value = context.command(item);
                let slot = if keyword == "notify_fifo_script" { &mut self.script } else { &mut self.vrrp_script };
                context.set_first(slot, value, keyword);
            }
            "fifo_write_vrrp_states_on_reload" => {
                let value = context.boolean(item);
                context.set(&mut self.on_reload, value, keyword, span);
            }
            _ => {
                let value = context.boolean(item);
                context.set(&mut self.priority_changes, value, keyword, span);
            }
        }
    }

    /// Every command with where it is named.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Given<Command>> {
        self.script.iter().chain(&self.vrrp_script)
    }

    /// The pipes; a reader without its pipe is reported.
    pub(super) fn resolve(self, context: &mut Context<'_>) -> Fifos {
        for (script, fifo, keyword) in
            [(&self.script, &self.fifo, "notify_fifo"), (&self.vrrp_script, &self.vrrp_fifo, "vrrp_notify_fifo")]
        {
            if let (Some(script), None) = (script, fifo) {
                let message = format!("`{keyword}_script` has no effect without `{keyword}`");
                let warning = Diagnostic::warning(Code::Conflict, script.span, message);
                context.push(warning.help(format!("write `{keyword} PATH` too")));
            }
        }
        Fifos {
            notify_fifo: self.fifo.map(|given| given.value),
            notify_fifo_script: self.script.map(|given| given.value),
            vrrp_notify_fifo: self.vrrp_fifo.map(|given| given.value),
            vrrp_notify_fifo_script: self.vrrp_script.map(|given| given.value),
            fifo_write_vrrp_states_on_reload: or(self.on_reload.as_ref(), false),
            vrrp_notify_priority_changes: or(self.priority_changes.as_ref(), false),
        }
    }
}

impl Context<'_> {
    /// `PATH [USER [GROUP]]`
    fn fifo(&mut self, item: &Item) -> Option<Fifo> {
        let (path, identity) = item.values().split_first()?;
        let path = self.absolute(path, "/run/vrrp.fifo")?;
        let (user, group) = self.user(identity)?;
        Some(Fifo { path, user, group })
    }
}
