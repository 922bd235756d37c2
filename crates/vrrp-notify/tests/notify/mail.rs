//! Mail about transitions, with keepalived's subjects and bodies.

use core::time::Duration;
use std::net::TcpListener;
use std::time::Instant;

use vrrp_notify::{
    Event, HookName, Hooks, Mail, MailError, Mailbox, Mailed, Notice, Plan, State, Subject, SubjectId, Told,
};
use vrrp_script::End;

use crate::smtp::{Manner, Server};
use crate::stage::{Stage, router};

fn mail(port: u16) -> Mail {
    Mail {
        server: "127.0.0.1".into(),
        port,
        helo: "node-a.example.org".into(),
        timeout: Duration::from_secs(10),
        from: "Router A <vrrp@example.org>".parse().unwrap(),
        to: vec!["ops@example.org".parse().unwrap(), "root@localhost".parse().unwrap()],
        router_id: "node-a".into(),
        no_faults: false,
    }
}

fn plan(stage: &Stage, mail: Mail) -> Plan {
    let of = |id: SubjectId| Subject { mail: true, ..Subject::new(id) };
    let hooks = Hooks { any: stage.hook("any", ":"), ..Hooks::default() };
    let subjects = vec![Subject { hooks, ..of(router()) }, of(SubjectId::group("G1"))];
    Plan { subjects, mail: Some(mail), ..Plan::default() }
}

fn mailed(stage: &Stage) -> Result<(), MailError> {
    loop {
        if let Event::Mailed(Mailed { result, .. }) = stage.event() {
            return result;
        }
    }
}

#[test]
fn a_transition_is_mailed_with_keepalived_s_subject_and_body() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Accepts));
    stage.start(plan(&stage, mail(server.port)));
    stage.enter(State::Master);
    mailed(&stage).unwrap();
    let conversation = server.conversation();
    let commands = &conversation.commands;
    assert_eq!(commands[0], "EHLO node-a.example.org");
    assert!(commands[1].starts_with("MAIL FROM:<vrrp@example.org>"), "{commands:?}");
    assert!(commands[2].starts_with("RCPT TO:<ops@example.org>"), "{commands:?}");
    assert!(commands[3].starts_with("RCPT TO:<root@localhost>"), "{commands:?}");
    let message = conversation.message.join("\n");
    assert!(message.contains("Subject: [node-a] VRRP Instance VI_1 - Entering MASTER state\n"), "{message}");
    assert!(message.contains("From: \"Router A\" <vrrp@example.org>\n"), "{message}");
    assert!(message.contains("To: ops@example.org, root@localhost\n"), "{message}");
    assert!(message.contains("Date: "), "{message}");
    assert!(message.ends_with("\n\n=> VRRP Instance is now owning VRRP VIPs <=\n"), "{message}");
}

#[test]
fn every_state_and_a_group_have_their_words() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Accepts));
    stage.start(plan(&stage, mail(server.port)));
    let cases = [
        (router(), State::Backup, "Instance VI_1 - Entering BACKUP state", "Instance is no longer owning VRRP VIPs"),
        (router(), State::Fault, "Instance VI_1 - Entering FAULT state", "Instance is no longer owning VRRP VIPs"),
        (router(), State::Stop, "Instance VI_1 - Stopping", "Instance stopping"),
        (SubjectId::group("G1"), State::Master, "Group G1 - Entering MASTER state", "now in MASTER state"),
        (SubjectId::group("G1"), State::Stop, "Group G1 - Stopping", "now stopping"),
    ];
    for (subject, state, title, body) in cases {
        stage.notifier().tell(Notice::new(subject, Told::Entered(state), 100));
        mailed(&stage).unwrap();
        let message = server.conversation().message.join("\n");
        assert!(message.contains(&format!("Subject: [node-a] VRRP {title}\n")), "{message}");
        assert!(message.contains(body), "{message}");
    }
}

#[test]
fn what_was_mailed_last_is_not_mailed_again_and_faults_need_not_be() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Accepts));
    stage.start(plan(&stage, Mail { no_faults: true, ..mail(server.port) }));
    for told in [State::Backup, State::Fault, State::Backup].map(Told::Entered) {
        stage.tell(told);
    }
    stage.tell(Told::Reasserted(State::Backup));
    stage.tell(Told::MasterRxLowerPri);
    stage.stop(Duration::from_secs(10));
    let mails = stage.rest().into_iter().filter(|event| matches!(event, Event::Mailed(_))).count();
    assert_eq!(mails, 1);
}

#[test]
fn a_refusal_is_reported() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::RefusesRecipients));
    stage.start(plan(&stage, mail(server.port)));
    stage.enter(State::Master);
    assert!(matches!(mailed(&stage), Err(MailError::Smtp(error)) if error.is_permanent()));
}

#[test]
fn a_server_that_is_not_there_is_reported() {
    let mut stage = Stage::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    stage.start(plan(&stage, mail(port)));
    stage.enter(State::Master);
    assert!(matches!(mailed(&stage), Err(MailError::Smtp(_))));
}

#[test]
fn a_server_that_says_nothing_is_given_up_and_keeps_no_hook_waiting() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Hangs));
    stage.start(plan(&stage, Mail { timeout: Duration::from_secs(2), ..mail(server.port) }));
    stage.enter(State::Master);
    assert_eq!(stage.ran(HookName::Any).end, End::Exited(0));
    assert!(matches!(mailed(&stage), Err(MailError::Timeout(_) | MailError::Smtp(_))));
}

#[test]
fn a_stop_waits_for_the_server_no_longer_than_it_may() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Hangs));
    stage.start(plan(&stage, mail(server.port)));
    let told = Instant::now();
    stage.enter(State::Stop);
    stage.stop(Duration::from_millis(500));
    assert!(told.elapsed() >= Duration::from_millis(500) && told.elapsed() < Duration::from_secs(5));
}

#[test]
fn too_many_mails_for_a_server_that_says_nothing_are_refused() {
    let (mut stage, server) = (Stage::new(), Server::start(Manner::Hangs));
    stage.start(plan(&stage, mail(server.port)));
    for _ in 0..200 {
        stage.enter(State::Backup);
        stage.enter(State::Master);
    }
    assert!(matches!(mailed(&stage), Err(MailError::Overrun)));
}

#[test]
fn addresses_are_read_as_people_write_them() {
    for good in ["ops@example.org", " root@localhost ", "Ops <ops@example.org>", "\"Ops, all\" <ops@example.org>"] {
        assert!(good.parse::<Mailbox>().is_ok(), "{good}");
    }
    for bad in ["", "ops", "ops@", "@example.org"] {
        assert_eq!(&*bad.parse::<Mailbox>().unwrap_err().text, bad);
    }
}
