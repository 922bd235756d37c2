/// How many processes of a name there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {}
