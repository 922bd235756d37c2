//! What is mailed: keepalived's subjects and bodies.

use core::str::FromStr;
use core::time::Duration;

use lettre::Message;
use lettre::message::header::ContentType;

use crate::error::{MailError, MailboxError};
use crate::notice::State;
use crate::subject::{Kind, SubjectId};

/// How transitions are mailed (`smtp_alert` and its globals).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The relay, by name or address (`smtp_server`), looked up when there is something to send.
    pub server: Box<str>,
    /// Its port.
    pub port: u16,
    /// What we call ourselves (`smtp_helo_name`).
    pub helo: Box<str>,
    /// How long the relay may take to accept one mail (`smtp_connect_timeout`).
    pub timeout: Duration,
    /// The sender (`notification_email_from`).
    pub from: Mailbox,
    /// The recipients (`notification_email`).
    pub to: Vec<Mailbox>,
    /// Stands in brackets before each subject (`router_id`).
    pub router_id: Box<str>,
    /// Whether `FAULT` is not mailed (`no_email_faults`).
    pub no_faults: bool,
}

/// A mail address, with or without a name: `Ops <ops@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(lettre::message::Mailbox);

impl FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().map(Self).map_err(|_| MailboxError { text: text.into() })
    }
}

impl Mail {
    /// Says what is mailed when a subject enters a state: the subject's end and the body.
    pub(crate) fn wording(&self, kind: Kind, state: State) -> Option<(&'static str, &'static str)> {
        if self.no_faults && state == State::Fault {
            return None;
        }
        let title = match state {
            State::Master => "Entering MASTER state",
            State::Backup => "Entering BACKUP state",
            State::Fault => "Entering FAULT state",
            State::Stop => "Stopping",
            State::Deleted => "Deleted",
        };
        let body = match (kind, state) {
            (Kind::Instance, State::Master) => "=> VRRP Instance is now owning VRRP VIPs <=",
            (Kind::Instance, State::Backup | State::Fault) => "=> VRRP Instance is no longer owning VRRP VIPs <=",
            (Kind::Instance, State::Stop) => "=> VRRP Instance stopping <=",
            (Kind::Instance, State::Deleted) => "=> VRRP Deleted at reload <=",
            (Kind::Group, State::Master) => "=> All VRRP group instances are now in MASTER state <=",
            (Kind::Group, State::Backup) => "=> All VRRP group instances are now in BACKUP state <=",
            (Kind::Group, State::Fault) => "=> All VRRP group instances are now in FAULT state <=",
            (Kind::Group, State::Stop) => "=> All VRRP group instances are now stopping <=",
            (Kind::Group, State::Deleted) => return None,
        };
        Some((title, body))
    }

    pub(crate) fn message(&self, subject: &SubjectId, title: &str, body: &str) -> Result<Message, MailError> {
        let kind = match subject.kind {
            Kind::Instance => "Instance",
            Kind::Group => "Group",
        };
        let line = format!("[{}] VRRP {kind} {} - {title}", self.router_id, subject.name);
        let head = Message::builder().from(self.from.0.clone()).subject(line).header(ContentType::TEXT_PLAIN);
        let head = self.to.iter().fold(head, |head, to| head.to(to.0.clone()));
        Ok(head.body(format!("{body}\r\n"))?)
    }
}
