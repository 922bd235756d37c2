//! Each finding is found where it is, and not where it is not.

use vrrp_rehearsal::FindingKind as Kind;

use super::fixture::{check, file, kinds, pair, rehearse};

/// Both files have these lines beside their priorities.
fn both(lines: &str) -> Vec<Kind> {
    kinds(&pair(&format!("priority 150\n{lines}"), &format!("priority 100\n{lines}")))
}

fn differing(a: &str, b: &str) -> Vec<Kind> {
    kinds(&pair(&format!("priority 150\n{a}"), &format!("priority 100\n{b}")))
}

fn block(vrid: u8, priority: u8, addresses: &str) -> String {
    format!(
        "vrrp_instance VI_{vrid} {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n \
         virtual_ipaddress {{\n {addresses}\n }}\n}}\n"
    )
}

#[test]
fn equal_and_adjacent_priorities() {
    assert_eq!(kinds(&pair("priority 100", "priority 100")), [Kind::EqualPriorities]);
    assert_eq!(kinds(&pair("priority 101", "priority 100")), [Kind::AdjacentPriorities]);
    assert_eq!(kinds(&pair("priority 102", "priority 100")), []);
}

#[test]
fn passwords_that_differ() {
    let pass = |pass: &str| format!("version 2\n authentication {{\n auth_type PASS\n auth_pass {pass}\n }}");
    assert_eq!(differing(&pass("one"), &pass("two")), [Kind::PassDiffers]);
    assert_eq!(differing(&pass("one"), "version 2"), [Kind::PassDiffers]);
    assert_eq!(both(&pass("one")), []);
    assert_eq!(differing(&pass("12345678"), &pass("123456789")), [], "the ninth character is not carried");
}

#[test]
fn versions_and_intervals_that_differ() {
    assert_eq!(differing("version 2", "version 3"), [Kind::VersionDiffers]);
    assert_eq!(differing("advert_int 1", "advert_int 2"), [Kind::IntervalDiffers]);
    assert_eq!(differing("version 3\n advert_int 0.5", "version 3\n advert_int 1"), [Kind::IntervalDiffers]);
    assert_eq!(both("version 3\n advert_int 0.5"), []);
}

#[test]
fn address_lists_that_differ() {
    let one = block(51, 150, "10.0.0.100/24");
    assert_eq!(kinds(&rehearse(&[&one, &block(51, 100, "10.0.0.100/24\n 10.0.0.101/24")])), [Kind::AddressesDiffer]);
    assert_eq!(kinds(&rehearse(&[&one, &block(51, 100, "10.0.0.100/24")])), []);
}

#[test]
fn one_vrid_for_different_things() {
    let found = kinds(&rehearse(&[&block(51, 150, "10.0.0.100/24"), &block(51, 100, "10.0.0.200/24")]));
    assert_eq!(found, [Kind::VridClash]);
}

#[test]
fn one_address_under_two_vrids() {
    let report = rehearse(&[&block(51, 150, "10.0.0.100/24"), &block(52, 100, "10.0.0.100/24")]);
    assert_eq!(kinds(&report), [Kind::VridDiffers, Kind::Alone]);
    assert_eq!(report.outcomes[0].services[0].during, ["node-a", "node-b"], "and both serve from the start");
}

#[test]
fn a_virtual_router_that_one_node_has_alone() {
    let more = format!("{}{}", block(51, 150, "10.0.0.100/24"), block(52, 150, "10.0.0.200/24"));
    let report = rehearse(&[&more, &block(51, 100, "10.0.0.100/24")]);
    assert_eq!(kinds(&report), [Kind::Alone]);
}

#[test]
fn unicast_beside_multicast_and_peers_that_are_missing() {
    let unicast = |own: u8, peers: &str| format!("unicast_src_ip 10.0.0.{own}\n unicast_peer {{\n {peers}\n }}");
    assert_eq!(differing(&unicast(1, "10.0.0.2"), &unicast(2, "10.0.0.1")), []);
    assert_eq!(differing(&unicast(1, "10.0.0.2"), ""), [Kind::DeliveryDiffers]);
    assert_eq!(differing(&unicast(1, "10.0.0.3"), &unicast(2, "10.0.0.1")), [Kind::PeerMissing]);
}

#[test]
fn a_check_and_a_requirement_on_one_node_only() {
    let api = check("api", "");
    let tracks = "track_script {\n api\n }";
    let with = |lines: &str, priority: u8| file(&api, &format!("priority {priority}\n{lines}"));
    assert_eq!(kinds(&rehearse(&[&with(tracks, 150), &with("", 100)])), [Kind::CheckMissing]);
    assert_eq!(kinds(&rehearse(&[&with(tracks, 150), &with(tracks, 100)])), []);
    let requires = "claim_requires api";
    assert_eq!(kinds(&rehearse(&[&with(requires, 150), &with("", 100)])), [Kind::ClaimRequiresMissing]);
    assert_eq!(kinds(&rehearse(&[&with(requires, 150), &with(requires, 100)])), []);
}

#[test]
fn state_master_on_both_nodes() {
    assert_eq!(both("state MASTER"), [Kind::MastersDiffer]);
    assert_eq!(differing("state MASTER", "state BACKUP"), []);
    let report = pair("priority 150\n state MASTER\n nopreempt", "priority 100\n state MASTER\n nopreempt");
    let words: Vec<&str> = report.findings.iter().map(|finding| finding.words.as_str()).collect();
    assert!(words.iter().any(|words| words.contains("`nopreempt` counts for nothing")), "{words:?}");
}

#[test]
fn sync_groups_with_other_members() {
    let blocks = |priority| {
        format!(
            "{}{}{}",
            block(51, priority, "10.0.0.1/24"),
            block(52, priority, "10.0.0.2/24"),
            block(53, priority, "10.0.0.3/24")
        )
    };
    let group = |members: &str| format!("vrrp_sync_group G {{\n group {{\n {members}\n }}\n}}\n");
    let file = |members, priority| format!("{}{}", group(members), blocks(priority));
    let found = kinds(&rehearse(&[&file("VI_51\n VI_52", 150), &file("VI_51\n VI_53", 100)]));
    assert_eq!(found, [Kind::GroupsDiffer]);
    assert_eq!(kinds(&rehearse(&[&file("VI_51\n VI_52", 150), &file("VI_52\n VI_51", 100)])), []);
    assert_eq!(kinds(&rehearse(&[&file("VI_51\n VI_52", 150), &blocks(100)])), [Kind::GroupsDiffer]);
}

#[test]
fn what_check_says_of_a_file_is_found_with_its_place() {
    let report = pair("priority 150\n state MASTER\n nopreempt", "priority 100");
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!((finding.kind, finding.code), (Kind::File, Some(vrrp_config::Code::Conflict)));
    assert_eq!((finding.places[0].file.as_str(), finding.places[0].line), ("node-a.conf", 7));
}

#[test]
fn a_finding_about_two_files_has_a_place_in_each() {
    let report = pair("priority 100", "\n priority 100");
    let places: Vec<String> =
        report.findings[0].places.iter().map(|place| format!("{}:{}", place.file, place.line)).collect();
    assert_eq!(places, ["node-a.conf:5", "node-b.conf:6"]);
}
