/// Whether a link is up and running.
#[derive(Debug, Clone, PartialEq)]
pub struct Interface {}
