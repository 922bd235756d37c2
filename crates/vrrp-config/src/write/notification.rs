use super::{Says, Statements};
use crate::model::{Fifo, Fifos, Global, Hooks, Mail, OnNewState, ScriptUser, Scripts, SmtpServer};

/// What a router or a group runs and tells, where it differs from what it inherits.
pub(super) fn hooks(out: &mut Statements, hooks: &Hooks, global: &Global) {
    for (keyword, command) in [
        ("notify", &hooks.notify),
        ("notify_master", &hooks.notify_master),
        ("notify_backup", &hooks.notify_backup),
        ("notify_fault", &hooks.notify_fault),
        ("notify_stop", &hooks.notify_stop),
        ("notify_deleted", &hooks.notify_deleted),
        ("notify_master_rx_lower_pri", &hooks.notify_master_rx_lower_pri),
        ("ensure", &hooks.ensure),
        ("pre_active", &hooks.pre_active),
        ("post_active", &hooks.post_active),
    ] {
        if let Some(command) = command {
            out.command(keyword, command);
        }
    }
    let bare = hooks.tells_deleted && hooks.notify_deleted.is_none();
    out.flag("notify_deleted", bare);
    let told = global.fifo.vrrp_notify_priority_changes;
    out.switch("notify_priority_changes", hooks.notify_priority_changes, told);
    out.boolean("smtp_alert", hooks.smtp_alert);
    let waits = hooks.on_new_state == OnNewState::Wait;
    out.say_if(waits, "on_new_state", Says::Text("wait".to_owned()));
    if let Some(timeout) = hooks.notify_timeout {
        out.say("notify_timeout", Says::Seconds(timeout));
    }
    out.seconds("pre_active_timeout", hooks.pre_active_timeout, Hooks::BARRIER_TIMEOUT);
    out.seconds("post_active_timeout", hooks.post_active_timeout, Hooks::BARRIER_TIMEOUT);
}

/// As whom programs run, and what is run with the daemon itself.
pub(super) fn scripts(out: &mut Statements, scripts: &Scripts) {
    if let Some(ScriptUser { user, group }) = &scripts.script_user {
        out.say("script_user", Says::Words([user].into_iter().chain(group).cloned().collect()));
    }
    out.switch("enable_script_security", scripts.enable_script_security, false);
    out.switch("set_supplementary_groups", scripts.set_supplementary_groups, false);
    out.switch("use_symlink_paths", scripts.use_symlink_paths, false);
    if let Some(command) = &scripts.startup_script {
        out.command("startup_script", command);
    }
    out.seconds("startup_script_timeout", scripts.startup_script_timeout, Scripts::TIMEOUT);
    if let Some(command) = &scripts.shutdown_script {
        out.command("shutdown_script", command);
    }
    out.seconds("shutdown_script_timeout", scripts.shutdown_script_timeout, Scripts::TIMEOUT);
}

/// The named pipes.
pub(super) fn fifos(out: &mut Statements, fifos: &Fifos) {
    for (keyword, fifo) in [("notify_fifo", &fifos.notify_fifo), ("vrrp_notify_fifo", &fifos.vrrp_notify_fifo)] {
        if let Some(Fifo { path, user, group }) = fifo {
            out.say(keyword, Says::Words([path].into_iter().chain(user).chain(group).cloned().collect()));
        }
    }
    for (keyword, command) in
        [("notify_fifo_script", &fifos.notify_fifo_script), ("vrrp_notify_fifo_script", &fifos.vrrp_notify_fifo_script)]
    {
        if let Some(command) = command {
            out.command(keyword, command);
        }
    }
    out.switch("fifo_write_vrrp_states_on_reload", fifos.fifo_write_vrrp_states_on_reload, false);
    out.switch("vrrp_notify_priority_changes", fifos.vrrp_notify_priority_changes, false);
}

/// Who gets mail.
pub(super) fn mail(out: &mut Statements, mail: &Mail) {
    let recipients: Vec<String> = mail.notification_email.iter().map(|address| super::quote(address)).collect();
    out.say_if(!recipients.is_empty(), "notification_email", Says::Lines(recipients));
    if let Some(from) = &mail.notification_email_from {
        out.say("notification_email_from", Says::Text(from.clone()));
    }
    if let Some(SmtpServer { host, port }) = &mail.smtp_server {
        let port = (*port != SmtpServer::PORT).then(|| port.to_string());
        out.say("smtp_server", Says::Words([host.clone()].into_iter().chain(port).collect()));
    }
    if let Some(name) = &mail.smtp_helo_name {
        out.say("smtp_helo_name", Says::Text(name.clone()));
    }
    out.seconds("smtp_connect_timeout", mail.smtp_connect_timeout, Mail::default().smtp_connect_timeout);
    out.boolean("smtp_alert", mail.smtp_alert);
    out.boolean("smtp_alert_vrrp", mail.smtp_alert_vrrp);
    out.switch("no_email_faults", mail.no_email_faults, false);
}
