//! Whether a link is up and running (`track_interface`).

/// Whether a link is up and running (`track_interface`), by the name it has now: one that was deleted and made again, or
/// renamed, is followed by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The link's name.
    pub name: Box<str>,
}

impl Interface {
    /// Watches the link of this name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self { name: name.into() }
    }
}
