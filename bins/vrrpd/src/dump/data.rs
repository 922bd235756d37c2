use core::fmt::{self, Write};

use vrrp_config::model::{Hooks, SyncGroup};
use vrrp_control::State;

use super::view::View;
use super::{command, global, instance, tracked, tracking};

/// `keepalived.data`: the configuration and how it stands. What only keepalived has, sockets by their descriptors and
/// its own notes about interfaces, has no section here.
pub(super) fn text(view: &View<'_>) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut out, view);
    out
}

fn write(out: &mut String, view: &View<'_>) -> fmt::Result {
    global::write(out, &view.model.global)?;
    let mut heading = Some("VRRP Topology");
    for (router, status) in view.routers() {
        section(out, &mut heading)?;
        instance::write(out, view, router, status)?;
    }
    let mut heading = Some("VRRP Sync groups");
    for group in &view.model.sync_groups {
        section(out, &mut heading)?;
        sync_group(out, view, group)?;
    }
    tracked::write(out, view)
}

/// The line that a section begins with, before the first thing in it.
pub(super) fn section(out: &mut String, heading: &mut Option<&str>) -> fmt::Result {
    match heading.take() {
        Some(heading) => writeln!(out, "------< {heading} >------"),
        None => Ok(()),
    }
}

fn sync_group(out: &mut String, view: &View<'_>, group: &SyncGroup) -> fmt::Result {
    let members = || view.routers().filter(|(router, _)| group.members.contains(&router.name));
    let in_state = |state| members().filter(|(_, status)| status.state == state).count();
    let state = match (in_state(State::Initialize), in_state(State::Backup)) {
        (0, 0) => State::Active,
        (0, _) => State::Backup,
        (_, _) => State::Initialize,
    };
    writeln!(out, " VRRP Sync Group = {}, {}", group.name, state.keepalived())?;
    writeln!(out, "   Num member fault {}, num member init 0", in_state(State::Initialize))?;
    writeln!(out, "   VRRP member instances :")?;
    members().try_for_each(|(router, _)| writeln!(out, "     {}", router.name))?;
    if group.sync_group_tracking_weight {
        writeln!(out, "   sync group tracking weight set")?;
    }
    let mails = view.model.global.mail.alerts(group.hooks.smtp_alert);
    writeln!(out, "   Using smtp notification = {}", if mails { "yes" } else { "no" })?;
    tracking::write(out, view, &group.track)?;
    scripts(out, view, &group.hooks)
}

/// What is run when a router or a group changes its state.
pub(super) fn scripts(out: &mut String, view: &View<'_>, hooks: &Hooks) -> fmt::Result {
    let scripts = [
        ("Backup", &hooks.notify_backup),
        ("Master", &hooks.notify_master),
        ("Fault", &hooks.notify_fault),
        ("Stop", &hooks.notify_stop),
        ("Deleted", &hooks.notify_deleted),
        ("Generic", &hooks.notify),
        ("Master rx lower pri", &hooks.notify_master_rx_lower_pri),
    ];
    for (when, script) in scripts {
        if let Some(script) = script {
            let (words, ids) = (command::quoted(script), command::ids(script, &view.model.global.scripts));
            writeln!(out, "   {when} state transition script = {words}, uid:gid {ids}")?;
        }
    }
    Ok(())
}
