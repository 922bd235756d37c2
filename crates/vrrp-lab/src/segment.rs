use core::fmt::Write as _;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::carrier;
use crate::error::LabError;
use crate::host::{Host, Mac};
use crate::links;
use crate::netns::Namespace;

/// Frames lost in one direction between two ports, in frames of 10,000.
type Losses = BTreeMap<(String, String), u32>;

/// How finely losses can be set.
const WHOLE: u32 = 10_000;

/// One bridge of a lab's switch, with a port for each host attached to it.
#[derive(Debug, Clone)]
pub struct Segment(Arc<Inner>);

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Segment {}

#[derive(Debug)]
struct Inner {
    switch: Arc<Namespace>,
    name: String,
    number: u8,
    losses: Mutex<Losses>,
}

impl Segment {
    pub(crate) fn new(switch: Arc<Namespace>, name: &str, number: u8) -> Self {
        Self(Arc::new(Inner { switch, name: name.to_owned(), number, losses: Mutex::default() }))
    }

    /// Returns the segment's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn number(&self) -> u8 {
        self.0.number
    }

    /// Takes the host's port down, at once: what the LAN sees of a host that died. The host sees its carrier go.
    ///
    /// # Errors
    ///
    /// [`LabError::NoInterface`] if the host is not on this segment; otherwise the kernel's refusal.
    pub fn port_down(&self, host: &Host) -> Result<(), LabError> {
        self.set_port(host, false)
    }

    /// Takes the host's port up again, and waits until frames pass.
    ///
    /// # Errors
    ///
    /// As [`Self::port_down`].
    pub fn port_up(&self, host: &Host) -> Result<(), LabError> {
        self.set_port(host, true)
    }

    /// Drops every frame from one host to another; the other direction is untouched, and so are the carriers.
    ///
    /// # Errors
    ///
    /// [`LabError::Nft`] if nftables is missing or refuses; [`LabError::NoInterface`] if a host is not on this segment.
    pub fn cut(&self, from: &Host, to: &Host) -> Result<(), LabError> {
        self.lose(from, to, 1.0)
    }

    /// Drops a fraction of the frames from one host to another, each by chance: 0.1 is one in ten, 1 all, 0 none.
    ///
    /// # Errors
    ///
    /// As [`Self::cut`].
    pub fn lose(&self, from: &Host, to: &Host, fraction: f64) -> Result<(), LabError> {
        let (from, to) = (from.port_on(self)?, to.port_on(self)?);
        let wanted = fraction.clamp(0.0, 1.0) * f64::from(WHOLE);
        let share = (0..=WHOLE).find(|share| f64::from(*share) >= wanted).unwrap_or(WHOLE);
        self.change_losses(|losses| {
            losses.insert((from, to), share);
        })
    }

    /// Ends the losses from one host to another.
    ///
    /// # Errors
    ///
    /// As [`Self::cut`].
    pub fn heal(&self, from: &Host, to: &Host) -> Result<(), LabError> {
        let (from, to) = (from.port_on(self)?, to.port_on(self)?);
        self.change_losses(|losses| {
            losses.remove(&(from, to));
        })
    }

    /// Parts the segment in two, both ways, in one step: no frame passes between a host of one side and one of the other.
    ///
    /// # Errors
    ///
    /// As [`Self::cut`].
    pub fn partition(&self, one: &[&Host], other: &[&Host]) -> Result<(), LabError> {
        let ports = |side: &[&Host]| side.iter().map(|host| host.port_on(self)).collect::<Result<Vec<_>, _>>();
        let (one, other) = (ports(one)?, ports(other)?);
        self.change_losses(|losses| {
            for (here, there) in one.iter().flat_map(|here| other.iter().map(move |there| (here, there))) {
                losses.insert((here.clone(), there.clone()), WHOLE);
                losses.insert((there.clone(), here.clone()), WHOLE);
            }
        })
    }

    /// Ends all losses on this segment, in one step.
    ///
    /// # Errors
    ///
    /// As [`Self::cut`].
    pub fn heal_all(&self) -> Result<(), LabError> {
        self.change_losses(BTreeMap::clear)
    }

    /// Makes the pair of Ethernet ends between this bridge and a host's namespace.
    pub(crate) fn plug(&self, port: &str, interface: &str, mac: Mac, host: &Namespace) -> Result<(), LabError> {
        self.on_switch(&format!("link add {port} type veth peer {interface}"), || {
            links::add_pair(port, interface, mac, host.network())?;
            links::join_bridge(port, &self.0.name)?;
            links::set_up(port, true)
        })
    }

    /// Waits until frames pass between this bridge and the host, if both ends are up.
    pub(crate) fn wait_for_port(&self, port: &str) -> Result<(), LabError> {
        self.on_switch(&format!("link show {port} up"), || carrier::wait_until_it_carries(port))
    }

    fn set_port(&self, host: &Host, up: bool) -> Result<(), LabError> {
        let port = host.port_on(self)?;
        let word = if up { "up" } else { "down" };
        self.on_switch(&format!("link set {port} {word}"), || links::set_up(&port, up))?;
        if up {
            self.wait_for_port(&port)?;
            host.wait_for_link(self)?;
        }
        Ok(())
    }

    fn on_switch(&self, request: &str, work: impl FnOnce() -> std::io::Result<()> + Send) -> Result<(), LabError> {
        self.0.switch.on(work)?.map_err(|source| LabError::Netlink {
            name: self.0.switch.name().to_owned(),
            request: request.to_owned(),
            source,
        })
    }

    fn change_losses(&self, change: impl FnOnce(&mut Losses)) -> Result<(), LabError> {
        let mut losses = self.0.losses.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut losses);
        let rules = rules(&self.0.name, &losses);
        self.0.switch.on(|| run_nft(&rules))?
    }
}

/// The whole table of a segment; nft replaces the old one in one transaction.
fn rules(segment: &str, losses: &Losses) -> String {
    let table = format!("table bridge {segment}");
    let mut text = format!("{table} {{ }}\ndelete {table}\n{table} {{\nchain losses {{\n");
    text.push_str("type filter hook forward priority 0; policy accept;\n");
    for ((from, to), share) in losses {
        let chance = if *share >= WHOLE { String::new() } else { format!("numgen random mod {WHOLE} < {share} ") };
        let _never_fails = writeln!(text, "iifname \"{from}\" oifname \"{to}\" {chance}drop");
    }
    text.push_str("}\n}\n");
    text
}

fn run_nft(rules: &str) -> Result<(), LabError> {
    let failed = |message: String| LabError::Nft { message };
    let mut child = Command::new("nft")
        .args(["-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(rules.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() { Ok(()) } else { Err(failed(String::from_utf8_lossy(&output.stderr).into_owned())) }
}
