//! TOML: the same keywords, the same checks, its own types.

use core::time::Duration;

use vrrp_config::{Code, Loaded, Options, parse_str, render};

fn parse(text: &str) -> Loaded {
    parse_str("test.toml", text, &Options::default())
}

const ROUTER: &str = "\
[[vrrp_instance]]
name = \"A\"
interface = \"eth0\"
virtual_router_id = 7
virtual_ipaddress = [\"10.0.0.1/24 dev eth1\", \"10.0.0.2\"]
";

#[test]
fn keywords_are_keys_and_durations_have_units() {
    let text = format!(
        "[global_defs]\nvrrp_version = 3\nvrrp_garp_master_delay = \"1500ms\"\nmin_auto_priority_delay = \"10ms\"\n\
         vrrp_strict = false\nvrrp_no_swap = true\nvrrp_cpu_affinity = [0, 3]\n\n{ROUTER}advert_int = \"250ms\"\n\
         nopreempt = true\ndont_track_primary = false\nunicast_peer = [\"10.0.0.9 min_ttl 255\"]\n"
    );
    let loaded = parse(&text);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let router = &loaded.model.routers[0];
    assert_eq!(router.advert_int.duration(), Duration::from_millis(250));
    assert!(router.nopreempt && !router.dont_track_primary);
    assert_eq!(router.virtual_ipaddress[0].dev.as_deref(), Some("eth1"));
    assert_eq!(router.unicast_peer[0].min_ttl, 255);
    assert_eq!(router.garp.master_delay, Duration::from_millis(1500));
    let scheduling = &loaded.model.global.scheduling;
    assert_eq!(scheduling.min_auto_priority_delay, Duration::from_millis(10));
    assert_eq!(scheduling.vrrp_cpu_affinity, [0, 3]);
}

#[test]
fn a_value_of_another_type_is_an_error_with_the_right_one() {
    for (line, takes) in [
        ("advert_int = 1", "a duration with its unit, such as \"250ms\" or \"1s\""),
        ("advert_int = \"1\"", "a duration with its unit, such as \"250ms\" or \"1s\""),
        ("priority = \"100\"", "a whole number"),
        ("nopreempt = \"yes\"", "`true` or `false`"),
        ("unicast_peer = \"10.0.0.9\"", "an array of strings"),
        ("authentication = [1]", "a table"),
    ] {
        let loaded = parse(&format!("{ROUTER}{line}\n"));
        let error = loaded.errors().next().unwrap_or_else(|| panic!("{line} loads"));
        assert_eq!(error.code, Code::InvalidValue, "{line}");
        assert!(error.help.as_ref().unwrap().ends_with(takes), "{line}: {error}");
        assert_eq!(error.labels[0].location.line, 6);
    }
}

#[test]
fn unknown_keys_and_ranges_are_checked_as_in_keepalived_conf() {
    let loaded = parse(&format!("{ROUTER}prioritty = 100\n"));
    assert_eq!(loaded.errors().next().unwrap().help.as_deref(), Some("did you mean `priority`?"));
    let loaded = parse(&format!("{ROUTER}priority = 256\n"));
    assert_eq!(loaded.errors().next().unwrap().code, Code::OutOfRange);
    let loaded = parse(&format!("{ROUTER}track_script = [\"x\"]\n"));
    let codes: Vec<_> = loaded.errors().map(|error| error.code).collect();
    assert_eq!(codes, [Code::UnknownName]);
    assert_eq!(loaded.quarantined.len(), 1);
}

#[test]
fn a_place_inside_a_string_is_exact() {
    let loaded = parse(&ROUTER.replace("dev eth1", "dve eth1"));
    let location = &loaded.errors().next().unwrap().labels[0].location;
    assert_eq!((location.line, location.column, location.end_column), (5, 35, 38));
}

#[test]
fn broken_toml_is_an_error_with_its_place() {
    let loaded = parse("[global_defs\nrouter_id = \n");
    assert!(loaded.errors().all(|error| error.code == Code::Syntax));
    assert!(loaded.errors().next().is_some());
}

#[test]
fn a_router_without_a_name_is_an_error() {
    let loaded = parse(&ROUTER.replace("name = \"A\"\n", ""));
    assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::Missing]);
}

#[test]
fn an_error_in_a_value_quarantines_its_router_alone() {
    let second = ROUTER.replace("\"A\"", "\"B\"").replace("\"eth0\"", "\"eth9\"");
    let loaded = parse(&format!("{ROUTER}priority = \"x\"\n{second}"));
    assert_eq!(loaded.quarantined[0].name, "A");
    assert_eq!(loaded.model.routers[0].name, "B");
}

#[test]
fn a_check_with_a_value_of_another_type_quarantines_whoever_tracks_it() {
    let script = "[[vrrp_script]]\nname = \"s\"\nscript = \"/bin/x\"\n";
    let routers =
        format!("{ROUTER}track_script = [\"s\"]\n{}", ROUTER.replace("\"A\"", "\"B\"").replace("eth0", "eth9"));
    for wrong in ["interval = 2", "rise = \"x\"", "init_fail = 3"] {
        for text in [format!("{script}{wrong}\n{routers}"), format!("{routers}{script}{wrong}\n")] {
            let loaded = parse(&text);
            assert_eq!(loaded.errors().count(), 1, "{}", render(&loaded, false));
            assert_eq!(
                loaded.quarantined.iter().map(|router| router.name.as_str()).collect::<Vec<_>>(),
                ["A"],
                "{wrong}"
            );
            assert_eq!((loaded.model.routers.len(), loaded.model.checks.len()), (1, 0), "{wrong}");
        }
    }
    assert!(parse(&format!("{script}{routers}")).is_sound());
}

#[test]
fn what_keepalived_conf_could_not_hold_is_an_error() {
    for value in ["'a\"b'", "\"a\\nb\""] {
        let loaded = parse(&format!("[global_defs]\nrouter_id = {value}\n"));
        assert_eq!(loaded.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::InvalidValue], "{value}");
    }
}

#[test]
fn what_looks_like_a_reference_is_itself() {
    let loaded = parse(&ROUTER.replace("10.0.0.2", "10.0.0.2/24 label ${x}"));
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    assert_eq!(loaded.model.routers[0].virtual_ipaddress[1].label.as_deref(), Some("${x}"));
}

#[test]
fn a_keyword_that_stands_alone_in_keepalived_conf_is_true() {
    let loaded = parse_str("test.conf", "global_defs {\ndynamic_interfaces\n}\n", &Options::default());
    assert_eq!(vrrp_config::to_toml(&loaded.model), "[global_defs]\ndynamic_interfaces = true\n");
}
