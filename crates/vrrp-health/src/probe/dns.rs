/// A DNS answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Dns {}
