//! No input makes the reader panic.

use proptest::prelude::*;
use vrrp_config::{Options, parse_str, render, to_keepalived, to_toml};

/// Pieces of both languages, so that random text reaches deep.
const FRAGMENTS: [&str; 113] = [
    "global_defs",
    "vrrp_instance",
    "VI_1",
    "{",
    "}",
    "\n",
    "\n",
    "\n",
    " ",
    "\t",
    "\"",
    "'",
    "\\",
    "#",
    "!",
    "@",
    "@^",
    "$",
    "$A=",
    "$A",
    "${A}",
    "${",
    "=",
    "include",
    "~SEQ(",
    "\0",
    "\r\n",
    "ü",
    "interface",
    "eth0",
    "virtual_router_id",
    "51",
    "0",
    "256",
    "-1",
    "99999999999999999999",
    "0.5",
    "1e9",
    "priority",
    "state",
    "MASTER",
    "advert_int",
    "version",
    "3",
    "virtual_ipaddress",
    "10.0.0.1/24",
    "fe80::1/64",
    "dev",
    "brd",
    "+",
    "-",
    "peer",
    "label",
    "scope",
    "unicast_peer",
    "min_ttl",
    "authentication",
    "auth_type",
    "PASS",
    "auth_pass",
    "garp_master_delay",
    "notify",
    "notify_master",
    "\"/bin/x '",
    "'",
    "\\\"",
    "\\x41",
    "root",
    "script_user",
    "smtp_server",
    "notification_email",
    "notify_fifo /f",
    "vrrp_script",
    "track_script",
    "virtual_server",
    "vrrp_strict",
    "nopreempt",
    "[global_defs]",
    "[[vrrp_instance]]",
    "name = ",
    "= true",
    "\"1s\"",
    "[",
    "]",
    "preferred_lft",
    "check C",
    "vrrp_sync_group G",
    "group",
    "vrrp_script S",
    "track_file F",
    "vrrp_track_process P",
    "script",
    "process",
    "file /f",
    "weight -5",
    "reverse",
    "interval",
    "http http://a/",
    "tcp a:1",
    "dns ::1 a",
    "unit u",
    "gateway ::1",
    "body_contains 'a\"b\"'",
    "json /a 'b'",
    "header a b",
    "S\n",
    "claim_requires",
    "track_process",
    "track_interface",
    "failback after",
    "quorum_max",
    "param_match",
    "init_file",
];

fn text() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        8 => proptest::sample::select(&FRAGMENTS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let spaced = (fragment, any::<bool>()).prop_map(|(text, space)| if space { text + " " } else { text });
    proptest::collection::vec(spaced, 0..80).prop_map(|parts| parts.concat())
}

fn exercise(name: &str, text: &str) {
    let options = Options { config_id: Some("host".to_owned()), ..Options::default() };
    let loaded = parse_str(name, text, &options);
    let drawn = render(&loaded, true);
    assert_eq!(drawn.is_empty(), loaded.diagnostics.is_empty());
    for label in loaded.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!(label.location.line >= 1 && label.location.column >= 1);
    }
    let again = parse_str("again.conf", &to_keepalived(&loaded.model), &options);
    assert_eq!(again.model, loaded.model, "{}", render(&again, false));
    let again = parse_str("again.toml", &to_toml(&loaded.model), &options);
    assert_eq!(again.model, loaded.model, "{}", render(&again, false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_keepalived_text_never_panics_and_what_loads_converts(text in text()) {
        exercise("arbitrary.conf", &text);
    }

    #[test]
    fn arbitrary_toml_text_never_panics_and_what_loads_converts(text in text()) {
        exercise("arbitrary.toml", &text);
    }

    #[test]
    fn checks_of_arbitrary_lines_never_panic_and_what_loads_converts(one in text(), other in text(), lines in text()) {
        let router = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n";
        let blocks = format!("check C {{\nunit u\n{one}\n}}\nvrrp_script S {{\nscript /x\n{other}\n}}\n");
        exercise("arbitrary.conf", &format!("{blocks}{router}track_script {{\n{lines}\n}}\n}}\n"));
    }

    #[test]
    fn a_router_of_arbitrary_lines_never_panics_and_what_loads_converts(lines in text()) {
        let head = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n";
        exercise("arbitrary.conf", &format!("{head}{lines}\n}}\n"));
    }
}
