//! Numbers with a unit: what they hold, what they refuse, how they print.

use core::net::IpAddr;
use core::time::Duration;

use vrrp_wire::{
    Addresses, AdverInterval, Authentication, Family, FieldError, GROUP_V4, GROUP_V6, IpPair, Priority, Version, Vrid,
};

#[test]
fn a_vrid_is_1_to_255() {
    assert_eq!(Vrid::try_from(0), Err(FieldError::Vrid));
    assert_eq!(Vrid::new(0), None);
    for vrid in 1..=255 {
        assert_eq!(Vrid::try_from(vrid).unwrap().get(), vrid);
    }
}

/// ledger: tx-interval, !tx-interval
#[test]
fn an_interval_is_one_that_some_version_carries() {
    assert_eq!(AdverInterval::from_centis(0), Err(FieldError::Interval { centis: 0 }));
    assert_eq!(AdverInterval::from_secs(0), Err(FieldError::Interval { centis: 0 }));
    assert_eq!(AdverInterval::from_centis(25_501), Err(FieldError::Interval { centis: 25_501 }));
    assert_eq!(AdverInterval::from_secs(255), Ok(AdverInterval::MAX_V2));
    for centis in 1..=25_500 {
        let interval = AdverInterval::from_centis(centis).unwrap();
        assert_eq!(interval.fits(Version::V2), centis % 100 == 0);
        assert_eq!(interval.fits(Version::V3), centis < 4096);
        assert_eq!(interval.whole_secs().map(u16::from), (centis % 100 == 0).then_some(centis / 100));
        assert_eq!(interval.duration(), Duration::from_millis(u64::from(centis) * 10));
    }
}

#[test]
fn fields_print_as_people_write_them() {
    assert_eq!(AdverInterval::DEFAULT.to_string(), "1s");
    assert_eq!(AdverInterval::MAX_V3.to_string(), "40950ms");
    assert_eq!(Vrid::new(51).unwrap().to_string(), "51");
    assert_eq!(Priority::OWNER.to_string(), "255");
    assert_eq!((Version::V2.to_string(), Family::V6.to_string()), ("2".to_owned(), "IPv6".to_owned()));
    assert_eq!(Authentication::Simple(*b"secret12").to_string(), "simple");
    assert_eq!(Authentication::Other(2).to_string(), "2");
    assert_eq!(FieldError::Vrid.to_string(), "a VRID is 1 to 255, not 0");
}

#[test]
fn addresses_come_in_the_order_of_the_packet() {
    let list = Addresses::V4(&[[10, 0, 0, 2], [10, 0, 0, 1]]);
    let expected = [IpAddr::from([10, 0, 0, 2]), IpAddr::from([10, 0, 0, 1])];
    assert_eq!(list.iter().collect::<Vec<_>>(), expected);
    assert_eq!(list.iter().len(), 2);
    assert_eq!((list.get(1), list.get(2)), (Some(expected[1]), None));
    assert_eq!((list.len(), list.is_empty(), list.family()), (2, false, Family::V4));
    assert!(Addresses::V6(&[]).is_empty());
}

/// ledger: tx-group
#[test]
fn multicast_goes_to_the_group_of_the_family() {
    let ipv4 = IpPair::multicast(IpAddr::from([10, 0, 0, 2]));
    assert_eq!(ipv4.destination(), IpAddr::from([224, 0, 0, 18]));
    assert_eq!((ipv4.destination(), ipv4.family()), (IpAddr::V4(GROUP_V4), Family::V4));
    let ipv6 = IpPair::multicast("fe80::2".parse().unwrap());
    assert_eq!(ipv6.destination(), "ff02::12".parse::<IpAddr>().unwrap());
    assert_eq!((ipv6.destination(), ipv6.family()), (IpAddr::V6(GROUP_V6), Family::V6));
    assert_eq!(IpPair::new(ipv4.source(), ipv6.source()), None);
    assert_eq!(IpPair::new(ipv4.source(), ipv4.destination()), Some(ipv4));
}
