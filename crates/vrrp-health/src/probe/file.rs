/// A number in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct File {}
