//! Checks, groups and policies written in either language read back as the same model.
#![expect(clippy::unwrap_used, reason = "a test that fails, fails")]

use proptest::prelude::*;
use vrrp_config::{Loaded, Model, Options, parse_str, render, to_keepalived, to_toml};

/// Lines of blocks, each legal beside all others.
const SCRIPT: [&str; 8] = [
    "script \"/bin/x 'a \\042b' ${_HASH}\"",
    "interval 0.25",
    "timeout 7",
    "rise 2",
    "fall 3",
    "weight 20 reverse",
    "user nobody nogroup",
    "init_fail",
];
const FILE: [&str; 3] = ["weight -254 reverse", "init_file 7 overwrite", "file \"/run/a b\""];
const PROCESS: [&str; 7] = [
    "process nginx -g 'x'",
    "param_match partial",
    "quorum 2",
    "quorum_max 5",
    "delay 1.5",
    "fork_delay 0.000001",
    "full_command",
];
const HTTP: [&str; 13] = [
    "status 200 300-399",
    "body_equals \"it's { # } !\"",
    "body_contains '\"ok\": true'",
    "body_matches \"^\\s+$\"",
    "json '.a[\"b\"]' \"x y\"",
    "host www.example.org",
    "header X-A \"a # b\"",
    "header X-B c",
    "ca_file \"/etc/a b.pem\"",
    "source 10.0.0.1",
    "interface eth1",
    "timeout 2",
    "interval 60",
];
const ROUTER: [&str; 12] = [
    "track_script {\ns weight -5\n}",
    "track_file {\n\"f g\" weight 3 noreverse\n}",
    "track_process {\np\n}",
    "track_check {\nh weight 9 reverse\nt\n}",
    "track_interface {\neth1\neth2 weight -30\n}",
    "failback after 2.5",
    "on_degraded resign",
    "claim_requires h",
    "claim_requires \"f g\" prefer-availability",
    "confirm_silence",
    "damp_preemption off",
    "strict_mode",
];
const GROUP: [&str; 4] =
    ["track_script {\ns\n}", "track_interface {\neth9 weight -5\n}", "global_tracking", "sync_group_tracking_weight"];

fn parse(name: &str, text: &str) -> Loaded {
    parse_str(name, text, &Options::default())
}

fn check(model: &Model) {
    let text = to_keepalived(model);
    let conf = parse("written.conf", &text);
    assert_eq!(&conf.model, model, "{text}\n{}", render(&conf, false));
    let text = to_toml(model);
    let toml = parse("written.toml", &text);
    assert_eq!(&toml.model, model, "{text}\n{}", render(&toml, false));
    let json = serde_json::to_string(model).unwrap();
    assert_eq!(&serde_json::from_str::<Model>(&json).unwrap(), model);
}

fn lines(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::subsequence(from, 0..=from.len()).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_checks_and_groups_survive_both_languages(
        script in lines(&SCRIPT),
        file in lines(&FILE),
        process in lines(&PROCESS),
        http in lines(&HTTP),
        router in lines(&ROUTER),
        group in lines(&GROUP),
    ) {
        let text = format!(
            "vrrp_script s {{\nscript /bin/true\n{script}\n}}\ntrack_file \"f g\" {{\nfile /f\n{file}\n}}\n\
             vrrp_track_process p {{\nprocess a\n{process}\n}}\ncheck h {{\nhttps https://10.0.0.9/\n{http}\n}}\n\
             check t {{\ntcp [::1]:80\n}}\ncheck g {{\ngateway ::1 10.0.0.1\nquorum 2\n}}\n\
             check d {{\ndns 10.0.0.53:54 a. mx\nexpect \"10 b.\"\n}}\ncheck u {{\nunit a\ninterval 2\n}}\n\
             vrrp_instance A {{\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {{\n10.0.0.1\n}}\n{router}\n}}\n\
             vrrp_instance \"B C\" {{\ninterface eth0\nvirtual_router_id 8\nvirtual_ipaddress {{\n10.0.0.2\n}}\n}}\n\
             vrrp_sync_group G {{\ngroup {{\nA\n\"B C\"\n}}\n{group}\n}}\n"
        );
        let loaded = parse("generated.conf", &text);
        prop_assert!(loaded.is_sound(), "{}", render(&loaded, false));
        prop_assert_eq!((loaded.model.routers.len(), loaded.model.sync_groups.len()), (2, 1));
        check(&loaded.model);
    }
}

#[test]
fn checks_are_written_as_a_person_would() {
    let text = "check web {\nhttp http://10.0.0.9/\nstatus 204\n}\n\
                vrrp_script chk {\nscript \"/bin/x a\"\nweight -20\nfall 2\n}\n\
                vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1/24\n}\n\
                track_script {\nchk\n}\ntrack_interface {\neth1 weight -5\n}\nclaim_requires web\n}\n";
    let model = parse("plain.conf", text).model;
    let conf = to_keepalived(&model);
    let blocks = "vrrp_script chk {\n    script \"/bin/x a\"\n    fall 2\n    weight -20\n}\n\n\
                  check web {\n    http http://10.0.0.9/\n    status 204\n}\n\n";
    assert!(conf.starts_with(blocks), "{conf}");
    let lists = "    track_script {\n        chk\n    }\n    track_interface {\n        eth1 weight -5\n    }\n    \
                 claim_requires web\n}\n";
    assert!(conf.ends_with(lists), "{conf}");
    let toml = to_toml(&model);
    assert!(toml.contains("[[check]]\nname = \"web\"\nhttp = \"http://10.0.0.9/\"\nstatus = \"204\"\n"), "{toml}");
    assert!(toml.ends_with("claim_requires = \"web\"\n"), "{toml}");
}
