//! A model written in either language reads back as the same model.
#![expect(clippy::unwrap_used, reason = "a test that fails, fails")]

use proptest::prelude::*;
use vrrp_config::{Loaded, Model, Options, parse_str, render, to_keepalived, to_toml};

/// Lines of `global_defs`, each legal beside all others.
const GLOBALS: [&str; 67] = [
    "router_id \"a name # with ! odd {characters}\"",
    "vrrp_version 3",
    "default_interface eth9",
    "dynamic_interfaces allow_if_changes",
    "vrrp_mcast_group4 224.0.0.99",
    "vrrp_mcast_group6 ff02::99",
    "vrrp_garp_master_delay 7",
    "vrrp_garp_master_repeat 3",
    "vrrp_garp_master_refresh 60",
    "vrrp_garp_master_refresh_repeat 2",
    "vrrp_garp_lower_prio_delay 4",
    "vrrp_garp_lower_prio_repeat 2",
    "vrrp_garp_interval 0.001",
    "vrrp_gna_interval 0.000001",
    "vrrp_garp_extra_if all 30",
    "vrrp_min_garp",
    "vrrp_down_timer_adverts 5",
    "vrrp_lower_prio_no_advert",
    "vrrp_higher_prio_send_advert",
    "vrrp_owner_ignore_adverts",
    "vrrp_check_unicast_src",
    "vrrp_skip_check_adv_addr",
    "vrrp_strict",
    "v3_checksum_as_v2",
    "hand_over no",
    "last_lower_advert off",
    "resume false",
    "load_balancing_by_others",
    "vrrp_startup_delay 1.5",
    "vrrp_delay_after_boot 60",
    "log_unknown_vrids",
    "vrrp_rx_bufs_policy ADVERT",
    "vrrp_rx_bufs_multiplier 4",
    "max_auto_priority",
    "min_auto_priority_delay 2500",
    "vrrp_priority -5",
    "oom_score_adj -900",
    "vrrp_rt_priority 50",
    "vrrp_cpu_affinity 0 3",
    "script_user vrrp wheel",
    "enable_script_security",
    "set_supplementary_groups",
    "use_symlink_paths",
    "startup_script \"/bin/up 'a b'\" root",
    "startup_script_timeout 20",
    "shutdown_script /bin/down",
    "shutdown_script_timeout 1",
    "notify_fifo /run/a",
    "notify_fifo_script \"/bin/r x\" u g",
    "vrrp_notify_fifo \"/run/b c\" u g",
    "vrrp_notify_fifo_script /bin/s",
    "fifo_write_vrrp_states_on_reload",
    "vrrp_notify_priority_changes",
    "notification_email {\n a@b\n \"A B <c@d>\"\n}",
    "notification_email_from x@y",
    "smtp_server 10.0.0.9 2525",
    "smtp_helo_name me",
    "smtp_connect_timeout 2.5",
    "smtp_alert off",
    "smtp_alert_vrrp",
    "no_email_faults",
    "control_socket \"/run/my vrrp.sock\"",
    "control_group 900",
    "control_mode 0600",
    "metrics_address [::1]:9650",
    "metrics_compat",
    "dump_directory /tmp",
];

/// Lines of a `vrrp_instance`, each legal beside all others.
const ROUTER: [&str; 56] = [
    "state MASTER",
    "state BACKUP",
    "priority 255",
    "priority 17",
    "advert_int 3",
    "version 2",
    "nopreempt",
    "preempt_delay 2.5",
    "down_timer_adverts 2",
    "dont_track_primary",
    "accept",
    "strict_mode",
    "strict_mode off",
    "skip_check_adv_addr off",
    "owner_ignore_adverts no",
    "lower_prio_no_advert no",
    "higher_prio_send_advert no",
    "v3_checksum_as_v2 no",
    "checksum auto",
    "hand_over",
    "last_lower_advert",
    "resume",
    "kernel_rx_buf_size 65536",
    "unicast_src_ip 10.0.0.200",
    "track_src_ip",
    "mcast_dst_ip 224.0.0.77",
    "unicast_peer { 10.0.0.201 min_ttl 3\n 10.0.0.202\n}",
    "unicast_ttl 64",
    "check_unicast_src",
    "unicast_fault_no_peer",
    "old_unicast_checksum",
    "promote_secondaries",
    "garp_master_delay 0",
    "garp_master_refresh 0",
    "garp_lower_prio_repeat 0",
    "garp_extra_if 9",
    "authentication { auth_type PASS\n auth_pass \"p ss wörd\"\n}",
    "no_virtual_ipaddress",
    "virtual_ipaddress_excluded { fe80::9/64 -nodad home\n 10.9.0.1 peer 10.9.0.2 no_track\n}",
    r#"notify "/bin/x 'a b' \\\"q \\x01 {}#! ''""#,
    "notify_master \"/bin/m $x ${\"\"y}\" root",
    "notify_backup '/bin/b \"c d\"' u :g",
    "notify_fault /bin/f",
    r#"notify_stop "/bin/s \\\\""#,
    "notify_deleted /bin/d",
    "notify_deleted",
    "notify_master_rx_lower_pri /bin/r",
    "notify_priority_changes off",
    "smtp_alert no",
    "on_new_state wait",
    "notify_timeout 0.5",
    "ensure \"/bin/e\" u",
    "pre_active /bin/p",
    "pre_active_timeout 2",
    "post_active /bin/q",
    "post_active_timeout 0.001",
];

const ADDRESSES: [&str; 5] = [
    "10.0.0.1",
    "10.0.0.2/24 dev eth1 label eth1:x brd + scope link",
    "10.0.0.3/32 noprefixroute",
    "10.0.0.4 scope 77",
    "10.0.0.5/16 brd 10.0.0.99 no_track",
];

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
    fn any_configuration_survives_both_languages(
        globals in lines(&GLOBALS),
        router in lines(&ROUTER),
        addresses in proptest::sample::subsequence(&ADDRESSES[..], 1..=ADDRESSES.len()),
    ) {
        let addresses = addresses.join("\n");
        let text = format!(
            "global_defs {{\n{globals}\n}}\nvrrp_instance \"A B\" {{\ninterface eth0\nvirtual_router_id 7\n\
             virtual_ipaddress {{\n{addresses}\n}}\n{router}\n}}\n"
        );
        let loaded = parse("generated.conf", &text);
        prop_assert!(loaded.is_sound(), "{}", render(&loaded, false));
        prop_assert_eq!(loaded.model.routers.len(), 1);
        check(&loaded.model);
    }
}

#[test]
fn ipv6_routers_survive_both_languages() {
    let text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nadvert_int 0.25\nmcast_src_ip fe80::2\n\
                virtual_ipaddress {\nfe80::1/64\n2001:db8::1\n2001:db8::2 preferred_lft 55\n}\n}\n\
                vrrp_instance B {\ninterface eth1\nvirtual_router_id 7\nnative_ipv6\nno_virtual_ipaddress\n}\n";
    let loaded = parse("six.conf", text);
    assert!(loaded.is_sound(), "{}", render(&loaded, false));
    check(&loaded.model);
}

#[test]
fn a_password_cut_inside_a_character_survives_both_languages() {
    for (password, octets) in [
        ("1234567é", *b"1234567\xc3"),
        ("1234567\u{800}", *b"1234567\xe0"),
        ("123456\u{800}", *b"123456\xe0\xa0"),
        ("1234567\u{20ac}", *b"1234567\xe2"),
        ("1234567\u{10000}", *b"1234567\xf0"),
        ("12345\u{10000}", *b"12345\xf0\x90\x80"),
    ] {
        let text = format!(
            "vrrp_instance A {{\ninterface eth0\nvirtual_router_id 7\nauthentication {{\nauth_type PASS\n\
             auth_pass {password}\n}}\nvirtual_ipaddress {{\n10.0.0.1\n}}\n}}\n"
        );
        let loaded = parse("cut.conf", &text);
        assert_eq!(loaded.model.routers[0].auth_pass.unwrap().octets(), octets);
        check(&loaded.model);
    }
}

#[test]
fn what_is_written_reads_well() {
    let text = "global_defs {\nvrrp_garp_master_refresh 0\n}\nvrrp_instance VI_1 {\nstate MASTER\ninterface eth0\n\
                virtual_router_id 51\npriority 150\nversion 3\nadvert_int 0.5\n\
                virtual_ipaddress {\n10.0.0.1/24 dev eth0\n}\n}\n";
    let model = parse("plain.conf", text).model;
    let conf = "global_defs {\n    vrrp_garp_master_refresh 0\n}\n\nvrrp_instance VI_1 {\n    state MASTER\n    \
                interface eth0\n    virtual_router_id 51\n    priority 150\n    version 3\n    advert_int 0.5\n    \
                virtual_ipaddress {\n        10.0.0.1/24 dev eth0\n    }\n}\n";
    assert_eq!(to_keepalived(&model), conf);
    let toml = "[global_defs]\nvrrp_garp_master_refresh = \"0s\"\n\n[[vrrp_instance]]\nname = \"VI_1\"\nstate = \"MASTER\"\n\
                interface = \"eth0\"\nvirtual_router_id = 51\npriority = 150\nversion = 3\nadvert_int = \"500ms\"\n\
                virtual_ipaddress = [\n    \"10.0.0.1/24 dev eth0\",\n]\n";
    assert_eq!(to_toml(&model), toml);
}

#[test]
fn what_looks_like_a_reference_survives_both_languages() {
    for text in ["router_id ${\"\"_INSTANCE}", "router_id $\"_PWD\"", "router_id a$b"] {
        let loaded = parse("odd.conf", &format!("global_defs {{\n{text}\n}}\n"));
        assert!(loaded.model.global.router_id.as_ref().unwrap().contains('$'));
        check(&loaded.model);
    }
}
