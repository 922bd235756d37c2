use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::Arc;

use nix::poll::{PollFd, PollFlags};
use vrrp_core::InterfaceId;
use vrrp_netlink::LinkState;
use vrrp_wire::Family;

use crate::socket::Channel;

/// The links of the host by name, and those of them that virtual routers use.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    links: BTreeMap<Arc<str>, LinkState>,
    used: Vec<Interface>,
}

/// A link that a virtual router runs on or names. It keeps its number while the kernel's index comes and goes.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) name: Arc<str>,
    channels: [Option<Channel>; 2],
    /// Hears what the channel beside it does not, and wakes nobody.
    taps: [Option<Channel>; 2],
}

const fn side(family: Family) -> usize {
    match family {
        Family::V4 => 0,
        Family::V6 => 1,
    }
}

impl Interfaces {
    /// The number of the interface of this name, given when it is first asked for.
    pub(super) fn id(&mut self, name: &Arc<str>) -> InterfaceId {
        let index = self.used.iter().position(|interface| interface.name == *name).unwrap_or_else(|| {
            self.used.push(Interface { name: Arc::clone(name), channels: [None, None], taps: [None, None] });
            self.used.len() - 1
        });
        InterfaceId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(super) fn name(&self, id: InterfaceId) -> Option<Arc<str>> {
        self.used.get(id.0 as usize).map(|interface| Arc::clone(&interface.name))
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = InterfaceId> + use<> {
        (0..u32::try_from(self.used.len()).unwrap_or(u32::MAX)).map(InterfaceId)
    }

    /// The link as it is now; `None` while it is absent.
    pub(super) fn link(&self, id: InterfaceId) -> Option<&LinkState> {
        self.used.get(id.0 as usize).and_then(|interface| self.links.get(&interface.name))
    }

    pub(super) fn link_named(&self, name: &str) -> Option<&LinkState> {
        self.links.get(name)
    }

    /// Takes news of a link. A rename is the old name's end.
    pub(super) fn update(&mut self, link: LinkState) -> Vec<Arc<str>> {
        let mut changed = vec![Arc::clone(&link.name)];
        let renamed = self.links.values().find(|known| known.index == link.index && known.name != link.name);
        if let Some(old) = renamed.map(|known| Arc::clone(&known.name)) {
            self.links.remove(&old);
            changed.push(old);
        }
        self.links.insert(Arc::clone(&link.name), link);
        changed
    }

    /// Takes the end of a link, unless its name is another's by now.
    pub(super) fn gone(&mut self, name: &Arc<str>, index: u32) {
        if self.links.get(name).is_some_and(|link| link.index == index) {
            self.links.remove(name);
        }
    }

    pub(super) fn channel(&self, id: InterfaceId, family: Family) -> Option<&Channel> {
        self.used.get(id.0 as usize)?.channels.get(side(family))?.as_ref()
    }

    pub(super) fn channel_mut(&mut self, id: InterfaceId, family: Family) -> Option<&mut Option<Channel>> {
        self.used.get_mut(id.0 as usize)?.channels.get_mut(side(family))
    }

    pub(super) fn tap_mut(&mut self, id: InterfaceId, family: Family) -> Option<&mut Option<Channel>> {
        self.used.get_mut(id.0 as usize)?.taps.get_mut(side(family))
    }

    /// Every open tap, with the interface it is on.
    pub(super) fn taps(&self) -> impl Iterator<Item = (&Arc<str>, &Channel)> + '_ {
        self.used.iter().flat_map(|interface| interface.taps.iter().flatten().map(|tap| (&interface.name, tap)))
    }

    /// Every open socket, with the interface it is on.
    pub(super) fn channels_mut(&mut self) -> impl Iterator<Item = (InterfaceId, &mut Channel)> + '_ {
        self.used.iter_mut().zip(0..).flat_map(|(interface, index)| {
            interface.channels.iter_mut().flatten().map(move |channel| (InterfaceId(index), channel))
        })
    }

    pub(super) fn poll_fds(&self) -> impl Iterator<Item = PollFd<'_>> + '_ {
        let channels = self.used.iter().flat_map(|interface| interface.channels.iter().flatten());
        channels.map(|channel| PollFd::new(channel.as_fd(), PollFlags::POLLIN))
    }
}
