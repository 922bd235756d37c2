//! Whether a systemd unit is active.

#[cfg(feature = "systemd")]
mod bus;

use crate::outcome::{Outcome, changes};

/// Whether a systemd unit is active, as `systemctl is-active` has it: `active`, `reloading` or `refreshing`.
///
/// Needs the crate's feature `systemd`; without it such a check says that it cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The unit's full name, `nginx.service` for one.
    pub name: Box<str>,
    /// Whether one that is being started counts as well (`activating`).
    pub activating: bool,
    /// The D-Bus address of the bus to ask, `unix:path=/run/user/1000/bus` for one; the system bus if none.
    pub bus: Option<Box<str>>,
}

impl Unit {
    /// Watches the unit of this name on the system bus.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self { name: name.into(), activating: false, bus: None }
    }

    /// Tells whether the unit is active, and from then on each change, until dropped.
    pub(crate) async fn watch(&self, told: impl FnMut(Outcome)) {
        let tell = changes(told);
        #[cfg(feature = "systemd")]
        bus::WithinRuntime::new(self.follow(tell)).await;
        #[cfg(not(feature = "systemd"))]
        self.follow(tell).await;
    }

    #[cfg(not(feature = "systemd"))]
    async fn follow(&self, mut tell: impl FnMut(Outcome)) {
        tell(Outcome::CouldNotRun("this program was built without the feature systemd".into()));
        core::future::pending().await
    }
}

#[cfg(test)]
mod tests;
