use thiserror::Error;

/// Why files cannot be rehearsed together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SiteError {
    /// There is no virtual router that could run.
    #[error("no file has a virtual router that could run")]
    Nothing,
    /// There are more nodes, virtual routers or checks than the simulator has room for.
    #[error("there are {found} {what}, and room for {room}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        room: usize,
    },
    /// Two nodes have one name.
    #[error("two nodes are called `{0}`")]
    SameName(String),
    /// No node has this name.
    #[error("no node is called `{0}`")]
    UnknownNode(String),
    /// No virtual router of the node is on this interface.
    #[error("no virtual router of {node} is on `{interface}`")]
    UnknownInterface {
        /// The node.
        node: String,
        /// The interface.
        interface: String,
    },
    /// Two interfaces of one node cannot be on one segment.
    #[error("`{first}` and `{second}` of {node} cannot be on one segment")]
    OneNode {
        /// The node.
        node: String,
        /// The one interface.
        first: String,
        /// The other.
        second: String,
    },
    /// No failure has a name with this in it.
    #[error("nothing that could fail is called `{0}`")]
    UnknownFailure(String),
}

/// Why a segment cannot be read from `NODE:INTERFACE=NODE:INTERFACE`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no `NODE:INTERFACE=NODE:INTERFACE`")]
pub struct JoinError(pub String);
