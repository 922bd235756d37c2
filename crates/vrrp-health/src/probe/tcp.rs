/// Whether a TCP connection can be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Tcp {}
