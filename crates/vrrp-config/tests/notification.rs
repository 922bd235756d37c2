//! Hooks, scripts, FIFOs and mail: what keepalived makes of them, and what it keeps to itself.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails, fails")]

use core::time::Duration;

use vrrp_config::model::{Command, Fifo, Hooks, Mail, OnNewState, ScriptUser, Scripts, SmtpServer};
use vrrp_config::{Code, Loaded, Options, Severity, parse_str, render};

fn parse(text: &str) -> Loaded {
    parse_str("keepalived.conf", text, &Options::default())
}

fn globals(lines: &str) -> Loaded {
    parse(&format!("global_defs {{\n{lines}\n}}\n"))
}

fn router(lines: &str) -> Loaded {
    parse(&format!(
        "vrrp_instance A {{\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {{\n10.0.0.1\n}}\n{lines}\n}}\n"
    ))
}

fn hooks(lines: &str) -> Hooks {
    let loaded = router(lines);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    loaded.model.routers[0].hooks.clone()
}

fn command(argv: &[&str]) -> Command {
    Command::new(argv.iter().map(|&word| word.to_owned()).collect())
}

/// The one warning of a file that is otherwise sound.
fn warning(loaded: &Loaded) -> (Code, &str, &str) {
    assert!(loaded.is_sound() && loaded.diagnostics.len() == 1, "{}", render(loaded, false));
    let warning = &loaded.diagnostics[0];
    assert_eq!(warning.severity, Severity::Warning);
    (warning.code, &warning.message, warning.help.as_deref().unwrap())
}

#[test]
fn every_hook_of_keepalived_has_its_place() {
    let words = [
        "notify",
        "notify_master",
        "notify_backup",
        "notify_fault",
        "notify_stop",
        "notify_deleted",
        "notify_master_rx_lower_pri",
        "ensure",
        "pre_active",
        "post_active",
    ];
    let lines: Vec<String> = words.iter().map(|word| format!("{word} \"/bin/{word} x\"")).collect();
    let read = hooks(&lines.join("\n"));
    let places = [
        &read.notify,
        &read.notify_master,
        &read.notify_backup,
        &read.notify_fault,
        &read.notify_stop,
        &read.notify_deleted,
        &read.notify_master_rx_lower_pri,
        &read.ensure,
        &read.pre_active,
        &read.post_active,
    ];
    for (word, place) in words.iter().zip(places) {
        assert_eq!(place.as_ref(), Some(&command(&[&format!("/bin/{word}"), "x"])), "{word}");
    }
}

#[test]
fn a_router_that_says_nothing_has_keepalived_s_defaults() {
    let read = hooks("");
    assert_eq!(read, Hooks::default());
    assert_eq!((read.on_new_state, read.notify_timeout), (OnNewState::Interrupt, None));
    assert_eq!((read.pre_active_timeout, read.post_active_timeout), (Hooks::BARRIER_TIMEOUT, Hooks::BARRIER_TIMEOUT));
}

#[test]
fn deadlines_and_what_a_newer_state_does_are_read() {
    let read = hooks("on_new_state wait\nnotify_timeout 30\npre_active_timeout 0.5\npost_active_timeout 1.25");
    assert_eq!((read.on_new_state, read.notify_timeout), (OnNewState::Wait, Some(Duration::from_secs(30))));
    let barriers = (read.pre_active_timeout, read.post_active_timeout);
    assert_eq!(barriers, (Duration::from_millis(500), Duration::from_millis(1250)));
    for wrong in ["on_new_state kill", "notify_timeout 0", "pre_active_timeout 61", "post_active_timeout soon"] {
        assert!(!router(wrong).is_sound(), "{wrong}");
    }
}

#[test]
fn quotes_inside_quotes_keep_an_argument_together() {
    let read =
        hooks("notify \"/bin/x 'a b' c\"\nnotify_master '/bin/y \"d e\"' root wheel\nnotify_stop /bin/z root :adm");
    assert_eq!(read.notify, Some(command(&["/bin/x", "a b", "c"])));
    let identity = |user: &str, group: &str| (Some(user.to_owned()), Some(group.to_owned()));
    let master = read.notify_master.unwrap();
    assert_eq!(master.argv, ["/bin/y", "d e"]);
    assert_eq!((master.user, master.group), identity("root", "wheel"));
    let stop = read.notify_stop.unwrap();
    assert_eq!((stop.user, stop.group), identity("root", "adm"));
}

#[test]
fn words_behind_a_path_without_quotes_are_its_user_and_group_and_a_warning_says_so() {
    let loaded = router("notify_master /etc/x.sh master eth0");
    let (code, message, help) = warning(&loaded);
    assert_eq!((code, message), (Code::Suspicious, "`master` is the user that runs `/etc/x.sh`, not its argument"));
    assert!(help.contains("`\"/etc/x.sh master eth0\"` if it is an argument"), "{help}");
    let read = loaded.model.routers[0].hooks.notify_master.clone().unwrap();
    assert_eq!(
        (read.argv, read.user, read.group),
        (vec!["/etc/x.sh".into()], Some("master".into()), Some("eth0".into()))
    );
    assert!(router("notify_master \"/etc/x.sh\" master eth0").diagnostics.is_empty());
}

#[test]
fn more_words_than_a_user_and_a_group_are_an_error_with_the_remedy() {
    let loaded = router("notify_master /usr/sbin/arping -U -c 1");
    let error = loaded.errors().next().unwrap();
    assert_eq!((error.code, error.instance.as_deref()), (Code::Surplus, Some("A")));
    assert!(error.help.as_deref().unwrap().contains("quotes around the whole command"));
}

#[test]
fn what_only_a_shell_understands_is_a_warning() {
    let loaded = router("notify_backup \"/etc/a.sh && /etc/b.sh\"");
    let (code, message, _) = warning(&loaded);
    assert_eq!((code, message), (Code::Suspicious, "there is no shell: `&&` is an ordinary argument"));
    assert!(router("notify_backup \"/bin/sh -c '/etc/a.sh && /etc/b.sh'\"").diagnostics.is_empty());
}

#[test]
fn of_two_hooks_for_one_state_the_first_counts_as_in_keepalived() {
    for keyword in ["notify", "notify_master", "notify_deleted", "ensure", "pre_active"] {
        let loaded = router(&format!("{keyword} /bin/a\n{keyword} /bin/b"));
        let (code, message, help) = warning(&loaded);
        assert_eq!((code, message), (Code::Duplicate, &*format!("`{keyword}` is given twice")));
        assert_eq!(help, "remove one of them");
        assert_eq!(loaded.diagnostics[0].labels[1].message, "this one counts");
    }
    let twice = router("notify /bin/a\nnotify /bin/b");
    assert_eq!(twice.model.routers[0].hooks.notify, Some(command(&["/bin/a"])));
}

#[test]
fn a_removed_router_is_told_as_deleted_only_where_the_file_says_so() {
    let told = |lines: &str| {
        let read = hooks(lines);
        (read.tells_deleted, read.notify_deleted)
    };
    assert_eq!(told(""), (false, None));
    assert_eq!(told("notify_deleted"), (true, None));
    assert_eq!(told("notify_deleted /bin/x"), (true, Some(command(&["/bin/x"]))));
}

#[test]
fn broken_commands_are_errors_of_their_router() {
    for wrong in ["notify \"/bin/x 'y\"", "notify \"\"", "notify", "notify /bin/x root:", "notify \"/bin/x\" a:b c"] {
        let loaded = router(wrong);
        assert_eq!(loaded.quarantined.len(), 1, "{wrong}: {}", render(&loaded, false));
    }
}

#[test]
fn scripts_of_the_daemon_and_their_user_are_read() {
    let loaded = globals(
        "script_user vrrp vrrp\nenable_script_security\nset_supplementary_groups\nuse_symlink_paths yes\n\
         startup_script \"/bin/up now\" root\nstartup_script_timeout 20\nshutdown_script /bin/down\n\
         shutdown_script_timeout 1000",
    );
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let expected = Scripts {
        script_user: Some(ScriptUser { user: "vrrp".into(), group: Some("vrrp".into()) }),
        enable_script_security: true,
        set_supplementary_groups: true,
        use_symlink_paths: true,
        startup_script: Some(Command { user: Some("root".into()), ..command(&["/bin/up", "now"]) }),
        startup_script_timeout: Duration::from_secs(20),
        shutdown_script: Some(command(&["/bin/down"])),
        shutdown_script_timeout: Duration::from_secs(1000),
    };
    assert_eq!(loaded.model.global.scripts, expected);
    assert_eq!(globals("").model.global.scripts.startup_script_timeout, Duration::from_secs(10));
    assert!(!globals("startup_script_timeout 1001").is_sound());
    assert_eq!(globals("script_user a:b").model.global.scripts.script_user.unwrap().group.as_deref(), Some("b"));
}

#[test]
fn fifos_have_owners_and_readers() {
    let loaded = globals(
        "notify_fifo /run/a.fifo root\nnotify_fifo_script \"/bin/read -x\"\nvrrp_notify_fifo /run/b.fifo u g\n\
         vrrp_notify_fifo_script /bin/other\nfifo_write_vrrp_states_on_reload\nvrrp_notify_priority_changes true",
    );
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let fifos = loaded.model.global.fifo;
    assert_eq!(fifos.notify_fifo, Some(Fifo { path: "/run/a.fifo".into(), user: Some("root".into()), group: None }));
    assert_eq!(fifos.notify_fifo_script, Some(command(&["/bin/read", "-x"])));
    let owned = Fifo { path: "/run/b.fifo".into(), user: Some("u".into()), group: Some("g".into()) };
    assert_eq!((fifos.vrrp_notify_fifo, fifos.vrrp_notify_fifo_script), (Some(owned), Some(command(&["/bin/other"]))));
    assert!(fifos.fifo_write_vrrp_states_on_reload && fifos.vrrp_notify_priority_changes);
    assert!(!globals("notify_fifo run/a.fifo").is_sound());
    let twice = globals("notify_fifo /a\nnotify_fifo /b");
    assert_eq!(twice.model.global.fifo.notify_fifo.as_ref().unwrap().path, "/a");
    assert_eq!(warning(&twice).0, Code::Duplicate);
}

#[test]
fn a_reader_without_its_fifo_is_a_warning() {
    let loaded = globals("notify_fifo_script /bin/read");
    let (code, message, help) = warning(&loaded);
    assert_eq!((code, message), (Code::Conflict, "`notify_fifo_script` has no effect without `notify_fifo`"));
    assert_eq!(help, "write `notify_fifo PATH` too");
}

#[test]
fn priority_changes_are_told_where_the_globals_or_the_router_say_so() {
    let told = |globals: &str, own: &str| {
        let router = "interface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}";
        let loaded = parse(&format!("global_defs {{\n{globals}\n}}\nvrrp_instance A {{\n{router}\n{own}\n}}\n"));
        loaded.model.routers[0].hooks.notify_priority_changes
    };
    assert!(!told("", "") && told("", "notify_priority_changes") && told("vrrp_notify_priority_changes", ""));
    assert!(!told("vrrp_notify_priority_changes", "notify_priority_changes off"));
}

#[test]
fn mail_is_read_and_the_nearest_smtp_alert_counts() {
    let loaded = globals(
        "notification_email {\nops@example.com oncall@example.com\n\"A B <c@d>\"\n}\n\
         notification_email_from vrrp@example.com\nsmtp_server mail.example.com 2525\nsmtp_helo_name node1\n\
         smtp_connect_timeout 5\nsmtp_alert\nsmtp_alert_vrrp off\nno_email_faults",
    );
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let expected = Mail {
        notification_email: vec!["ops@example.com".into(), "oncall@example.com".into(), "A B <c@d>".into()],
        notification_email_from: Some("vrrp@example.com".into()),
        smtp_server: Some(SmtpServer { host: "mail.example.com".into(), port: 2525 }),
        smtp_helo_name: Some("node1".into()),
        smtp_connect_timeout: Duration::from_secs(5),
        smtp_alert: Some(true),
        smtp_alert_vrrp: Some(false),
        no_email_faults: true,
    };
    let mail = loaded.model.global.mail;
    assert_eq!(mail, expected);
    assert!(!mail.alerts(None) && mail.alerts(Some(true)));
    assert!(Mail { smtp_alert_vrrp: None, ..mail }.alerts(None) && !Mail::default().alerts(None));
    assert_eq!(globals("smtp_server 10.0.0.9").model.global.mail.smtp_server.unwrap().port, SmtpServer::PORT);
    assert!(!globals("smtp_server a 0").is_sound() && !globals("smtp_server \"a b\"").is_sound());
}

#[test]
fn mail_that_nobody_can_send_is_a_warning() {
    let lacking = |globals: &str, own: &str| {
        let router = "interface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}";
        let loaded = parse(&format!("global_defs {{\n{globals}\n}}\nvrrp_instance A {{\n{router}\n{own}\n}}\n"));
        assert!(loaded.is_sound());
        loaded.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>()
    };
    let (server, to) = ("smtp_server 10.0.0.9", "notification_email {\na@b\n}");
    assert_eq!(lacking("", "smtp_alert"), ["no mail is sent without `smtp_server` and `notification_email`"]);
    assert_eq!(lacking(to, "smtp_alert"), ["no mail is sent without `smtp_server`"]);
    assert_eq!(lacking(&format!("{server}\nsmtp_alert"), ""), ["no mail is sent without `notification_email`"]);
    assert_eq!(lacking(&format!("{server}\n{to}\nsmtp_alert_vrrp"), "smtp_alert"), Vec::<String>::new());
    assert_eq!(lacking("smtp_alert off", "smtp_alert no"), Vec::<String>::new());
    assert_eq!(lacking("smtp_alert\nsmtp_alert_vrrp off", ""), Vec::<String>::new());
}

#[test]
fn a_recipient_twice_gets_one_mail() {
    let loaded = globals("notification_email {\na@b\na@b\n}");
    assert_eq!(warning(&loaded).0, Code::Duplicate);
    assert_eq!(loaded.model.global.mail.notification_email, ["a@b"]);
}

#[test]
fn a_group_has_hooks_of_its_own() {
    let member = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n\
                  vrrp_instance B {\ninterface eth1\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.2\n}\n}\n";
    let group = |lines: &str| parse(&format!("{member}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\n{lines}\n}}\n"));
    let loaded = group("notify \"/bin/x y\"\nnotify_master /bin/m\nensure /bin/e\non_new_state wait\nsmtp_alert off");
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let read = &loaded.model.sync_groups[0].hooks;
    assert_eq!(read.notify, Some(command(&["/bin/x", "y"])));
    assert_eq!((&read.notify_master, &read.ensure), (&Some(command(&["/bin/m"])), &Some(command(&["/bin/e"]))));
    assert_eq!((read.on_new_state, read.smtp_alert), (OnNewState::Wait, Some(false)));
    assert_eq!(warning(&group("smtp_alert")).0, Code::Conflict);
    for keyword in ["notify_deleted", "notify_master_rx_lower_pri", "pre_active", "post_active"] {
        let loaded = group(&format!("{keyword} /bin/x"));
        assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::Misplaced], "{keyword}");
    }
}

#[test]
fn a_command_that_this_host_cannot_run_is_a_warning_where_it_is_named() {
    let mut loaded = parse(
        "global_defs {\nstartup_script /bin/gone\nnotify_fifo /run/f\nnotify_fifo_script /bin/there\n}\n\
         vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n\
         notify_master \"/bin/gone now\"\nnotify_deleted /bin/gone\n}\n",
    );
    assert_eq!(loaded.commands.len(), 4);
    loaded.warn_of_unrunnable(|command| (command.program() == "/bin/gone").then(|| "it is not there".to_owned()));
    let lines = |instance: Option<&str>| {
        let of = loaded.diagnostics.iter().filter(|warning| warning.instance.as_deref() == instance);
        of.map(|warning| (warning.code, warning.labels[0].location.line)).collect::<Vec<_>>()
    };
    assert_eq!(lines(None), [(Code::Host, 2)]);
    assert_eq!(lines(Some("A")), [(Code::Host, 12), (Code::Host, 13)]);
    assert!(loaded.is_sound());
}
