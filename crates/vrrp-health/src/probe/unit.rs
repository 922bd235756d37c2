/// Whether a systemd unit is active.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {}
