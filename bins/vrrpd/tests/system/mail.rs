//! `smtp_alert`: what a mail server is told, by vrrpd and by keepalived.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use vrrp_lab::isolated;

use crate::fixture::{Lan, Node, SOON, instance};

/// One mail: the envelope and the subject.
#[derive(Debug, PartialEq, Eq)]
struct Mail {
    from: String,
    to: String,
    subject: String,
}

/// A mail server on the host, until the test ends.
fn server(node: &Node) -> Receiver<Mail> {
    let listener = node.host.on(|| TcpListener::bind("127.0.0.1:2525")).unwrap().unwrap();
    let (sender, mails) = channel();
    thread::spawn(move || {
        for guest in listener.incoming().map_while(Result::ok) {
            talk(&guest, &sender);
        }
    });
    mails
}

fn talk(guest: &TcpStream, mails: &Sender<Mail>) {
    let mut reply = guest;
    let mut mail = Mail { from: String::new(), to: String::new(), subject: String::new() };
    let mut in_message = false;
    let _ = reply.write_all(b"220 ready\r\n");
    for line in BufReader::new(guest).lines().map_while(Result::ok) {
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "SUBJECT" if in_message => {
                mail.subject = line.split_once(": ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
                continue;
            }
            "." if in_message => {
                in_message = false;
                "250 taken"
            }
            _ if in_message => continue,
            "MAIL" => {
                mail.from = address();
                "250 well"
            }
            "RCPT" => {
                mail.to = address();
                "250 well"
            }
            "DATA" => {
                in_message = true;
                "354 go on"
            }
            "QUIT" => "221 farewell",
            _ => "250 well",
        };
        let _ = reply.write_all(format!("{answer}\r\n").as_bytes());
    }
    let _ = mails.send(mail);
}

fn config() -> String {
    let global = "global_defs {\n  router_id lab\n  notification_email {\n    ops@example.org\n  }\n  notification_email_from \
                  vrrp@example.org\n  smtp_server 127.0.0.1 2525\n  smtp_connect_timeout 5\n}\n";
    format!("{global}{}", instance(51, 150, "0.2", "state BACKUP\n  smtp_alert"))
}

fn mail(subject: &str) -> Mail {
    Mail { from: "vrrp@example.org".into(), to: "ops@example.org".into(), subject: subject.into() }
}

fn alerts(mails: &Receiver<Mail>, node: &Node) {
    let next = || mails.recv_timeout(SOON).unwrap();
    let mut first = [next(), next()];
    // Connections run side by side.
    first.sort_by(|one, other| one.subject.cmp(&other.subject));
    assert_eq!(
        first,
        [
            mail("[lab] VRRP Instance V51 - Entering BACKUP state"),
            mail("[lab] VRRP Instance V51 - Entering MASTER state"),
        ]
    );
    node.host.link_down("eth0").unwrap();
    assert_eq!(next(), mail("[lab] VRRP Instance V51 - Entering FAULT state"));
}

#[test]
fn vrrpd_mails_what_keepalived_mails() {
    isolated(|| {
        let lan = Lan::new();
        let mails = server(&lan.a);
        let _a = lan.a.vrrpd(&config());
        alerts(&mails, &lan.a);
    });
}

#[test]
#[ignore = "needs keepalived"]
fn keepalived_mails_what_these_tests_say() {
    isolated(|| {
        let lan = Lan::new();
        let mails = server(&lan.a);
        let _a = lan.a.keepalived(&config());
        alerts(&mails, &lan.a);
    });
}

#[test]
fn a_mail_server_that_is_not_there_is_told_in_the_log_and_moves_nothing() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&config());
        a.active();
        let told = a.wait(&[("event", "mail"), ("level", "WARN")]);
        assert!(told.text("message").contains("not mailed"), "{told:?}");
    });
}
