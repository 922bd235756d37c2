use super::{Says, Statement, Statements, check, quote};
use crate::model::{Check, SyncGroup};

/// `vrrp_sync_group`
pub(super) fn statements(group: &SyncGroup, checks: &[Check]) -> Vec<Statement> {
    let mut out = Statements::default();
    out.say("group", Says::Lines(group.members.iter().map(|member| quote(member)).collect()));
    check::tracks(&mut out, &group.track, checks);
    out.flag("global_tracking", group.global_tracking);
    out.flag("sync_group_tracking_weight", group.sync_group_tracking_weight);
    out.0
}
