use core::time::Duration;

use super::arity::line_span;
use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{Mail, SmtpServer};
use crate::source::Span;

/// Who gets mail, as the file gives it.
#[derive(Debug, Default)]
pub(super) struct MailDraft {
    recipients: Vec<Given<String>>,
    from: Option<Given<String>>,
    server: Option<Given<SmtpServer>>,
    helo_name: Option<Given<String>>,
    connect_timeout: Option<Given<Duration>>,
    alert: Option<Given<bool>>,
    alert_vrrp: Option<Given<bool>>,
    no_email_faults: Option<Given<bool>>,
}

impl MailDraft {
    /// Whether a keyword of `global_defs` is read here.
    pub(super) fn takes(keyword: &str) -> bool {
        keyword.starts_with("smtp_") || keyword.starts_with("notification_email") || keyword == "no_email_faults"
    }

    /// Reads a line with one of these keywords.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let value_span = line_span(item, span);
        match keyword {
            "notification_email" => self.recipients(item, context),
            "notification_email_from" => {
                let value = item.values().first().and_then(|word| context.mailbox(word));
                context.set(&mut self.from, value, keyword, value_span);
            }
            "smtp_server" => {
                let value = context.smtp_server(item);
                context.set(&mut self.server, value, keyword, value_span);
            }
            "smtp_helo_name" => {
                let value = item.values().first().and_then(|word| context.host(word));
                context.set(&mut self.helo_name, value, keyword, value_span);
            }
            "smtp_connect_timeout" => {
                let value = context.seconds(item, Duration::from_millis(1), Duration::from_secs(4294));
                context.set(&mut self.connect_timeout, value, keyword, value_span);
            }
            _ => {
                let value = context.boolean(item);
                let slot = match keyword {
                    "smtp_alert" => &mut self.alert,
                    "smtp_alert_vrrp" => &mut self.alert_vrrp,
                    "no_email_faults" => &mut self.no_email_faults,
                    _ => return,
                };
                context.set(slot, value, keyword, span);
            }
        }
    }

    fn recipients(&mut self, item: &Item, context: &mut Context<'_>) {
        for line in item.items() {
            // keepalived, too, takes every word of a line.
            for word in &line.words {
                let Some(value) = context.mailbox(word) else { continue };
                if let Some(before) = self.recipients.iter().find(|given| given.value == value) {
                    let message = format!("{value} is listed twice");
                    let warning =
                        Diagnostic::warning(Code::Duplicate, word.span, message).also(before.span, "first here");
                    context.push(warning.help("remove one of them"));
                    continue;
                }
                self.recipients.push(Given { value, span: word.span });
            }
        }
    }

    /// Where the globals ask for mail, if they do.
    pub(super) fn wanted(&self) -> Option<Span> {
        let wanted = |given: &&Given<bool>| given.value;
        let vrrp = self.alert_vrrp.as_ref();
        let alert = self.alert.as_ref().filter(|_| vrrp.is_none());
        vrrp.filter(wanted).or_else(|| alert.filter(wanted)).map(|given| given.span)
    }

    pub(super) fn resolve(self) -> Mail {
        let default = Mail::default();
        Mail {
            notification_email: self.recipients.into_iter().map(|given| given.value).collect(),
            notification_email_from: self.from.map(|given| given.value),
            smtp_server: self.server.map(|given| given.value),
            smtp_helo_name: self.helo_name.map(|given| given.value),
            smtp_connect_timeout: or(self.connect_timeout.as_ref(), default.smtp_connect_timeout),
            smtp_alert: self.alert.map(|given| given.value),
            smtp_alert_vrrp: self.alert_vrrp.map(|given| given.value),
            no_email_faults: or(self.no_email_faults.as_ref(), false),
        }
    }
}

impl Mail {
    /// What is missing before a mail can be sent.
    const fn lacks(&self) -> Option<&'static str> {
        match (self.smtp_server.is_none(), self.notification_email.is_empty()) {
            (true, true) => Some("`smtp_server` and `notification_email`"),
            (true, false) => Some("`smtp_server`"),
            (false, true) => Some("`notification_email`"),
            (false, false) => None,
        }
    }
}

impl Context<'_> {
    /// Warns where mail is asked for and none can be sent; keepalived says nothing.
    pub(super) fn check_mail(&mut self, mail: &Mail, wanted: Option<Span>) {
        if let (Some(span), Some(lacking)) = (wanted, mail.lacks()) {
            let message = format!("no mail is sent without {lacking}");
            let warning = Diagnostic::warning(Code::Conflict, span, message).label("keepalived says nothing");
            self.push(warning.help(format!("write {lacking} in `global_defs`, or remove the line")));
        }
    }

    /// `HOST [PORT]`
    fn smtp_server(&mut self, item: &Item) -> Option<SmtpServer> {
        let (host, port) = item.values().split_first()?;
        let host = self.host(host)?;
        let port = match port.first() {
            Some(port) => self.number_word(port, "smtp_server HOST", 1..=65_535)?,
            None => SmtpServer::PORT,
        };
        Some(SmtpServer { host, port })
    }

    /// A word that goes into a line of SMTP: one character of white space in it would make it two commands.
    fn host(&mut self, word: &Word) -> Option<String> {
        let legal = !word.text.is_empty() && !word.text.contains(|c: char| c.is_whitespace() || c.is_control());
        if !legal {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` is no host", word.text));
            self.push(error.help("write a name or an address"));
        }
        legal.then(|| word.text.clone())
    }

    /// A mailbox: an address, or `Name <address>` in quotes.
    fn mailbox(&mut self, word: &Word) -> Option<String> {
        let legal = !word.text.is_empty() && !word.text.contains(char::is_control);
        if !legal {
            let error = Diagnostic::error(Code::InvalidValue, word.span, "this is no mail address");
            self.push(error.help("write an address such as admin@example.com"));
        }
        legal.then(|| word.text.clone())
    }
}
