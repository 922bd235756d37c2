use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::text;

/// Who gets mail about changes of state, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `notification_email`: the recipients; without one there is no mail.
    pub notification_email: Vec<String>,
    /// `notification_email_from`; `None` is the daemon's user at the host's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_email_from: Option<String>,
    /// `smtp_server`; without it there is no mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_server: Option<SmtpServer>,
    /// `smtp_helo_name`; `None` is the host's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_helo_name: Option<String>,
    /// `smtp_connect_timeout`: for connecting, and for each answer.
    #[serde(with = "text::duration")]
    pub smtp_connect_timeout: Duration,
    /// `smtp_alert`, of everything that says nothing itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_alert: Option<bool>,
    /// `smtp_alert_vrrp`, of routers and groups that say nothing themselves; goes before `smtp_alert`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_alert_vrrp: Option<bool>,
    /// `no_email_faults`: no mail on becoming ineligible.
    pub no_email_faults: bool,
}

/// `smtp_server HOST [PORT]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpServer {
    /// A name or an address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            notification_email: Vec::new(),
            notification_email_from: None,
            smtp_server: None,
            smtp_helo_name: None,
            smtp_connect_timeout: Duration::from_secs(30),
            smtp_alert: None,
            smtp_alert_vrrp: None,
            no_email_faults: false,
        }
    }
}

impl Mail {
    /// Whether a router or a group with this [`smtp_alert`](super::Hooks::smtp_alert) of its own wants mail.
    pub fn alerts(&self, own: Option<bool>) -> bool {
        own.or(self.smtp_alert_vrrp).or(self.smtp_alert).unwrap_or(false)
    }
}

impl SmtpServer {
    /// The port where the file names none.
    pub const PORT: u16 = 25;
}
