//! Whether a systemd unit is active.

/// Whether a systemd unit is active, as `systemctl is-active` has it: `active`, `reloading` or `refreshing`.
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
}
