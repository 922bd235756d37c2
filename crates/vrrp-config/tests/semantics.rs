//! What settings come to together: keepalived's rules, where they are not plain.
#![expect(clippy::unwrap_used, reason = "a test that fails, fails")]

use core::time::Duration;

use vrrp_config::model::{Checksum, Garp, Lifetime, Router, StateWish};
use vrrp_config::{Code, Diagnostic, Loaded, Options, Severity, parse_str, render};
use vrrp_wire::{AdverInterval, Family, Version};

fn parse(text: &str) -> Loaded {
    parse_str("test.conf", text, &Options::default())
}

/// A file with one router of these lines, after these globals.
fn file(globals: &str, lines: &str) -> String {
    format!(
        "global_defs {{\n{globals}\n}}\nvrrp_instance A {{\ninterface eth0\nvirtual_router_id 7\n\
         virtual_ipaddress {{\n10.0.0.1\n}}\n{lines}\n}}\n"
    )
}

/// The router of a file that loads, and its problems' codes.
fn router(globals: &str, lines: &str) -> (Router, Vec<Code>) {
    let loaded = parse(&file(globals, lines));
    let codes = loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert!(loaded.is_sound(), "{}", render(&loaded, false));
    (loaded.model.routers.into_iter().next().unwrap(), codes)
}

/// A router of these lines has no problem.
fn sound(lines: &str) {
    let (_, codes) = router("", lines);
    assert_eq!(codes, []);
}

/// The one problem of a router of these lines.
fn problem(lines: &str) -> Diagnostic {
    let loaded = parse(&file("", lines));
    assert_eq!(loaded.diagnostics.len(), 1, "{}", render(&loaded, false));
    loaded.diagnostics.into_iter().next().unwrap()
}

#[test]
fn priority_and_state_are_derived_from_each_other() {
    let (plain, _) = router("", "");
    assert_eq!((plain.priority.get(), plain.state), (100, StateWish::Backup));
    let (wish, codes) = router("", "state MASTER");
    assert_eq!((wish.priority.get(), wish.state), (255, StateWish::Master));
    assert_eq!(codes, [Code::Suspicious]);
    let (owner, _) = router("", "priority 255");
    assert_eq!(owner.state, StateWish::Master);
}

#[test]
fn nopreempt_is_cleared_beside_state_master_with_a_warning() {
    let (cleared, codes) = router("", "state MASTER\npriority 100\nnopreempt\npreempt_delay 5");
    assert!(!cleared.nopreempt);
    assert_eq!(cleared.preempt_delay, Duration::ZERO);
    assert_eq!(codes, [Code::Conflict, Code::Conflict]);
    let (kept, codes) = router("", "state BACKUP\nnopreempt");
    assert!(kept.nopreempt && codes.is_empty());
}

#[test]
fn other_words_for_state_mean_backup_with_a_warning() {
    for word in ["PEER", "SLAVE", "master"] {
        let (router, codes) = router("", &format!("state {word}\npriority 9"));
        assert_eq!((router.state, codes), (StateWish::Backup, vec![Code::InvalidValue]));
    }
}

#[test]
fn a_subsecond_interval_is_version_3_or_an_error() {
    let (fast, _) = router("vrrp_version 3", "advert_int 0.25");
    assert_eq!(fast.advert_int, AdverInterval::from_centis(25).unwrap());
    let error = problem("advert_int 0.25");
    assert_eq!((error.severity, error.code), (Severity::Error, Code::OutOfRange));
    assert!(error.help.unwrap().contains("version 3"));
    assert_eq!(problem("version 3\nadvert_int 41").code, Code::OutOfRange);
    assert_eq!(problem("version 3\nadvert_int 0.015").code, Code::OutOfRange);
    assert_eq!(problem("advert_int 0").code, Code::OutOfRange);
}

#[test]
fn numbers_out_of_range_are_errors_with_the_range() {
    for lines in ["priority 0", "priority 256", "virtual_router_id 256", "down_timer_adverts 101", "unicast_ttl 300"] {
        let loaded = parse(&file("", lines));
        let error = loaded.errors().next().unwrap();
        assert_eq!(error.code, Code::OutOfRange, "{lines}");
        assert!(error.help.as_ref().unwrap().contains(" to "), "{lines}");
    }
    assert_eq!(problem("priority 1O0").code, Code::InvalidValue);
}

#[test]
fn a_long_password_is_cut_as_keepalived_cuts_it() {
    let (router, codes) = router("", "authentication {\nauth_type PASS\nauth_pass 123456789\n}");
    assert_eq!(router.auth_pass.unwrap().octets(), *b"12345678");
    assert_eq!(codes, [Code::Truncated]);
    assert!(!format!("{router:?}").contains("1234"));
}

#[test]
fn version_3_has_no_authentication() {
    let (router, codes) = router("", "version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}");
    assert_eq!((router.auth_pass, codes), (None, vec![Code::NoEffect]));
}

/// ledger: !tx-v6-linklocal-first
#[test]
fn ipv6_is_version_3_and_wants_link_local_first() {
    let text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n2001:db8::1\n}\n}\n";
    let loaded = parse(text);
    let router = &loaded.model.routers[0];
    assert_eq!((router.family, router.version), (Family::V6, Version::V3));
    assert_eq!(router.virtual_ipaddress[0].prefix, 128);
    assert_eq!(router.virtual_ipaddress[0].preferred_lft, Lifetime::Seconds(0));
    assert_eq!(loaded.diagnostics[0].code, Code::Suspicious);
    let loaded = parse(&text.replace("interface", "version 2\ninterface"));
    assert!(loaded.errors().any(|error| error.code == Code::Conflict));
}

/// ledger: tx-v6-linklocal-first
#[test]
fn a_list_that_begins_link_local_is_kept_in_its_order_without_a_word() {
    let text =
        "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\nfe80::7\n2001:db8::1\n}\n}\n";
    let loaded = parse(text);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let list = loaded.model.routers[0].virtual_ipaddress.iter().map(|given| given.address.to_string());
    assert_eq!(list.collect::<Vec<_>>(), ["fe80::7", "2001:db8::1"]);
}

#[test]
fn addresses_of_the_other_family_belong_to_the_excluded() {
    let loaded = parse(&file("", "virtual_ipaddress {\nfe80::1\n}"));
    assert_eq!(loaded.errors().next().unwrap().code, Code::Conflict);
    let (router, codes) = router("", "virtual_ipaddress_excluded {\nfe80::1\n}");
    assert_eq!(router.virtual_ipaddress_excluded.len(), 1);
    assert!(codes.is_empty());
}

#[test]
fn a_second_address_on_a_line_is_an_error() {
    let error = problem("virtual_ipaddress_excluded {\n10.0.0.2 10.0.0.3\n}");
    assert_eq!(error.code, Code::Surplus);
    assert_eq!(error.help.as_deref(), Some("write one address per line"));
}

#[test]
fn router_settings_override_globals_whatever_the_order_of_the_file() {
    let globals = "global_defs {\nvrrp_garp_master_delay 9\nvrrp_garp_master_repeat 2\nvrrp_version 3\n}\n";
    let block = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\ngarp_master_delay 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n";
    let before = parse(&format!("{globals}{block}"));
    let after = parse(&format!("{block}{globals}"));
    assert_eq!(before.model, after.model);
    let garp = &before.model.routers[0].garp;
    assert_eq!(garp.master_delay, Duration::from_secs(1));
    assert_eq!((garp.master_repeat, garp.lower_prio_repeat), (2, 2));
    assert_eq!(garp.lower_prio_delay, Duration::from_secs(9));
    assert_eq!(garp.master_refresh, Garp::DEFAULT_REFRESH);
}

#[test]
fn a_group_of_the_globals_is_a_multicast_group_as_a_router_s_own_is() {
    for line in ["vrrp_mcast_group4 10.0.0.1", "vrrp_mcast_group6 fe80::1", "vrrp_mcast_group6 ff05::12"] {
        let loaded = parse(&format!("global_defs {{\n{line}\n}}\n"));
        assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::OutOfRange], "{line}");
    }
    let (router, codes) = router("vrrp_mcast_group4 239.1.1.1", "");
    assert_eq!((router.mcast_dst_ip.to_string().as_str(), codes), ("239.1.1.1", vec![]));
}

#[test]
fn what_does_not_fit_into_an_advertisement_is_moved_to_the_excluded_with_a_warning() {
    let load = |version: &str, prefix: &str, count: usize| {
        let address = |number: usize| match prefix {
            "fe80::" => format!("fe80::{number:x}\n"),
            _ => format!("{prefix}{}.{}\n", number / 256, number % 256),
        };
        let list: String = (1..=count).map(address).collect();
        parse(&format!(
            "vrrp_instance A {{\ninterface eth0\nvirtual_router_id 7\nversion {version}\nvirtual_ipaddress {{\n{list}}}\n}}\n"
        ))
    };
    for (version, prefix, most) in [("2", "10.0.", 255), ("3", "10.0.", 255), ("3", "fe80::", 89)] {
        assert!(load(version, prefix, most).diagnostics.is_empty(), "{prefix}");
        let loaded = load(version, prefix, most + 1);
        let codes: Vec<Code> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!((codes, loaded.is_sound()), (vec![Code::OutOfRange], true), "{prefix}");
        let router = &loaded.model.routers[0];
        assert_eq!((router.virtual_ipaddress.len(), router.virtual_ipaddress_excluded.len()), (most, 1), "{prefix}");
    }
}

#[test]
fn min_garp_leaves_what_is_given() {
    let (router, _) = router("vrrp_min_garp\nvrrp_garp_master_repeat 3", "");
    assert_eq!((router.garp.master_delay, router.garp.master_repeat), (Duration::ZERO, 3));
    assert_eq!(router.garp.master_refresh, Duration::ZERO);
}

#[test]
fn strict_mode_resets_what_the_standard_does_not_know() {
    let (strict, _) = router("vrrp_strict\nvrrp_down_timer_adverts 5", "state MASTER\npriority 100\npreempt_delay 3");
    assert_eq!((strict.state, strict.down_timer_adverts), (StateWish::Backup, 3));
    assert_eq!((strict.preempt_delay, strict.hand_over), (Duration::ZERO, false));
    assert!(strict.lower_prio_no_advert && !strict.accept);
    let (lax, codes) = router("vrrp_strict", "strict_mode false");
    assert!(lax.accept && lax.hand_over && codes.is_empty());
}

#[test]
fn the_same_interface_family_and_vrid_twice_is_an_error_for_the_second() {
    let block = |name| {
        format!(
            "vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {{\n10.0.0.1\n}}\n}}\n"
        )
    };
    let loaded = parse(&(block("A") + &block("B")));
    let error = loaded.errors().next().unwrap();
    assert_eq!((error.code, error.instance.as_deref()), (Code::Duplicate, Some("B")));
    assert_eq!((loaded.model.routers.len(), loaded.quarantined.len()), (1, 1));
    let loaded = parse(&(block("A") + &block("A").replace('7', "8")));
    assert_eq!(loaded.errors().next().unwrap().code, Code::Duplicate);
    assert_eq!(loaded.model.routers[0].virtual_router_id.get(), 7);
}

#[test]
fn checksum_has_its_own_word_and_keepalived_s() {
    assert_eq!(router("v3_checksum_as_v2", "").0.checksum, Checksum::Message);
    assert_eq!(router("checksum auto", "").0.checksum, Checksum::Auto);
    assert_eq!(router("checksum auto", "v3_checksum_as_v2 no").0.checksum, Checksum::PseudoHeader);
}

#[test]
fn limits_on_the_ttl_of_peers_imply_that_only_peers_are_heard() {
    let (router, _) = router("", "unicast_peer {\n10.0.0.9 min_ttl 250\n}");
    assert!(router.check_unicast_src && router.is_unicast());
    sound("unicast_peer {\n10.0.0.9 min_ttl 250\n}\ncheck_unicast_src");
    assert_eq!(problem("unicast_peer {\n10.0.0.9 min_ttl 9 max_ttl 8\n}").code, Code::Conflict);
}

#[test]
fn a_flag_with_a_word_that_says_off_is_an_error() {
    assert_eq!(problem("nopreempt no").severity, Severity::Error);
    assert_eq!(problem("nopreempt yes").severity, Severity::Warning);
}

#[test]
fn an_unknown_option_of_an_address_is_reported_once_with_what_it_resembles() {
    let error = problem("virtual_ipaddress_excluded {\n10.0.0.2/24 dve eth0\n}");
    assert_eq!((error.code, error.help.as_deref()), (Code::UnknownKeyword, Some("did you mean `dev`?")));
}

#[test]
fn where_it_is_asked_is_a_matter_of_global_defs_and_a_place_that_cannot_be_is_an_error() {
    let text = "global_defs {\n control_socket /run/v.sock\n control_group adm\n control_mode 600\n \
                metrics_address 127.0.0.1:9650\n metrics_compat\n dump_directory /tmp\n}\n";
    let loaded = parse_str("x.conf", text, &Options::default());
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let surfaces = loaded.model.global.surfaces;
    assert_eq!((surfaces.control_mode, surfaces.metrics_compat), (Some(0o600), true));
    assert_eq!(surfaces.metrics_address.unwrap().port(), 9650);
    for line in [
        "control_socket run/v.sock",
        "control_mode 0888",
        "control_mode 01777",
        "control_mode rw",
        "control_mode +600",
        "metrics_address 127.0.0.1",
        "metrics_address localhost:9650",
        "dump_directory tmp",
    ] {
        let loaded = parse_str("x.conf", &format!("global_defs {{\n{line}\n}}\n"), &Options::default());
        assert_eq!(loaded.errors().next().map(|error| error.code), Some(Code::InvalidValue), "{line}");
    }
}
