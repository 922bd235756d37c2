use super::{Says, Statement, Statements, check, notification, quote};
use crate::model::{Model, SyncGroup};

/// `vrrp_sync_group`
pub(super) fn statements(group: &SyncGroup, model: &Model) -> Vec<Statement> {
    let mut out = Statements::default();
    out.say("group", Says::Lines(group.members.iter().map(|member| quote(member)).collect()));
    check::tracks(&mut out, &group.track, &model.checks);
    out.flag("global_tracking", group.global_tracking);
    out.flag("sync_group_tracking_weight", group.sync_group_tracking_weight);
    notification::hooks(&mut out, &group.hooks, &model.global);
    out.0
}
