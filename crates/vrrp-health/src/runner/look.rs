//! Which kinds are asked at each slot, and which tell by themselves.

use core::future::pending;
use core::time::Duration;

use crate::check::Probe;
use crate::outcome::Outcome;

/// How a check comes to its outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is asked, in slots.
    Asked,
    /// It tells, when something changes.
    Told,
}

pub(super) const fn kind(probe: &Probe) -> Kind {
    match probe {
        Probe::Process(_) | Probe::File(_) | Probe::Interface(_) | Probe::Unit(_) => Kind::Told,
        Probe::Script(_) | Probe::Tcp(_) | Probe::Gateway(_) => Kind::Asked,
        #[cfg(feature = "http")]
        Probe::Http(_) => Kind::Asked,
        #[cfg(feature = "dns")]
        Probe::Dns(_) => Kind::Asked,
    }
}

/// Asks once, to be dropped at the deadline. Kinds that are not asked have no answer.
pub(super) async fn ask(probe: &Probe, deadline: Duration) -> Outcome {
    match probe {
        Probe::Tcp(tcp) => tcp.probe().await,
        Probe::Gateway(gateway) => gateway.probe(deadline).await,
        #[cfg(feature = "http")]
        Probe::Http(http) => http.probe().await,
        #[cfg(feature = "dns")]
        Probe::Dns(dns) => dns.probe().await,
        Probe::Script(_) | Probe::Process(_) | Probe::File(_) | Probe::Interface(_) | Probe::Unit(_) => pending().await,
    }
}

/// Listens until it is dropped. Kinds that are asked tell nothing.
pub(super) async fn watch(probe: &Probe, told: impl FnMut(Outcome)) {
    match probe {
        Probe::File(file) => file.watch(told).await,
        Probe::Interface(interface) => interface.watch(told).await,
        Probe::Process(process) => process.watch(told).await,
        Probe::Unit(unit) => unit.watch(told).await,
        Probe::Script(_) | Probe::Tcp(_) | Probe::Gateway(_) => pending().await,
        #[cfg(feature = "http")]
        Probe::Http(_) => pending().await,
        #[cfg(feature = "dns")]
        Probe::Dns(_) => pending().await,
    }
}
