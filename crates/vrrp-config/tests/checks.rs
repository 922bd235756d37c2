//! The blocks that define health checks.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails, fails"
)]

use core::time::Duration;

use vrrp_config::model::{
    Check, CheckProbe, Command, DnsRecord, FileInit, HttpMethod, ParamMatch, ProcessProbe, StatusRange, Weight,
};
use vrrp_config::{Code, Diagnostic, Loaded, Options, parse_str, render};

const ROUTER: &str = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n";

/// A block with a router that tracks its check by the list.
fn parse(head: &str, list: &str, body: &str) -> Loaded {
    let text = format!("{head} c {{\n{body}\n}}\n{ROUTER}{list} {{\nc\n}}\n}}\n");
    parse_str("keepalived.conf", &text, &Options::default())
}

#[track_caller]
fn sound(head: &str, list: &str, body: &str) -> Check {
    let loaded = parse(head, list, body);
    assert!(loaded.diagnostics.is_empty(), "{body}: {}", render(&loaded, false));
    assert_eq!(loaded.model.routers[0].track[0].check, "c");
    loaded.model.checks[0].clone()
}

/// The one problem of a block that then gives no check, and whose router does not run.
#[track_caller]
fn refused(head: &str, list: &str, body: &str) -> Diagnostic {
    let loaded = parse(head, list, body);
    assert_eq!(loaded.diagnostics.len(), 1, "{body}: {}", render(&loaded, false));
    assert!(loaded.model.checks.is_empty() && loaded.model.routers.is_empty(), "{body}");
    assert_eq!(loaded.quarantined[0].name, "A");
    loaded.diagnostics[0].clone()
}

fn script(body: &str) -> Check {
    sound("vrrp_script", "track_script", body)
}

fn native(body: &str) -> Check {
    sound("check", "track_check", body)
}

fn process(body: &str) -> ProcessProbe {
    match sound("vrrp_track_process", "track_process", body).probe {
        CheckProbe::Process(process) => process,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_script_has_keepalived_s_defaults() {
    let check = script("script \"/bin/x 'a b' c\"");
    let argv = ["/bin/x", "a b", "c"].map(str::to_owned).to_vec();
    assert_eq!(check, Check::new("c".to_owned(), CheckProbe::Script(Command::new(argv))));
    assert_eq!((check.interval, check.timeout), (Duration::from_secs(1), Duration::from_secs(1)));
    assert_eq!((check.rise, check.fall, check.weight, check.init_fail), (1, 1, Weight::NONE, false));
}

#[test]
fn a_script_says_when_as_whom_and_what_for() {
    let check =
        script("script /bin/x\nuser nobody nogroup\ninterval 0.25\nrise 2\nfall 3\nweight -20 reverse\ninit_fail");
    let CheckProbe::Script(command) = &check.probe else { panic!("{check:?}") };
    assert_eq!((command.user.as_deref(), command.group.as_deref()), (Some("nobody"), Some("nogroup")));
    assert_eq!((check.interval, check.timeout), (Duration::from_millis(250), Duration::from_millis(250)));
    assert_eq!((check.rise, check.fall, check.init_fail), (2, 3, true));
    assert_eq!(check.weight, Weight { amount: -20, reverse: true });
    assert_eq!(script("script /bin/x\ninterval 5").timeout, Duration::from_secs(5));
    assert_eq!(script("script /bin/x\ninterval 5\ntimeout 2").timeout, Duration::from_secs(2));
}

#[test]
fn an_interval_of_nothing_is_a_second_as_in_keepalived_and_a_longer_timeout_is_told() {
    for (body, code) in
        [("interval 0", Code::OutOfRange), ("timeout 0", Code::OutOfRange), ("timeout 2", Code::Suspicious)]
    {
        let loaded = parse("vrrp_script", "track_script", &format!("script /bin/x\n{body}"));
        assert!(loaded.is_sound());
        assert_eq!(loaded.diagnostics[0].code, code, "{body}");
        assert_eq!(loaded.model.checks[0].interval, Duration::from_secs(1));
    }
}

#[test]
fn a_router_does_not_run_without_a_check_whose_block_is_wrong() {
    for (body, code) in [
        ("interval 1", Code::Missing),
        ("script \"\"", Code::Missing),
        ("script /bin/x arguments", Code::Surplus),
        ("script \"/bin/x 'a\"", Code::Syntax),
        ("script /bin/x\nweight 254", Code::OutOfRange),
        ("script /bin/x\nweight -1 backwards", Code::InvalidValue),
        ("script /bin/x\ninterval 0.0001", Code::OutOfRange),
        ("script /bin/x\nrise 0", Code::OutOfRange),
        ("script /bin/x\nweigth 1", Code::UnknownKeyword),
        ("script /bin/${nothing}", Code::UndefinedReference),
    ] {
        assert_eq!(refused("vrrp_script", "track_script", body).code, code, "{body}");
    }
}

#[test]
fn a_file_weighs_its_number_once_unless_told_otherwise() {
    let check = sound("track_file", "track_file", "file /run/drain");
    assert_eq!(check.weight, Weight { amount: 1, reverse: false });
    let check = sound("vrrp_track_file", "track_file", "file /run/drain\nweight -254\ninit_file -5 overwrite");
    let CheckProbe::File(file) = &check.probe else { panic!("{check:?}") };
    assert_eq!((file.path.as_str(), file.init), ("/run/drain", Some(FileInit { value: -5, overwrite: true })));
    assert_eq!(refused("track_file", "track_file", "weight 1").code, Code::Missing);
    assert_eq!(refused("track_file", "track_file", "file /x\ninit_file soon").code, Code::InvalidValue);
}

#[test]
fn a_process_with_arguments_is_compared_with_them() {
    let bare = process("process nginx");
    assert_eq!((bare.param_match, bare.full_command, bare.quorum, bare.quorum_max), (None, false, 1, None));
    let with = process("process nginx -g daemon\nquorum 2\nquorum_max 4\ndelay 0.5\nfork_delay 2");
    assert_eq!((with.param_match, with.full_command), (Some(ParamMatch::Exact), true));
    assert_eq!((with.quorum, with.quorum_max), (2, Some(4)));
    assert_eq!(with.terminate_delay, Duration::from_millis(500));
    assert_eq!(process("process nginx\nparam_match").param_match, Some(ParamMatch::Exact));
    assert_eq!(process("process nginx -g\nparam_match initial").param_match, Some(ParamMatch::Initial));
    let none = process("process nginx\nquorum_max 0");
    assert_eq!((none.quorum, none.quorum_max), (0, Some(0)));
    let error = refused("vrrp_track_process", "track_process", "process nginx\nquorum 3\nquorum_max 2");
    assert_eq!(error.code, Code::Conflict);
}

#[test]
fn an_http_check_says_what_is_asked_and_what_must_come_back() {
    let check = native(
        "http http://10.0.0.9:8080/health?x=1\nmethod GET\nstatus 200 300-399\nbody_contains '\"ok\": true'\n\
         body_matches \"^\\s*it's\"\njson .state.ready 'true'\nhost www.example.org\nheader X-One \"a b\"\n\
         header X-Two c\nsource 10.0.0.1\ninterface eth1\ninterval 10",
    );
    let CheckProbe::Http(http) = &check.probe else { panic!("{check:?}") };
    assert_eq!((http.url.as_str(), http.method), ("http://10.0.0.9:8080/health?x=1", HttpMethod::Get));
    assert_eq!(http.status, [StatusRange { least: 200, most: 200 }, StatusRange { least: 300, most: 399 }]);
    assert_eq!(http.body_contains.as_deref(), Some("\"ok\": true"));
    assert_eq!(http.body_matches.as_deref(), Some("^\\s*it's"));
    assert_eq!(
        http.json.as_ref().map(|json| (json.path.as_str(), json.value.as_str())),
        Some((".state.ready", "true"))
    );
    assert_eq!(http.headers.iter().map(|header| header.value.as_str()).collect::<Vec<_>>(), ["a b", "c"]);
    assert_eq!(http.origin.interface.as_deref(), Some("eth1"));
    assert_eq!(check.timeout, Duration::from_secs(3), "of a long interval a native check waits no more");
}

#[test]
fn a_scheme_may_be_left_out_and_https_is_checked_unless_told_otherwise() {
    let CheckProbe::Http(http) = native("https www.example.org/\nca_file /etc/ssl/our.pem").probe else { panic!() };
    assert_eq!((http.url.as_str(), http.insecure), ("https://www.example.org/", false));
    assert_eq!(http.status, [StatusRange { least: 200, most: 299 }]);
    let CheckProbe::Http(http) = native("http https://[fe80::1]:8443/\ninsecure").probe else { panic!() };
    assert_eq!((http.url.as_str(), http.insecure), ("https://[fe80::1]:8443/", true));
}

#[test]
fn other_native_checks_say_whom_they_ask() {
    let CheckProbe::Tcp(tcp) = native("tcp [fe80::9]:443").probe else { panic!() };
    assert_eq!((tcp.host.as_str(), tcp.port), ("fe80::9", 443));
    let CheckProbe::Gateway(gateway) = native("gateway 10.0.0.254 fe80::1\nquorum 2\ninterface eth0").probe else {
        panic!()
    };
    assert_eq!((gateway.targets.len(), gateway.quorum), (2, 2));
    let CheckProbe::Dns(dns) = native("dns 10.0.0.53 www.example.org aaaa\nexpect fe80::1").probe else { panic!() };
    assert_eq!((dns.server.to_string().as_str(), dns.record), ("10.0.0.53:53", DnsRecord::Aaaa));
    let CheckProbe::Unit(unit) = native("unit nginx").probe else { panic!() };
    assert_eq!(unit.name, "nginx.service");
}

#[test]
fn a_native_check_that_is_wrong_is_told_with_its_remedy() {
    for (body, code) in [
        ("interval 1", Code::Missing),
        ("tcp 10.0.0.9:443\nunit nginx", Code::Conflict),
        ("tcp 10.0.0.9", Code::InvalidValue),
        ("tcp 10.0.0.9:0", Code::InvalidValue),
        ("http ftp://10.0.0.9/", Code::InvalidValue),
        ("https http://10.0.0.9/", Code::InvalidValue),
        ("http http://:99999/", Code::InvalidValue),
        ("http http://10.0.0.9/\nstatus 99", Code::InvalidValue),
        ("http http://10.0.0.9/\nmethod POST", Code::InvalidValue),
        ("http http://10.0.0.9/\nmethod HEAD\nbody_contains x", Code::Conflict),
        ("https 10.0.0.9/\nca_file /x\ninsecure", Code::Conflict),
        ("http http://10.0.0.9/\njson ready true", Code::InvalidValue),
        ("http http://10.0.0.9/\nquorum 2", Code::Misplaced),
        ("gateway 10.0.0.254\nquorum 2", Code::OutOfRange),
        ("gateway next-hop", Code::InvalidValue),
        ("dns ns.example.org www.example.org", Code::InvalidValue),
        ("dns 10.0.0.53 www.example.org HINFO", Code::InvalidValue),
        ("unit ../nginx", Code::InvalidValue),
    ] {
        let error = refused("check", "track_check", body);
        assert_eq!(error.code, code, "{body}: {error}");
        assert!(error.help.is_some(), "{body}");
    }
}

#[test]
fn a_check_that_nobody_tracks_is_told_and_kept() {
    let loaded = parse_str("x.conf", "vrrp_script c {\nscript /bin/x\n}\n", &Options::default());
    assert_eq!(loaded.diagnostics.iter().map(|warning| warning.code).collect::<Vec<_>>(), [Code::NoEffect]);
    assert_eq!(loaded.model.checks.len(), 1);
    assert!(loaded.commands.is_empty(), "it is not run");
}

#[test]
fn a_script_that_this_host_cannot_run_is_a_warning_at_its_name() {
    let mut loaded = parse("vrrp_script", "track_script", "script \"/bin/x y\"\nuser z");
    loaded.warn_of_unrunnable(|command| {
        assert_eq!((command.argv.len(), command.user.as_deref()), (2, Some("z")));
        Some("there is no user z".to_owned())
    });
    let warning = &loaded.diagnostics[0];
    assert_eq!((warning.code, warning.message.as_str()), (Code::Host, "`/bin/x` cannot run: there is no user z"));
    assert_eq!(warning.labels[0].location.line, 1);
    assert!(loaded.is_sound());
}
