use core::time::Duration;

use super::arity::line_span;
use super::{Context, Given, or};
use crate::language::Item;
use crate::model::{Command, ScriptUser, Scripts};
use crate::source::Span;

/// As whom programs run, and what is run with the daemon itself, as the file gives it.
#[derive(Debug, Default)]
pub(super) struct ScriptsDraft {
    user: Option<Given<ScriptUser>>,
    security: Option<Given<bool>>,
    supplementary_groups: Option<Given<bool>>,
    symlink_paths: Option<Given<bool>>,
    startup: Option<Given<Command>>,
    startup_timeout: Option<Given<Duration>>,
    shutdown: Option<Given<Command>>,
    shutdown_timeout: Option<Given<Duration>>,
}

impl ScriptsDraft {
    /// Whether a keyword of `global_defs` is read here.
    pub(super) fn takes(keyword: &str) -> bool {
        keyword.starts_with("startup_script")
            || keyword.starts_with("shutdown_script")
            || matches!(
                keyword,
                "script_user" | "enable_script_security" | "set_supplementary_groups" | "use_symlink_paths"
            )
    }

    /// Reads a line with one of these keywords.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "script_user" => {
                let value = context.user(item.values());
                let value = value.and_then(|(user, group)| Some(ScriptUser { user: user?, group }));
                context.set(&mut self.user, value, keyword, line_span(item, span));
            }
            "startup_script" | "shutdown_script" => {
                let value = context.command(item);
                let slot = if keyword == "startup_script" { &mut self.startup } else { &mut self.shutdown };
                context.set_first(slot, value, keyword);
            }
            "startup_script_timeout" | "shutdown_script_timeout" => {
                let value = context.seconds(item, Duration::from_secs(1), Duration::from_secs(1000));
                let startup = keyword == "startup_script_timeout";
                let slot = if startup { &mut self.startup_timeout } else { &mut self.shutdown_timeout };
                context.set(slot, value, keyword, line_span(item, span));
            }
            _ => {
                let value = context.boolean(item);
                let slot = match keyword {
                    "enable_script_security" => &mut self.security,
                    "set_supplementary_groups" => &mut self.supplementary_groups,
                    "use_symlink_paths" => &mut self.symlink_paths,
                    _ => return,
                };
                context.set(slot, value, keyword, span);
            }
        }
    }

    /// Every command with where it is named.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Given<Command>> {
        self.startup.iter().chain(&self.shutdown)
    }

    pub(super) fn resolve(self) -> Scripts {
        Scripts {
            script_user: self.user.map(|given| given.value),
            enable_script_security: or(self.security.as_ref(), false),
            set_supplementary_groups: or(self.supplementary_groups.as_ref(), false),
            use_symlink_paths: or(self.symlink_paths.as_ref(), false),
            startup_script: self.startup.map(|given| given.value),
            startup_script_timeout: or(self.startup_timeout.as_ref(), Scripts::TIMEOUT),
            shutdown_script: self.shutdown.map(|given| given.value),
            shutdown_script_timeout: or(self.shutdown_timeout.as_ref(), Scripts::TIMEOUT),
        }
    }
}
