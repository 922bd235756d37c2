use core::fmt;
use core::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

/// One line of `virtual_ipaddress` or `virtual_ipaddress_excluded`, with what `ip address add` would be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirtualAddress {
    /// The address.
    pub address: IpAddr,
    /// Length of its prefix; /32 or /128 unless the file says otherwise, and always beside a peer.
    pub prefix: u8,
    /// `dev`; `None` is the router's interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dev: Option<String>,
    /// `label`, of IPv4 addresses only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// `brd`, with `+` and `-` computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broadcast: Option<Ipv4Addr>,
    /// `scope`, of IPv4 addresses only.
    #[serde(default)]
    pub scope: Scope,
    /// `peer`, the far end of a point-to-point address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<IpAddr>,
    /// `preferred_lft`; an IPv6 /128 without it is deprecated from the start, as in keepalived.
    #[serde(default)]
    pub preferred_lft: Lifetime,
    /// `home`
    #[serde(default)]
    pub home: bool,
    /// Whether duplicate address detection is left out: true unless the file says `-nodad`.
    #[serde(default = "yes")]
    pub nodad: bool,
    /// `mngtmpaddr`
    #[serde(default)]
    pub mngtmpaddr: bool,
    /// `noprefixroute`
    #[serde(default)]
    pub noprefixroute: bool,
    /// `autojoin`
    #[serde(default)]
    pub autojoin: bool,
    /// `no_track`: somebody else's deletion of the address is left alone.
    #[serde(default)]
    pub no_track: bool,
}

/// The scope of an address, in the kernel's numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub u8);

/// How long an address is preferred as a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifetime {
    /// For ever.
    #[default]
    Forever,
    /// So many seconds; 0 is deprecated from the start.
    Seconds(u32),
}

impl VirtualAddress {
    /// An address with the defaults of a line that says no more than `ADDRESS/PREFIX`.
    pub const fn new(address: IpAddr, prefix: u8) -> Self {
        let preferred_lft = match address {
            IpAddr::V6(_) if prefix == 128 => Lifetime::Seconds(0),
            IpAddr::V4(_) | IpAddr::V6(_) => Lifetime::Forever,
        };
        Self {
            address,
            prefix,
            dev: None,
            label: None,
            broadcast: None,
            scope: Scope::GLOBAL,
            peer: None,
            preferred_lft,
            home: false,
            nodad: true,
            mngtmpaddr: false,
            noprefixroute: false,
            autojoin: false,
            no_track: false,
        }
    }

    /// The length of a prefix that is one address.
    pub const fn full_prefix(address: IpAddr) -> u8 {
        match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        }
    }
}

impl Scope {
    /// `global`, 0
    pub const GLOBAL: Self = Self(0);
    /// `site`, 200
    pub const SITE: Self = Self(200);
    /// `link`, 253
    pub const LINK: Self = Self(253);
    /// `host`, 254
    pub const HOST: Self = Self(254);
    /// `nowhere`, 255
    pub const NOWHERE: Self = Self(255);

    /// The scope that iproute2 knows by this name or number.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "global" => Some(Self::GLOBAL),
            "site" => Some(Self::SITE),
            "link" => Some(Self::LINK),
            "host" => Some(Self::HOST),
            "nowhere" => Some(Self::NOWHERE),
            number => number.parse().ok().map(Self),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::GLOBAL => f.write_str("global"),
            Self::SITE => f.write_str("site"),
            Self::LINK => f.write_str("link"),
            Self::HOST => f.write_str("host"),
            Self::NOWHERE => f.write_str("nowhere"),
            Self(number) => number.fmt(f),
        }
    }
}

impl fmt::Display for VirtualAddress {
    /// The line as keepalived reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.peer.is_none() {
            write!(f, "/{}", self.prefix)?;
        }
        let with = |f: &mut fmt::Formatter<'_>, word: &str, value: Option<String>| match value {
            Some(value) => write!(f, " {word} {value}"),
            None => Ok(()),
        };
        with(f, "peer", self.peer.map(|peer| peer.to_string()))?;
        with(f, "dev", self.dev.as_deref().map(crate::write::quote))?;
        with(f, "brd", self.broadcast.map(|broadcast| broadcast.to_string()))?;
        with(f, "scope", (self.scope != Scope::GLOBAL).then(|| self.scope.to_string()))?;
        with(f, "label", self.label.as_deref().map(crate::write::quote))?;
        let default = Self::new(self.address, self.prefix).preferred_lft;
        with(f, "preferred_lft", (self.preferred_lft != default).then(|| self.preferred_lft.to_string()))?;
        let flags = [
            (self.home, "home"),
            (!self.nodad, "-nodad"),
            (self.mngtmpaddr, "mngtmpaddr"),
            (self.noprefixroute, "noprefixroute"),
            (self.autojoin, "autojoin"),
            (self.no_track, "no_track"),
        ];
        flags.into_iter().filter(|&(set, _)| set).try_for_each(|(_, word)| write!(f, " {word}"))
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forever => f.write_str("forever"),
            Self::Seconds(seconds) => seconds.fmt(f),
        }
    }
}

const fn yes() -> bool {
    true
}
