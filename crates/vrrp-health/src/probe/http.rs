/// An HTTP or HTTPS answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {}
