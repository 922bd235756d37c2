/// Whether hosts can be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {}
