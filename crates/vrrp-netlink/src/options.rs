//! How a keeper is set up.

use std::path::PathBuf;

/// The settings of a [`Keeper`](crate::Keeper).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The mark (`IFA_PROTO`, Linux 5.18) on every address that we add; 0 to 3 are the kernel's own. `None` uses no mark, as on
    /// a kernel that has none: then [`state_dir`](Self::state_dir) holds a list.
    pub protocol: Option<u8>,
    /// The size of the monitor's receive buffer in bytes, bounded by `net.core.rmem_max` unless
    /// the caller has `CAP_NET_ADMIN`; `None`
    /// leaves the system's default.
    pub receive_buffer: Option<usize>,
    /// The directory of the list of addresses that we added, used where the kernel keeps no mark.
    /// It is to vanish at reboot (`/run/...`). Without it such a kernel forgets across a restart of
    /// the daemon which addresses are ours.
    pub state_dir: Option<PathBuf>,
    /// Whether a claim puts our mark on an address that somebody else added, so that a release
    /// removes it. Off by default: an address that is not ours is used while claimed and stays
    /// after the release, reported as [`Event::PresentUnwanted`](crate::Event::PresentUnwanted).
    pub take_adopted: bool,
}

impl Options {
    /// The mark by default: the protocol number of VRRP.
    pub const DEFAULT_PROTOCOL: u8 = 112;
}

impl Default for Options {
    fn default() -> Self {
        Self { protocol: Some(Self::DEFAULT_PROTOCOL), receive_buffer: None, state_dir: None, take_adopted: false }
    }
}
