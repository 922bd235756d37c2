use core::net::{IpAddr, Ipv4Addr};

use vrrp_core::{AddressList, Config, Datagram, Habits, Reject, check};
use vrrp_wire::{Advertisement, Authentication, GROUP_V4, IpPair, Version, Vrid};

use crate::codec::seal;

const SOURCE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

/// VRRPv2 where a password is configured, or none: what is taken carries exactly it, and what carries another is refused
/// for that.
///
/// The first byte chooses: bit 0 no password, bit 1 a checksum put right first, bit 2 strictness; the next eight are the
/// password, the rest is the message.
///
/// # Panics
/// When that does not hold.
pub fn authenticated(data: &[u8]) {
    let Some((&[choice, secret @ ..], message)) = data.split_first_chunk::<9>() else { return };
    let Some(vrid) = Vrid::new(51) else { return };
    let mut config = Config::new(Version::V2, vrid, AddressList::V4([[10, 0, 0, 100]].into()));
    if choice & 1 == 0 {
        config.authentication = Authentication::Simple(secret);
    }
    if choice & 4 != 0 {
        config.habits = Habits::STRICT;
    }
    let ip = IpPair::V4 { source: SOURCE, destination: GROUP_V4 };
    let mut message = message.to_vec();
    if choice & 2 != 0 {
        seal(&mut message, &ip);
    }
    let datagram =
        Datagram { source: SOURCE.into(), destination: IpAddr::V4(GROUP_V4), hop_limit: 255, payload: &message };
    let verdict = check(&datagram, &config, None);
    let Ok((advertisement, _)) = Advertisement::decode(&message, &ip) else {
        assert!(matches!(verdict, Err(Reject::Malformed(_))), "{verdict:?} of what is no advertisement");
        return;
    };
    // The octets themselves: type at 4, data in the last eight.
    let carried = message.last_chunk::<8>();
    let right = match config.authentication {
        Authentication::Simple(secret) => message.get(4) == Some(&1) && carried == Some(&secret),
        Authentication::None | Authentication::Other(_) => message.get(4) == Some(&0),
    };
    let of_version_2 = advertisement.version == Version::V2;
    match verdict {
        Ok(received) => {
            assert!(of_version_2 && right, "{advertisement} was taken");
            assert_eq!((received.priority, received.interval), (advertisement.priority, advertisement.interval));
        }
        Err(Reject::Version { .. }) => assert!(!of_version_2),
        Err(Reject::AuthenticationType | Reject::AuthenticationData) => assert!(!right, "{advertisement} was refused"),
        Err(Reject::Interval { received }) => assert!(choice & 4 != 0 && received != config.interval),
        Err(other) => unreachable!("{advertisement} was refused because of {other:?}"),
    }
}
