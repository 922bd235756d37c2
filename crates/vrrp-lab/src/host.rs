use core::fmt;
use core::net::{IpAddr, Ipv6Addr};
use core::time::Duration;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::addresses::{self, Address, Prefixed};
use crate::carrier;
use crate::daemon::Daemon;
use crate::error::{DaemonError, LabError, RunError};
use crate::inside::INSIDE;
use crate::links;
use crate::monitor;
use crate::netns::{Namespace, set_sysctl};
use crate::segment::Segment;

/// A MAC address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Mac {
    /// Returns the link-local address that stateless configuration makes of it (RFC 4291 appendix A).
    pub fn link_local(self) -> Ipv6Addr {
        let [a, b, c, d, e, f] = self.0;
        let word = |high: u8, low: u8| u16::from_be_bytes([high, low]);
        Ipv6Addr::new(0xfe80, 0, 0, 0, word(a ^ 2, b), word(c, 0xff), word(0xfe, d), word(e, f))
    }
}

/// What a command on a host printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// A host of a lab: a network and a mount namespace of its own, with `/run`, `/var/run` and `/tmp` of its own. Copies are the same host.
#[derive(Debug, Clone)]
pub struct Host(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    namespace: Namespace,
    number: u8,
    links: Mutex<Vec<Link>>,
}

#[derive(Debug, Clone)]
struct Link {
    interface: String,
    segment: Segment,
    port: String,
    addresses: Vec<Prefixed>,
}

impl Host {
    pub(crate) fn new(name: &str, number: u8) -> Result<Self, LabError> {
        let namespace = Namespace::new(name)?;
        let host = Self(Arc::new(Inner { namespace, number, links: Mutex::default() }));
        for scope in ["all", "default"] {
            host.sysctl(&format!("net/ipv4/conf/{scope}/rp_filter"), "0")?;
        }
        host.netlink("link set lo up", || links::set_up("lo", true))?;
        Ok(host)
    }

    /// Returns the host's name.
    pub fn name(&self) -> &str {
        self.0.namespace.name()
    }

    /// Connects the host to a segment with an Ethernet interface that is up and has these addresses (`10.0.0.1/24`, `2001:db8::1/64`).
    ///
    /// The MAC address is 02:56:52:00, segment, host, both counted from 1 in the order they were made. The link-local
    /// address that belongs to it is there at once, and so are the given ones: without duplicate address detection.
    /// Addresses that others add later get the kernel's usual detection.
    ///
    /// # Errors
    ///
    /// [`LabError::Prefix`] for a text that is no address; otherwise the kernel's refusal.
    pub fn attach(&self, segment: &Segment, interface: &str, addresses: &[&str]) -> Result<Mac, LabError> {
        let mut given = addresses.iter().map(|text| text.parse()).collect::<Result<Vec<Prefixed>, _>>()?;
        let mac = Mac([0x02, 0x56, 0x52, 0, segment.number(), self.0.number]);
        let local = Prefixed { ip: mac.link_local().into(), length: 64 };
        given.retain(|address| *address != local);
        given.insert(0, local);
        let port = format!("{}-{}", self.name(), segment.number());
        segment.plug(&port, interface, mac, &self.0.namespace)?;
        self.netlink(&format!("link set {interface} addrgenmode none"), || links::no_own_link_local(interface))?;
        let link = Link { interface: interface.to_owned(), segment: segment.clone(), port, addresses: given };
        self.bring_up(&link)?;
        let mut links = self.links();
        links.retain(|known| known.interface != interface);
        links.push(link);
        Ok(mac)
    }

    /// Removes an interface, and the port at its other end. [`Self::attach`] makes it anew, with another number.
    ///
    /// # Errors
    ///
    /// The kernel's refusal.
    pub fn detach(&self, interface: &str) -> Result<(), LabError> {
        self.netlink(&format!("link del {interface}"), || links::delete(interface))?;
        self.links().retain(|link| link.interface != interface);
        Ok(())
    }

    /// Sets an interface down. The kernel forgets its IPv6 addresses, as on any host.
    ///
    /// # Errors
    ///
    /// The kernel's refusal.
    pub fn link_down(&self, interface: &str) -> Result<(), LabError> {
        self.netlink(&format!("link set {interface} down"), || links::set_up(interface, false))
    }

    /// Sets an interface up and gives it back the addresses of [`Self::attach`] that it lost, as a host's network configuration does.
    ///
    /// # Errors
    ///
    /// The kernel's refusal.
    pub fn link_up(&self, interface: &str) -> Result<(), LabError> {
        let known = self.links().iter().find(|link| link.interface == interface).cloned();
        match known {
            Some(link) => self.bring_up(&link),
            None => self.netlink(&format!("link set {interface} up"), || links::set_up(interface, true)),
        }
    }

    /// Returns the addresses of an interface, as the kernel lists them.
    ///
    /// # Errors
    ///
    /// The kernel's refusal, such as for an interface that is not there.
    pub fn addresses(&self, interface: &str) -> Result<Vec<Address>, LabError> {
        self.netlink(&format!("address show dev {interface}"), || addresses::on_interface(interface))
    }

    /// Says whether an interface has this address.
    ///
    /// # Errors
    ///
    /// As [`Self::addresses`].
    pub fn has_address(&self, interface: &str, ip: impl Into<IpAddr>) -> Result<bool, LabError> {
        let ip = ip.into();
        Ok(self.addresses(interface)?.iter().any(|address| address.ip == ip))
    }

    /// Adds an address (`10.0.0.100/32`), for IPv6 without duplicate address detection.
    ///
    /// # Errors
    ///
    /// [`LabError::Prefix`] for a text that is no address; otherwise the kernel's refusal.
    pub fn add_address(&self, interface: &str, address: &str) -> Result<(), LabError> {
        let parsed = address.parse()?;
        self.netlink(&format!("address add {address} dev {interface}"), || addresses::add(interface, parsed))
    }

    /// Removes an address.
    ///
    /// # Errors
    ///
    /// As [`Self::add_address`].
    pub fn remove_address(&self, interface: &str, address: &str) -> Result<(), LabError> {
        let parsed = address.parse()?;
        self.netlink(&format!("address del {address} dev {interface}"), || addresses::remove(interface, parsed))
    }

    /// Writes a kernel setting of the host's network, given as a path below `/proc/sys` (`net/ipv4/ip_forward`).
    ///
    /// # Errors
    ///
    /// [`LabError::Sysctl`] with the kernel's refusal.
    pub fn sysctl(&self, key: &str, value: &str) -> Result<(), LabError> {
        self.0.namespace.on(|| set_sysctl(self.name(), key, value))?
    }

    /// Runs `work` on a thread in the host's namespaces and waits for it. A panic in it goes on here.
    ///
    /// # Errors
    ///
    /// [`LabError::Namespace`] if the thread cannot enter.
    pub fn on<R: Send>(&self, work: impl FnOnce() -> R + Send) -> Result<R, LabError> {
        self.0.namespace.on(work)
    }

    /// Writes a file as the host sees it: below `/run`, `/var/run` and `/tmp` each host has its own.
    ///
    /// # Errors
    ///
    /// [`LabError::File`] with the kernel's refusal.
    pub fn write_file(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<(), LabError> {
        let (path, content) = (path.as_ref(), content.as_ref());
        self.on(|| fs::write(path, content))?.map_err(|source| self.file_error(path, source))
    }

    /// Reads a text file as the host sees it.
    ///
    /// # Errors
    ///
    /// As [`Self::write_file`].
    pub fn read_file(&self, path: impl AsRef<Path>) -> Result<String, LabError> {
        let path = path.as_ref();
        self.on(|| fs::read_to_string(path))?.map_err(|source| self.file_error(path, source))
    }

    /// Runs a command on the host to its end.
    ///
    /// # Errors
    ///
    /// [`RunError::Failed`] with its output if it does not exit with 0.
    pub fn run<S: AsRef<OsStr> + Sync>(&self, arguments: &[S]) -> Result<Output, RunError> {
        let words = arguments.iter().map(|word| word.as_ref().to_string_lossy()).collect::<Vec<_>>();
        let command = words.join(" ");
        let start = |source| RunError::Start { host: self.name().to_owned(), command: command.clone(), source };
        let [program, rest @ ..] = arguments else {
            return Err(start(io::ErrorKind::InvalidInput.into()));
        };
        let done = self
            .on(|| Command::new(program).args(rest).stdin(Stdio::null()).env_remove(INSIDE).output())?
            .map_err(start)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let output = Output { stdout: text(&done.stdout), stderr: text(&done.stderr) };
        if done.status.success() {
            return Ok(output);
        }
        let said = format!("{}{}", output.stderr, output.stdout);
        Err(RunError::Failed { host: self.name().to_owned(), command, status: done.status, output: said })
    }

    /// Starts a program on the host. It is killed, with its process group, when the [`Daemon`] is dropped, and when this process ends.
    ///
    /// # Errors
    ///
    /// [`DaemonError::Start`] if it cannot be started.
    pub fn spawn(&self, command: Command) -> Result<Daemon, DaemonError> {
        Daemon::start(self, command)
    }

    /// Waits until an interface has an address, or (`present` false) has it no more.
    ///
    /// # Errors
    ///
    /// [`LabError::Deadline`] with the addresses there are.
    pub fn wait_for_address(
        &self,
        interface: &str,
        ip: impl Into<IpAddr>,
        present: bool,
        deadline: Duration,
    ) -> Result<(), LabError> {
        let ip = ip.into();
        let found = self.on(|| monitor::wait(interface, ip, present, deadline))?;
        let found = found.map_err(|source| self.refused(&format!("monitor address dev {interface}"), source))?;
        let Some(instead) = found else { return Ok(()) };
        let word = if present { "has" } else { "has no more" };
        let instead = instead.iter().map(|address| address.ip.to_string()).collect::<Vec<_>>().join(", ");
        Err(LabError::Deadline {
            what: format!("host {} {word} {ip} on {interface}", self.name()),
            waited: deadline,
            instead: format!("its addresses are {instead}"),
        })
    }

    pub(crate) fn namespace(&self) -> &Namespace {
        &self.0.namespace
    }

    /// Names the host's port on a segment.
    pub(crate) fn port_on(&self, segment: &Segment) -> Result<String, LabError> {
        let port = self.links().iter().find(|link| link.segment == *segment).map(|link| link.port.clone());
        port.ok_or_else(|| LabError::NoInterface { host: self.name().to_owned(), interface: segment.name().to_owned() })
    }

    /// Waits until the host's interface on a segment sends, if both ends are up.
    pub(crate) fn wait_for_link(&self, segment: &Segment) -> Result<(), LabError> {
        let link = self.links().iter().find(|link| link.segment == *segment).map(|link| link.interface.clone());
        let Some(interface) = link else { return Ok(()) };
        self.netlink(&format!("link show {interface} up"), || carrier::wait_until_it_carries(&interface))
    }

    fn bring_up(&self, link: &Link) -> Result<(), LabError> {
        let interface = &link.interface;
        self.netlink(&format!("link set {interface} up"), || {
            links::set_up(interface, true)?;
            carrier::wait_until_it_carries(interface)?;
            let present = addresses::on_interface(interface)?;
            let missing = link.addresses.iter().filter(|address| present.iter().all(|known| known.ip != address.ip));
            missing.copied().try_for_each(|address| addresses::add(interface, address))
        })?;
        link.segment.wait_for_port(&link.port)
    }

    fn netlink<R: Send>(&self, request: &str, work: impl FnOnce() -> io::Result<R> + Send) -> Result<R, LabError> {
        self.on(work)?.map_err(|source| self.refused(request, source))
    }

    fn refused(&self, request: &str, source: io::Error) -> LabError {
        LabError::Netlink { name: self.name().to_owned(), request: request.to_owned(), source }
    }

    fn file_error(&self, path: &Path, source: io::Error) -> LabError {
        LabError::File { host: self.name().to_owned(), path: path.to_owned(), source }
    }

    fn links(&self) -> std::sync::MutexGuard<'_, Vec<Link>> {
        self.0.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
