//! From a command of the configuration to a program that can be run.

use std::sync::Arc;

use vrrp_config::model as file;
use vrrp_script::{Identity, Program};

/// keepalived's default user for scripts, where the host has it.
const DEFAULT_USER: &str = "keepalived_script";

/// What `global_defs` says of all scripts.
#[derive(Debug)]
pub(crate) struct Scripts<'a> {
    asked: &'a file::Scripts,
    /// Who runs a script that names nobody.
    default: Identity,
}

impl<'a> Scripts<'a> {
    pub(crate) fn of(asked: &'a file::Scripts) -> Self {
        let named = |user: &str, group: Option<&str>| Identity::Named {
            user: user.into(),
            group: group.map(Arc::from),
            supplementary: asked.set_supplementary_groups,
        };
        let default = match &asked.script_user {
            Some(user) => named(&user.user, user.group.as_deref()),
            None if matches!(nix::unistd::User::from_name(DEFAULT_USER), Ok(Some(_))) => named(DEFAULT_USER, None),
            None => Identity::Inherit,
        };
        Self { asked, default }
    }

    /// A program as keepalived runs it: no sandbox.
    pub(crate) fn program(&self, command: &file::Command) -> Program {
        Program {
            identity: self.identity(command.user.as_deref(), command.group.as_deref()),
            secure: self.asked.enable_script_security,
            ..Program::new(command.argv.iter().map(String::as_str))
        }
    }

    /// As whom, where the configuration names a user, a group or neither.
    pub(crate) fn identity(&self, user: Option<&str>, group: Option<&str>) -> Identity {
        match user {
            Some(user) => Identity::Named {
                user: user.into(),
                group: group.map(Arc::from),
                supplementary: self.asked.set_supplementary_groups,
            },
            None => self.default.clone(),
        }
    }
}
