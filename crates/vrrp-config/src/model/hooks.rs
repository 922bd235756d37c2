use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Command, text};

/// What is run and told when a router or a group changes its state.
///
/// A group has no `notify_deleted`, `notify_master_rx_lower_pri`, `pre_active` and `post_active`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hooks {
    /// `notify`: at every change, with four arguments appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<Command>,
    /// `notify_master`: on becoming Active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_master: Option<Command>,
    /// `notify_backup`: on becoming Backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_backup: Option<Command>,
    /// `notify_fault`: on becoming ineligible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_fault: Option<Command>,
    /// `notify_stop`: when the daemon stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_stop: Option<Command>,
    /// `notify_deleted CMD`: when a reload removes the router.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_deleted: Option<Command>,
    /// `notify_deleted`, with or without a command: `notify` and the FIFO tell of `DELETED` when a reload removes the
    /// router. Without it they tell of `FAULT`, and `notify_fault` is run.
    pub tells_deleted: bool,
    /// `notify_master_rx_lower_pri`: when the Active hears an advertisement of a lower priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_master_rx_lower_pri: Option<Command>,
    /// `notify_priority_changes`: the FIFO tells of priorities too; `vrrp_notify_priority_changes` where unset.
    pub notify_priority_changes: bool,
    /// `smtp_alert`; `None` is the [mail](super::Mail::alerts)'s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_alert: Option<bool>,
    /// `on_new_state`: what becomes of a hook that is running when the state moves on.
    pub on_new_state: OnNewState,
    /// `notify_timeout`: the deadline of each hook; `None` is none.
    #[serde(with = "text::optional_duration", skip_serializing_if = "Option::is_none")]
    pub notify_timeout: Option<Duration>,
    /// `ensure`: run while Active until it succeeds, ended when the state moves on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ensure: Option<Command>,
    /// `pre_active`: run before the addresses are set, while advertisements already go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_active: Option<Command>,
    /// `pre_active_timeout`: the addresses wait no longer than this.
    #[serde(with = "text::duration")]
    pub pre_active_timeout: Duration,
    /// `post_active`: run after the addresses are gone, before `notify_backup`, `notify_fault` and `notify_stop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_active: Option<Command>,
    /// `post_active_timeout`: they wait no longer than this.
    #[serde(with = "text::duration")]
    pub post_active_timeout: Duration,
}

/// `on_new_state`: what becomes of a hook that is running when the state moves on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnNewState {
    /// `interrupt`: it is ended and the newer state's hook is run.
    #[default]
    Interrupt,
    /// `wait`: the newer state's hook waits for it.
    Wait,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            notify: None,
            notify_master: None,
            notify_backup: None,
            notify_fault: None,
            notify_stop: None,
            notify_deleted: None,
            tells_deleted: false,
            notify_master_rx_lower_pri: None,
            notify_priority_changes: false,
            smtp_alert: None,
            on_new_state: OnNewState::default(),
            notify_timeout: None,
            ensure: None,
            pre_active: None,
            pre_active_timeout: Self::BARRIER_TIMEOUT,
            post_active: None,
            post_active_timeout: Self::BARRIER_TIMEOUT,
        }
    }
}

impl Hooks {
    /// How long `pre_active` and `post_active` may hold others up where the file says nothing.
    pub const BARRIER_TIMEOUT: Duration = Duration::from_millis(300);
}
