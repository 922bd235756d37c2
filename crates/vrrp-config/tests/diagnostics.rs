//! What problems look like, to people and to programs.

use vrrp_config::{Code, Loaded, Options, Severity, parse_str, render};

fn parse(text: &str, options: &Options) -> Loaded {
    parse_str("keepalived.conf", text, options)
}

const SCRIPTED: &str = "\
vrrp_script chk_haproxy {
    script \"killall -0 haproxy\"
    intervall 2
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    advert_in 1
    authentication {
        auth_type PASS
        auth_pass much-too-long
    }
    virtual_ipaddress {
        10.0.0.1 10.0.0.2
    }
    track_script {
        haproxy
    }
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 51
    virtual_ipaddress {
        10.0.1.1/24
    }
}
";

#[test]
fn every_problem_is_drawn_in_one_run_with_its_line_and_remedy() {
    let loaded = parse(SCRIPTED, &Options::default());
    assert_eq!(render(&loaded, false), include_str!("diagnostics/scripted.txt"));
}

#[test]
fn colours_are_added_only_on_request() {
    let loaded = parse(SCRIPTED, &Options::default());
    assert!(!render(&loaded, false).contains('\u{1b}'));
    assert!(render(&loaded, true).contains('\u{1b}'));
}

#[test]
fn only_the_router_whose_block_is_wrong_is_quarantined() {
    let loaded = parse(SCRIPTED, &Options::default());
    let running: Vec<_> = loaded.model.routers.iter().map(|router| router.name.as_str()).collect();
    assert_eq!(running, ["VI_2"]);
    let quarantined = &loaded.quarantined[0];
    assert_eq!(quarantined.name, "VI_1");
    assert_eq!((quarantined.interface.as_deref(), quarantined.virtual_router_id), (Some("eth0"), Some(51)));
}

#[test]
fn what_is_not_built_yet_can_be_left_out() {
    let text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nuse_vmac\nuse_vmac_addr\n\
                virtual_ipaddress {\n10.0.0.1\n}\n}\n";
    let refused = parse(text, &Options::default());
    assert_eq!(refused.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::NotBuilt; 2]);
    assert_eq!(refused.quarantined.len(), 1);
    let loaded = parse(text, &Options { allow_not_built: true, ..Options::default() });
    assert!(loaded.is_sound());
    assert_eq!(loaded.model.routers.len(), 1);
    assert_eq!(loaded.warnings().count(), 2);
}

#[test]
fn a_router_of_a_group_that_is_wrong_is_quarantined() {
    let text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n\
                vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n";
    let loaded = parse(text, &Options::default());
    assert_eq!(loaded.quarantined[0].name, "A");
    assert!(loaded.errors().any(|error| error.code == Code::UnknownName));
}

#[test]
fn a_load_balancer_s_blocks_need_somebody_who_serves_them() {
    let router = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n";
    let text =
        format!("{router}virtual_server 10.0.0.1 80 {{\nlb_algo rr\nreal_server 10.0.0.2 80 {{\nweight 1\n}}\n}}\n");
    let loaded = parse(&text, &Options::default());
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::LoadBalancing]);
    assert!(loaded.model.routers.is_empty());
    let by_option = parse(&text, &Options { load_balancing_by_others: true, ..Options::default() });
    assert!(by_option.diagnostics.is_empty());
    let by_file = parse(&format!("global_defs {{\nload_balancing_by_others\n}}\n{text}"), &Options::default());
    assert_eq!((by_file.is_sound(), by_file.model.routers.len()), (true, 1));
}

#[test]
fn strict_makes_errors_of_warnings() {
    let text =
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nstate PEER\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n";
    assert!(parse(text, &Options::default()).is_sound());
    assert!(!parse(text, &Options { strict: true, ..Options::default() }).is_sound());
}

#[test]
fn keywords_left_out_for_one_reason_make_one_warning() {
    let text = "global_defs {\nenable_snmp_vrrp\numask 022\nenable_traps\nenable_dbus\nsnmp_socket unix:/x\n}\n";
    let loaded = parse(text, &Options::default());
    let labels: Vec<_> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.labels.len()).collect();
    assert_eq!(labels, [3, 1, 1]);
    assert!(loaded.is_sound());
}

#[test]
fn programs_get_file_line_and_columns() {
    let loaded = parse("global_defs {\n  vrrp_versoin 3\n}\n", &Options::default());
    let json = serde_json::to_value(&loaded.diagnostics).unwrap();
    let expected = serde_json::json!([{
        "severity": "error",
        "code": "unknown-keyword",
        "message": "unknown keyword `vrrp_versoin` in `global_defs`",
        "labels": [{
            "file": "keepalived.conf", "line": 2, "column": 3, "end_line": 2, "end_column": 15,
            "message": "", "primary": true,
        }],
        "help": "did you mean `vrrp_version`?",
        "instance": null,
    }]);
    assert_eq!(json, expected);
}

#[test]
fn a_diagnostic_fits_on_one_line() {
    let loaded = parse("global_defs {\n  vrrp_versoin 3\n}\n", &Options::default());
    let line = "keepalived.conf:2:3: error[unknown-keyword]: unknown keyword `vrrp_versoin` in `global_defs` \
                (did you mean `vrrp_version`?)";
    assert_eq!(loaded.diagnostics[0].to_string(), line);
}

#[test]
fn an_interface_that_the_host_lacks_is_a_warning_of_its_router() {
    let mut loaded = parse(
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1 dev eth1\n}\n}\n",
        &Options::default(),
    );
    loaded.warn_of_missing_interfaces(|name| name == "eth0");
    let warning = &loaded.diagnostics[0];
    assert_eq!((warning.severity, warning.code), (Severity::Warning, Code::Host));
    assert_eq!((warning.instance.as_deref(), warning.labels[0].location.line), (Some("A"), 5));
    assert!(loaded.is_sound());
}

#[test]
fn a_problem_of_the_language_quarantines_the_router_it_is_in() {
    let router = |name: &str, interface: &str| {
        format!(
            "vrrp_instance {name} {{\ninterface {interface}\nvirtual_router_id 7\nvirtual_ipaddress {{\n10.0.0.1\n}}\n}}\n"
        )
    };
    for wrong in ["${IF}", "\"eth0"] {
        let loaded = parse(&(router("A", wrong) + &router("B", "eth1")), &Options::default());
        assert_eq!(loaded.quarantined.len(), 1, "{wrong}");
        assert_eq!(loaded.errors().next().unwrap().instance.as_deref(), Some("A"), "{wrong}");
        assert_eq!(loaded.model.routers[0].name, "B", "{wrong}");
    }
    let expanded = format!("$ROUTER=\\\n{}\n$ROUTER\n", router("A", "${IF}").trim_end().replace('\n', "\\\n"));
    let loaded = parse(&(expanded + &router("B", "eth1")), &Options::default());
    assert_eq!((loaded.quarantined.len(), loaded.model.routers.len()), (1, 1), "{}", render(&loaded, false));
}

#[test]
fn a_problem_far_down_a_long_file_is_drawn_with_its_own_line() {
    let loaded = parse(&format!("{}nonsense\n", "# a comment\n".repeat(1000)), &Options::default());
    let drawn = render(&loaded, false);
    assert!(drawn.contains("keepalived.conf:1001:1") && drawn.contains("1001 | nonsense"), "{drawn}");
    assert!(drawn.lines().count() < 8);
}

#[test]
fn a_template_that_nobody_has_filled_in_is_told_once() {
    let text = "{% if ha %}\nvrrp_instance A {\ninterface {{ IF }}\nvirtual_router_id 7\nvirtual_ipaddress {\n\
                {{VIP}}/{{MASK}} dev {{ IF }}\n}\n}\n{% endif %}\n";
    let loaded = parse(text, &Options::default());
    let errors: Vec<_> = loaded.errors().map(|error| (error.code, error.labels[0].location.line)).collect();
    let places = [(Code::UndefinedReference, 1), (Code::InvalidValue, 3), (Code::InvalidValue, 6)];
    assert_eq!(errors, places, "{}", render(&loaded, false));
    assert_eq!(loaded.quarantined.len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_no_line_of_it_is_drawn() {
    let loaded = vrrp_config::load("/nonexistent/vrrpd.conf".as_ref(), &Options::default());
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::File]);
    let drawn = render(&loaded, false);
    assert!(drawn.contains("/nonexistent/vrrpd.conf") && !drawn.contains("-->"), "{drawn}");
}
