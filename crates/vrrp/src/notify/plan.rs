//! From a checked configuration to what the notifier and the herald are told to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use vrrp_config::model as file;
use vrrp_notify::{
    Barrier, Deletion, Ensure, Fifo, Hook, Hooks, Mail, Mailbox, MailboxError, OnNewState, Plan, Subject, SubjectId,
};
use vrrp_script::Program;

use super::herald::Traits;
use crate::script::Scripts;

/// How long one attempt of `ensure` may take where `notify_timeout` says nothing.
const ENSURE_TIMEOUT: core::time::Duration = core::time::Duration::from_secs(60);

/// What the herald has to know of every virtual router.
pub(super) fn traits(model: &file::Model) -> BTreeMap<Arc<str>, Traits> {
    let of = |router: &file::Router| {
        let member = |group: &&file::SyncGroup| group.members.contains(&router.name);
        Traits {
            group: model.sync_groups.iter().find(member).map(|group| Arc::from(group.name.as_str())),
            pre_active: router.hooks.pre_active.is_some(),
            post_active: router.hooks.post_active.is_some(),
            priority_changes: router.hooks.notify_priority_changes,
            priority: router.priority.get(),
        }
    };
    model.routers.iter().map(|router| (Arc::from(router.name.as_str()), of(router))).collect()
}

/// What the notifier is told to do, and what of it cannot be done.
pub(super) fn plan(model: &file::Model) -> (Plan, Vec<MailboxError>) {
    let scripts = Scripts::of(&model.global.scripts);
    let routers = model.routers.iter().map(|router| {
        let id = SubjectId::instance(&router.name);
        Subject { variables: variables(router), ..subject(id, &router.hooks, &model.global.mail, &scripts) }
    });
    let groups = model.sync_groups.iter();
    let groups = groups.map(|group| subject(SubjectId::group(&group.name), &group.hooks, &model.global.mail, &scripts));
    let (mail, wrong) = mail(&model.global);
    let plan = Plan {
        subjects: routers.chain(groups).collect(),
        fifos: fifos(&model.global.fifo, &scripts),
        mail,
        ..Plan::default()
    };
    (plan, wrong)
}

fn subject(id: SubjectId, hooks: &file::Hooks, mail: &file::Mail, scripts: &Scripts<'_>) -> Subject {
    let timeout = hooks.notify_timeout;
    let hook = |command: &Option<file::Command>| {
        command.as_ref().map(|command| Hook { timeout, ..Hook::new(scripts.program(command)) })
    };
    let barrier = |command: &Option<file::Command>, deadline| {
        command.as_ref().map(|command| Barrier { program: scripts.program(command), deadline })
    };
    Subject {
        hooks: Hooks {
            master: hook(&hooks.notify_master),
            backup: hook(&hooks.notify_backup),
            fault: hook(&hooks.notify_fault),
            stop: hook(&hooks.notify_stop),
            deleted: match hook(&hooks.notify_deleted) {
                None if !hooks.tells_deleted => Deletion::AsFault,
                hook => Deletion::AsDeleted(hook),
            },
            any: hook(&hooks.notify),
            master_rx_lower_pri: hook(&hooks.notify_master_rx_lower_pri),
        },
        on_new_state: match hooks.on_new_state {
            file::OnNewState::Interrupt => OnNewState::Interrupt,
            file::OnNewState::Wait => OnNewState::Wait,
        },
        ensure: hooks
            .ensure
            .as_ref()
            .map(|command| Ensure { program: scripts.program(command), timeout: timeout.unwrap_or(ENSURE_TIMEOUT) }),
        pre_active: barrier(&hooks.pre_active, hooks.pre_active_timeout),
        post_active: barrier(&hooks.post_active, hooks.post_active_timeout),
        mail: mail.alerts(hooks.smtp_alert),
        ..Subject::new(id)
    }
}

/// What arguments cannot carry.
fn variables(router: &file::Router) -> vrrp_notify::Variables {
    let lines = router.virtual_ipaddress.iter().chain(&router.virtual_ipaddress_excluded);
    let addresses: Vec<String> = lines.map(|line| format!("{}/{}", line.address, line.prefix)).collect();
    let pairs = [
        ("VRRP_INTERFACE", router.interface.clone().unwrap_or_default()),
        ("VRRP_VRID", router.virtual_router_id.to_string()),
        ("VRRP_ADDRESSES", addresses.join(" ")),
    ];
    pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn fifos(fifos: &file::Fifos, scripts: &Scripts<'_>) -> Vec<Fifo> {
    let fifo = |fifo: &Option<file::Fifo>, reader: &Option<file::Command>| {
        let fifo = fifo.as_ref()?;
        Some(Fifo {
            path: fifo.path.clone().into(),
            owner: scripts.identity(fifo.user.as_deref(), fifo.group.as_deref()),
            reader: reader.as_ref().map(|command| scripts.program(command)),
        })
    };
    let both = [
        fifo(&fifos.notify_fifo, &fifos.notify_fifo_script),
        fifo(&fifos.vrrp_notify_fifo, &fifos.vrrp_notify_fifo_script),
    ];
    both.into_iter().flatten().collect()
}

/// Mail, if it has a server and a recipient; recipients that are none are told.
fn mail(global: &file::Global) -> (Option<Mail>, Vec<MailboxError>) {
    let asked = &global.mail;
    let Some(server) = asked.smtp_server.as_ref().filter(|_| !asked.notification_email.is_empty()) else {
        return (None, Vec::new());
    };
    let host = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
    let from = asked.notification_email_from.clone().unwrap_or_else(|| format!("root@{host}"));
    let (to, wrong): (Vec<_>, Vec<_>) =
        asked.notification_email.iter().map(|to| to.parse::<Mailbox>()).partition(Result::is_ok);
    let mut wrong: Vec<MailboxError> = wrong.into_iter().filter_map(Result::err).collect();
    let from = from.parse::<Mailbox>().map_err(|error| wrong.push(error)).ok();
    let mail = from.map(|from| Mail {
        server: server.host.as_str().into(),
        port: server.port,
        helo: asked.smtp_helo_name.clone().unwrap_or_else(|| host.clone()).into(),
        timeout: asked.smtp_connect_timeout,
        from,
        to: to.into_iter().filter_map(Result::ok).collect(),
        router_id: global.router_id.clone().unwrap_or(host).into(),
        no_faults: asked.no_email_faults,
    });
    (mail, wrong)
}

/// A program of the daemon itself (`startup_script`, `shutdown_script`).
pub(super) fn of_daemon(command: &file::Command, global: &file::Global) -> Program {
    Scripts::of(&global.scripts).program(command)
}
