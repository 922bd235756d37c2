//! What routers and groups track, and what weights come to.
#![expect(clippy::indexing_slicing, reason = "a test that fails, fails")]

use vrrp_config::model::{CheckProbe, Router, Weight};
use vrrp_config::{Code, Loaded, Options, parse_str, render};

const CHECKS: &str = "\
vrrp_script s { script /bin/x }
vrrp_script w { script /bin/x
    weight -20 reverse
}
track_file f { file /run/f }
vrrp_track_process p { process nginx }
check n { unit nginx }
";

fn router(name: &str, lines: &str) -> String {
    let vrid = name.bytes().map(u32::from).sum::<u32>() % 200 + 1;
    format!(
        "vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id {vrid}\nvirtual_ipaddress {{\n10.0.0.{vrid}\n}}\n{lines}\n}}\n"
    )
}

/// Every check is used by a router that is not looked at.
fn parse(text: &str) -> Loaded {
    let all = "track_script {\ns\nw\n}\ntrack_file {\nf\n}\ntrack_process {\np\n}\ntrack_check {\nn\n}\n";
    parse_str("keepalived.conf", &format!("{CHECKS}{text}{}", router("ALL", all)), &Options::default())
}

#[track_caller]
fn sound(lines: &str) -> Router {
    let loaded = parse(&router("A", lines));
    assert!(loaded.diagnostics.is_empty(), "{lines}: {}", render(&loaded, false));
    loaded.model.routers[0].clone()
}

/// The one problem of a router's lines.
#[track_caller]
fn problem(lines: &str) -> (Code, String) {
    let loaded = parse(&router("A", lines));
    assert_eq!(loaded.diagnostics.len(), 1, "{lines}: {}", render(&loaded, false));
    (loaded.diagnostics[0].code, loaded.diagnostics[0].to_string())
}

fn weights(router: &Router) -> Vec<(&str, i16, bool)> {
    router.track.iter().map(|track| (track.check.as_str(), track.weight.amount, track.weight.reverse)).collect()
}

#[test]
fn an_entry_s_weight_takes_the_place_of_the_check_s() {
    let lines =
        "track_process {\np weight -254\n}\ntrack_script {\nw\ns weight -5 reverse\n}\ntrack_file {\nf weight 3\n}\n";
    let expected = [("w", -20, true), ("s", -5, true), ("f", 3, false), ("p", -254, false)];
    assert_eq!(weights(&sound(lines)), expected, "kinds are in the order of the model");
    assert_eq!(weights(&sound("track_script {\nw weight 0\n}")), [("w", 0, true)]);
    assert_eq!(weights(&sound("track_script {\nw weight -1 noreverse\n}")), [("w", -1, false)]);
    assert_eq!(weights(&sound("track_script {\nw weight -1\n}")), [("w", -1, true)], "as keepalived has it");
    assert_eq!(weights(&sound("track_check {\nn\n}\ntrack_file {\nf\n}")), [("f", 1, false), ("n", 0, false)]);
}

#[test]
fn a_link_is_a_check_of_its_own_once() {
    let text = router("A", "track_interface {\neth2 weight -10\neth1\n}") + &router("B", "track_interface {\neth1\n}");
    let loaded = parse(&text);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    assert_eq!(weights(&loaded.model.routers[0]), [("interface eth2", -10, false), ("interface eth1", 0, false)]);
    let links = loaded.model.checks.iter().filter(|check| matches!(check.probe, CheckProbe::Interface(_)));
    assert_eq!(links.map(|check| check.name.as_str()).collect::<Vec<_>>(), ["interface eth1", "interface eth2"]);
    let named = loaded.interfaces.iter().filter(|named| named.interface == "eth1");
    assert_eq!(named.map(|named| named.instance.as_str()).collect::<Vec<_>>(), ["A", "B"]);
}

#[test]
fn a_router_s_own_link_is_tracked_anyway() {
    let loaded = parse(&router("A", "track_interface {\neth0 weight -10\n}"));
    assert_eq!(loaded.diagnostics[0].code, Code::NoEffect);
    assert!(loaded.model.routers[0].track.is_empty());
}

#[test]
fn a_name_that_nobody_gives_is_an_error_where_keepalived_runs_unchecked() {
    let loaded = parse(&router("A", "track_script {\nss\n}"));
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::UnknownName]);
    assert_eq!(loaded.quarantined[0].name, "A");
    let (code, text) = problem("track_script {\nf\n}");
    assert_eq!(code, Code::UnknownName);
    assert!(text.ends_with("(list it in `track_file`)"), "{text}");
}

#[test]
fn lines_that_say_something_else_are_errors() {
    for (line, code) in [
        ("s weight", Code::Missing),
        ("s weight -254", Code::OutOfRange),
        ("s weight -1 backwards", Code::UnknownKeyword),
        ("s wieght -1", Code::UnknownKeyword),
        ("s w", Code::UnknownKeyword),
        ("s weight -1 reverse too", Code::UnknownKeyword),
    ] {
        assert_eq!(problem(&format!("track_script {{\n{line}\n}}")).0, code, "{line}");
    }
    assert_eq!(problem("track_script {\ns\ns weight -1\n}").0, Code::Duplicate);
}

#[test]
fn all_kinds_share_their_names() {
    let text = "track_file s {\nfile /x\n}\n".to_owned() + &router("A", "track_script {\ns\n}");
    let loaded = parse(&text);
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::Duplicate]);
    assert!(loaded.model.routers.is_empty(), "nobody knows which is meant");
    let loaded = parse("vrrp_script \"interface eth1\" {\nscript /x\n}\n");
    assert_eq!(loaded.errors().next().unwrap().code, Code::Duplicate);
}

#[test]
fn an_owner_has_no_weights_as_in_keepalived() {
    let lines = "priority 255\ntrack_script {\nw\ns\n}\ntrack_file {\nf\n}\ntrack_interface {\neth1 weight -1\n}";
    let loaded = parse(&router("A", lines));
    assert_eq!(loaded.warnings().filter(|warning| warning.code == Code::NoEffect).count(), 3);
    assert_eq!(weights(&loaded.model.routers[0]), [("s", 0, false), ("f", 0, false)]);
}

#[test]
fn weights_of_a_group_s_members_go_as_in_keepalived_and_that_is_told() {
    let lines = "track_script {\nw\ns\n}\ntrack_file {\nf\n}\ntrack_interface {\neth1 weight -1\n}";
    let members = router("A", lines) + &router("B", "");
    let loaded = parse(&format!("{members}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\n}}\n"));
    let told: Vec<_> = loaded.warnings().map(|warning| (warning.code, warning.labels[0].message.as_str())).collect();
    let (gone, plain) = ("not tracked at all, as in keepalived", "counts as if without a weight");
    assert_eq!(told, [(Code::NoEffect, gone), (Code::NoEffect, plain), (Code::NoEffect, plain)]);
    let expected = [("s", 0, false), ("f", 0, false), ("interface eth1", 0, false)];
    assert_eq!(weights(&loaded.model.routers[0]), expected);
    let text = format!("{members}vrrp_sync_group G {{\ngroup {{\nA\nB\n}}\nsync_group_tracking_weight\n}}\n");
    let loaded = parse(&text);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    assert_eq!(loaded.model.routers[0].track.len(), 4);
}

#[test]
fn a_positive_weight_is_told_with_what_it_comes_to() {
    let (code, text) = problem("priority 100\ntrack_script {\ns weight 2\n}");
    assert_eq!(code, Code::Suspicious);
    assert!(text.contains("the priority is 102 while `s` is up and 100 while it is down"), "{text}");
    sound("track_script {\ns weight 2 reverse\n}");
}

#[test]
fn a_gateway_s_weight_is_told_to_stop_no_claim() {
    for (block, name) in [
        ("vrrp_script chk_gateway { script /bin/x }", "chk_gateway"),
        ("vrrp_script c { script \"/usr/bin/ping -c1 10.0.0.254\" }", "c"),
    ] {
        let tracked = format!("track_script {{\n{name} weight -30\n}}");
        let loaded = parse(&format!("{block}\n{}", router("A", &tracked)));
        let warnings: Vec<_> = loaded.warnings().collect();
        assert_eq!(warnings.len(), 1, "{}", render(&loaded, false));
        assert!(warnings[0].help.as_ref().unwrap().contains(&format!("`claim_requires {name}`")));
        let required = parse(&format!("{block}\n{}", router("A", &format!("{tracked}\nclaim_requires {name}"))));
        assert!(required.diagnostics.is_empty(), "{}", render(&required, false));
        let fault = parse(&format!("{block}\n{}", router("A", &format!("track_script {{\n{name}\n}}"))));
        assert!(fault.diagnostics.is_empty(), "{}", render(&fault, false));
    }
}

#[test]
fn weights_beside_nopreempt_are_told() {
    let (code, text) = problem("nopreempt\ntrack_script {\nw\n}");
    assert_eq!(code, Code::Suspicious);
    assert!(text.contains("on_degraded resign") && text.contains("failback manual"), "{text}");
    sound("failback manual\ntrack_script {\nw\n}");
    sound("nopreempt\non_degraded resign\ntrack_script {\nw\n}");
    sound("nopreempt\ntrack_script {\ns\n}");
    let (code, text) = problem("state MASTER\npriority 150\nnopreempt\ntrack_script {\nw\n}");
    assert_eq!(code, Code::Conflict, "{text}");
}

#[test]
fn an_entry_without_a_weight_of_its_own_is_unweighted() {
    let router = sound("track_script {\ns\n}");
    assert_eq!(router.track[0].weight, Weight::NONE);
}

#[test]
fn a_required_check_that_is_slower_than_a_claim_is_told() {
    let slow = |timing: &str, lines: &str| {
        let check = format!("check slow {{\ngateway 10.0.0.254\n{timing}\n}}\n");
        parse(&format!("{check}{}", router("A", &format!("claim_requires slow\n{lines}"))))
    };
    // Three intervals of a second and 156/256 of one: 3.61 s.
    for (timing, lines, told) in [
        ("interval 3.6\ntimeout 1\nfall 2", "", false),
        ("interval 3.7\ntimeout 1", "", true),
        ("interval 3.7\ntimeout 1", "down_timer_adverts 5", false),
        ("interval 0.4", "version 3\nadvert_int 0.1", true),
        ("interval 0.1", "version 3\nadvert_int 0.1", false),
    ] {
        let loaded = slow(timing, lines);
        let codes: Vec<Code> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        let wanted: &[Code] = if told { &[Code::Suspicious] } else { &[] };
        assert_eq!(codes, wanted, "{timing} {lines}: {}", render(&loaded, false));
    }
    let file = "track_file t {\nfile /run/t\n}\n".to_owned() + &router("A", "claim_requires t");
    assert!(parse(&file).diagnostics.is_empty(), "it is told at once");
}
