//! Where a router's block says what.

use vrrp_config::{Loaded, Options, parse_str};

const TEXT: &str = "\
vrrp_script chk_gw {
    script \"/bin/true\"
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority 150
    nopreempt
    virtual_ipaddress {
        10.0.0.100/24
        10.0.0.101/24
    }
    track_script {
        chk_gw
    }
}
";

fn line(loaded: &Loaded, instance: &str, keyword: &str) -> Option<(usize, usize)> {
    loaded.place(instance, keyword).map(|location| (location.line, location.column))
}

#[test]
fn each_keyword_has_the_place_of_its_value_and_a_list_that_of_its_first_line() {
    let loaded = parse_str("a.conf", TEXT, &Options::default());
    let expected = [
        ("vrrp_instance", Some((4, 15))),
        ("interface", Some((5, 15))),
        ("priority", Some((7, 14))),
        ("nopreempt", Some((8, 5))),
        ("virtual_ipaddress", Some((10, 9))),
        ("track chk_gw", Some((14, 9))),
        ("advert_int", None),
        ("track other", None),
    ];
    for (keyword, place) in expected {
        assert_eq!(line(&loaded, "VI_1", keyword), place, "{keyword}");
    }
    assert_eq!(line(&loaded, "VI_2", "priority"), None);
}

#[test]
fn a_file_in_toml_has_places_too() {
    let text = "[[vrrp_instance]]\nname = \"VI_1\"\ninterface = \"eth0\"\nvirtual_router_id = 51\npriority = 150\n\
                virtual_ipaddress = [\"10.0.0.100/24\"]\n";
    let loaded = parse_str("a.toml", text, &Options::default());
    assert_eq!(line(&loaded, "VI_1", "priority").map(|(line, _)| line), Some(5));
}

#[test]
fn a_check_looks_at_a_gateway_by_its_name_or_by_what_it_runs() {
    let named = |name: &str, program: &str| {
        let text = TEXT.replace("chk_gw", name).replace("/bin/true", program);
        parse_str("a.conf", &text, &Options::default())
            .model
            .checks
            .iter()
            .any(vrrp_config::model::Check::looks_at_gateway)
    };
    assert!(named("chk_gw", "/bin/true") && named("chk", "/usr/bin/fping"));
    assert!(!named("chk_web", "/bin/true") && !named("gwen", "/bin/true"));
}
