use super::*;

fn key(address: &str, prefix: u8, far: &str) -> Key {
    Key::new(3, address.parse().unwrap(), prefix, far.parse().unwrap())
}

#[test]
fn ipv4_is_told_apart_by_the_network_of_the_far_end_and_ipv6_is_not() {
    assert_eq!(key("10.0.0.1", 24, "10.0.0.1"), key("10.0.0.1", 24, "10.0.0.77"));
    assert_ne!(key("10.0.0.1", 24, "10.0.0.1"), key("10.0.0.1", 25, "10.0.0.1"));
    assert_ne!(key("10.0.0.1", 24, "10.0.0.1"), key("10.0.0.1", 24, "10.0.1.1"));
    assert_eq!(key("fd00::1", 64, "fd00::1"), key("fd00::1", 48, "fd00::9"));
}

#[test]
fn the_kernel_finds_an_address_by_the_network_of_its_far_end() {
    assert_eq!(key("10.0.0.1", 24, "10.0.9.9").far(), IpAddr::from([10, 0, 9, 0]));
    assert_eq!(key("10.0.0.1", 0, "10.0.9.9").far(), IpAddr::from([0, 0, 0, 0]));
    assert_eq!(key("10.0.0.1", 255, "10.0.9.9").far(), IpAddr::from([10, 0, 9, 9]), "no longer than an address");
    assert_eq!(key("fd00::1", 64, "fd00::9").far(), "fd00::1".parse::<IpAddr>().unwrap());
}

#[test]
fn only_an_ipv4_address_that_shares_its_network_has_a_subnet() {
    assert_eq!(key("10.0.0.1", 24, "10.0.0.1").subnet(), Some((3, 24, [10, 0, 0, 0].into())));
    assert_eq!(key("10.0.0.1", 32, "10.0.0.1").subnet(), None);
    assert_eq!(key("10.0.0.1", 32, "10.0.9.9").subnet(), Some((3, 32, [10, 0, 9, 9].into())));
    assert_eq!(key("10.0.0.2", 31, "10.0.0.2").subnet(), Some((3, 31, [10, 0, 0, 2].into())));
    assert_eq!(key("fd00::1", 64, "fd00::1").subnet(), None);
}
