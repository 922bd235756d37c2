//! Which interfaces share a segment.

use vrrp_config::Options;
use vrrp_rehearsal::{Make, Node, Rehearsal, Site, SiteError};

use super::fixture::nodes;

fn block(interface: &str, vrid: u8, address: &str) -> String {
    format!(
        "vrrp_instance {interface} {{\n interface {interface}\n virtual_router_id {vrid}\n virtual_ipaddress {{\n \
         {address}\n }}\n}}\n"
    )
}

fn site(files: &[&str], joins: &[&str]) -> Result<Site, SiteError> {
    let joins: Vec<_> = joins.iter().map(|join| join.parse().unwrap()).collect();
    Site::new(&nodes(files), Make::Ours, &joins)
}

fn names(site: &Site) -> Vec<&str> {
    site.segments.iter().map(|segment| segment.name.as_str()).collect()
}

#[test]
fn interfaces_of_one_name_are_one_segment() {
    let file = format!("{}{}", block("eth0", 51, "10.0.0.1/24"), block("eth1", 52, "10.0.1.1/24"));
    let site = site(&[&file, &file], &[]).unwrap();
    assert_eq!((names(&site), site.routers.len()), (vec!["eth0", "eth1"], 2));
}

#[test]
fn interfaces_whose_virtual_routers_move_one_address_are_one_segment() {
    let site = site(&[&block("eth0", 51, "10.0.0.1/24"), &block("ens3", 51, "10.0.0.1/24")], &[]).unwrap();
    assert_eq!((names(&site), site.routers.len()), (vec!["eth0/ens3"], 1));
    assert!(site.segments[0].guessed);
}

#[test]
fn interfaces_with_nothing_in_common_are_two_segments_unless_somebody_says_so() {
    let files = [block("eth0", 51, "10.0.0.1/24"), block("ens3", 51, "10.0.0.2/24")];
    let files = [files[0].as_str(), files[1].as_str()];
    assert_eq!(names(&site(&files, &[]).unwrap()), ["eth0", "ens3"]);
    let joined = site(&files, &["node-a:eth0=node-b:ens3"]).unwrap();
    assert_eq!((names(&joined), joined.routers.len()), (vec!["eth0/ens3"], 1));
    assert!(!joined.segments[0].guessed, "it was said");
}

#[test]
fn unicast_peers_are_one_segment_by_their_addresses() {
    let file = |interface: &str, own: u8, peer: u8, address: u8| {
        format!(
            "vrrp_instance V {{\n interface {interface}\n virtual_router_id 51\n unicast_src_ip 10.0.0.{own}\n \
             unicast_peer {{\n 10.0.0.{peer}\n }}\n virtual_ipaddress {{\n 10.9.0.{address}/24\n }}\n}}\n"
        )
    };
    let site = site(&[&file("eth0", 1, 2, 1), &file("ens3", 2, 1, 2)], &[]).unwrap();
    assert_eq!(names(&site), ["eth0/ens3"]);
}

#[test]
fn the_address_that_a_file_does_not_say_is_the_one_that_its_peers_name() {
    let file = |peer: u8| {
        format!(
            "vrrp_instance V {{\n interface eth0\n virtual_router_id 51\n priority {}\n unicast_peer {{\n 10.0.0.{peer}\n }}\n \
             virtual_ipaddress {{\n 10.9.0.1/24\n }}\n}}\n",
            peer * 50
        )
    };
    let report = Rehearsal::default().run(&nodes(&[&file(2), &file(1)])).unwrap();
    assert_eq!(report.outcomes[0].services[0].during, ["node-a"], "they hear each other: {report}");
}

#[test]
fn two_interfaces_of_one_node_are_never_one_segment() {
    let both = format!("{}{}", block("eth0", 51, "10.0.0.1/24"), block("eth1", 52, "10.0.1.1/24"));
    let joins = ["node-a:eth0=node-b:eth0", "node-a:eth1=node-b:eth0"];
    let found = site(&[&both, &block("eth0", 51, "10.0.0.1/24")], &joins);
    assert!(matches!(found, Err(SiteError::OneNode { node, .. }) if node == "node-a"));
}

#[test]
fn what_a_join_names_must_be_there() {
    let file = block("eth0", 51, "10.0.0.1/24");
    let unknown = |join: &str| site(&[&file, &file], &[join]).err();
    assert_eq!(unknown("node-z:eth0=node-b:eth0"), Some(SiteError::UnknownNode("node-z".into())));
    let interface = SiteError::UnknownInterface { node: "node-b".into(), interface: "eth9".into() };
    assert_eq!(unknown("node-a:eth0=node-b:eth9"), Some(interface));
    assert!("eth0=eth1".parse::<vrrp_rehearsal::Join>().is_err());
}

#[test]
fn names_are_told_apart_and_nothing_to_run_is_an_error() {
    let node = |text: &str| Node::parse("same", text, &Options::default());
    let file = block("eth0", 51, "10.0.0.1/24");
    let twice = Site::new(&[node(&file), node(&file)], Make::Ours, &[]);
    assert_eq!(twice.err(), Some(SiteError::SameName("same".into())));
    assert_eq!(Site::new(&[node("")], Make::Ours, &[]).err(), Some(SiteError::Nothing));
}
