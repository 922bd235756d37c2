//! How the values of other crates look as text: durations with units, numbers of the wire types.

/// A [`core::time::Duration`] as the shortest exact text: `"250ms"`, `"1s"`, `"0s"`.
pub(super) mod duration {
    use core::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::units;

    pub(in super::super) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&units::with_unit(*duration))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let text = String::deserialize(from)?;
        units::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no duration such as \"250ms\" or \"1s\"")))
    }
}

/// A [`core::time::Duration`] that may be missing.
pub(super) mod optional_duration {
    use core::time::Duration;

    use serde::{Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(duration: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => super::duration::serialize(duration, to),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        super::duration::deserialize(from).map(Some)
    }
}

/// A [`vrrp_wire::Version`] as its number.
pub(super) mod version {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use vrrp_wire::Version;

    pub(in super::super) fn serialize<S: Serializer>(version: &Version, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(version.number())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Version, D::Error> {
        match u8::deserialize(from)? {
            2 => Ok(Version::V2),
            3 => Ok(Version::V3),
            other => Err(D::Error::custom(format!("there is no VRRP version {other}"))),
        }
    }
}

/// A [`vrrp_wire::Family`] as `"ipv4"` or `"ipv6"`.
pub(super) mod family {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use vrrp_wire::Family;

    pub(in super::super) fn serialize<S: Serializer>(family: &Family, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match family {
            Family::V4 => "ipv4",
            Family::V6 => "ipv6",
        })
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Family, D::Error> {
        match String::deserialize(from)?.as_str() {
            "ipv4" => Ok(Family::V4),
            "ipv6" => Ok(Family::V6),
            other => Err(D::Error::custom(format!("`{other}` is neither \"ipv4\" nor \"ipv6\""))),
        }
    }
}

/// A [`vrrp_wire::Vrid`] as its number.
pub(super) mod vrid {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use vrrp_wire::Vrid;

    pub(in super::super) fn serialize<S: Serializer>(vrid: &Vrid, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(vrid.get())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vrid, D::Error> {
        Vrid::try_from(u8::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// A [`vrrp_wire::Priority`] as its number.
pub(super) mod priority {
    use serde::{Deserialize as _, Deserializer, Serializer};
    use vrrp_wire::Priority;

    pub(in super::super) fn serialize<S: Serializer>(priority: &Priority, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(priority.get())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Priority, D::Error> {
        u8::deserialize(from).map(Priority::new)
    }
}

/// A [`vrrp_wire::AdverInterval`] as a duration.
pub(super) mod interval {
    use serde::{Deserializer, Serializer, de::Error as _};
    use vrrp_wire::AdverInterval;

    use crate::units;

    pub(in super::super) fn serialize<S: Serializer>(interval: &AdverInterval, to: S) -> Result<S::Ok, S::Error> {
        super::duration::serialize(&interval.duration(), to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<AdverInterval, D::Error> {
        let duration = super::duration::deserialize(from)?;
        units::interval(duration).ok_or_else(|| D::Error::custom("an interval is 10ms to 255s in steps of 10ms"))
    }
}
