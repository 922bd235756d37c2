use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::LabError;
use crate::host::Host;
use crate::inside::is_inside;
use crate::links;
use crate::netns::{Namespace, set_sysctl};
use crate::segment::Segment;

/// The longest name of a host or segment: with a number behind it, it names an interface of the switch (at most 15 characters).
const LONGEST_NAME: usize = 10;

/// A LAN: one switch, its segments and the hosts on them. When it and all that came from it is dropped, the kernel removes it.
#[derive(Debug)]
pub struct Lab {
    switch: Arc<Namespace>,
    names: Mutex<BTreeSet<String>>,
    hosts: Mutex<u8>,
    segments: Mutex<u8>,
}

impl Lab {
    /// Makes an empty LAN.
    ///
    /// # Errors
    ///
    /// [`LabError::Outside`] where neither [`crate::isolated`] nor [`crate::enter()`] came first; otherwise the kernel's refusal.
    pub fn new() -> Result<Self, LabError> {
        if !is_inside() {
            return Err(LabError::Outside);
        }
        let switch = Namespace::new("switch")?;
        switch.on(make_a_mere_switch)??;
        Ok(Self {
            switch: Arc::new(switch),
            names: Mutex::default(),
            hosts: Mutex::default(),
            segments: Mutex::default(),
        })
    }

    /// Makes a segment: a bridge that forwards at once, without spanning tree and multicast snooping.
    ///
    /// # Errors
    ///
    /// [`LabError::Name`] for a name that is taken or does not fit; otherwise the kernel's refusal.
    pub fn bridge(&self, name: &str) -> Result<Segment, LabError> {
        self.take_name(name)?;
        let number = next(&self.segments)?;
        self.switch.on(|| links::add_bridge(name))?.map_err(|source| LabError::Netlink {
            name: "switch".to_owned(),
            request: format!("link add {name} type bridge"),
            source,
        })?;
        Ok(Segment::new(Arc::clone(&self.switch), name, number))
    }

    /// Makes a host with its own network and mount namespace, and nothing but a loopback interface.
    ///
    /// # Errors
    ///
    /// As [`Self::bridge`].
    pub fn host(&self, name: &str) -> Result<Host, LabError> {
        self.take_name(name)?;
        Host::new(name, next(&self.hosts)?)
    }

    /// Makes a host that forwards IPv4 and answers ARP only for addresses of the interface that was asked
    /// (`arp_ignore` 1, `arp_announce` 2), as routers with virtual MAC addresses are set up.
    ///
    /// # Errors
    ///
    /// As [`Self::bridge`].
    pub fn router(&self, name: &str) -> Result<Host, LabError> {
        let host = self.host(name)?;
        for scope in ["all", "default"] {
            host.sysctl(&format!("net/ipv4/conf/{scope}/arp_ignore"), "1")?;
            host.sysctl(&format!("net/ipv4/conf/{scope}/arp_announce"), "2")?;
        }
        host.sysctl("net/ipv4/ip_forward", "1")?;
        Ok(host)
    }

    fn take_name(&self, name: &str) -> Result<(), LabError> {
        let fits = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let free = fits && self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        if free { Ok(()) } else { Err(LabError::Name { name: name.to_owned(), longest: LONGEST_NAME }) }
    }
}

/// Counts from 1. Each number is a byte of a MAC address.
fn next(counter: &Mutex<u8>) -> Result<u8, LabError> {
    let mut counter = counter.lock().unwrap_or_else(PoisonError::into_inner);
    *counter = counter.checked_add(1).ok_or(LabError::Full)?;
    Ok(*counter)
}

/// Keeps the calling thread's namespace from having a say of its own on the LAN, and from judging the packets that pass.
fn make_a_mere_switch() -> Result<(), LabError> {
    for scope in ["all", "default"] {
        set_sysctl("switch", &format!("net/ipv6/conf/{scope}/disable_ipv6"), "1")?;
    }
    // Where the kernel has br_netfilter, a bridge would drop packets with a wrong IP checksum, for one.
    for table in ["arptables", "iptables", "ip6tables"] {
        let key = format!("net/bridge/bridge-nf-call-{table}");
        if Path::new("/proc/sys").join(&key).exists() {
            set_sysctl("switch", &key, "0")?;
        }
    }
    Ok(())
}
