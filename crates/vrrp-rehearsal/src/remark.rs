use core::fmt;

use serde::Serialize;

/// What there is to say about who serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remark {
    /// Nobody serves, though nodes are there that could.
    NobodyServes {
        /// The nodes that could.
        well: Vec<String>,
    },
    /// Nodes serve that hear each other.
    TwoServe {
        /// The nodes.
        nodes: Vec<String>,
    },
    /// A node serves whose check fails, beside one that is well.
    SickServes {
        /// The node.
        node: String,
        /// Its check.
        check: String,
        /// The nodes that are well.
        well: Vec<String>,
    },
    /// After all has recovered, nobody serves.
    NobodyAfterwards,
    /// After all has recovered, two serve.
    TwoAfterwards {
        /// The nodes.
        nodes: Vec<String>,
    },
    /// After all has recovered, another node serves than before, and nothing in the files says so.
    NotBack {
        /// Where the addresses were.
        was: String,
        /// Where they are.
        is: String,
    },
    /// Nobody serves, and nobody is left who could.
    NobodyLeft,
    /// Nodes serve that do not hear each other: no priority can tell them.
    TwoApart {
        /// The nodes.
        nodes: Vec<String>,
    },
    /// A node that hosts do not reach goes on serving, or begins to.
    CutOff {
        /// The node.
        node: String,
    },
    /// After all has recovered, the addresses stay where they are, as the files have it.
    Stays {
        /// Where they are.
        is: String,
    },
    /// Nobody relieves a node that is drained.
    Unrelieved {
        /// The node.
        node: String,
    },
}

impl Remark {
    /// Whether it says that something is wrong with the files, rather than how VRRP is.
    pub const fn is_bad(&self) -> bool {
        matches!(
            self,
            Self::NobodyServes { .. }
                | Self::TwoServe { .. }
                | Self::SickServes { .. }
                | Self::NobodyAfterwards
                | Self::TwoAfterwards { .. }
                | Self::NotBack { .. }
        )
    }

    /// Whether it is no more than another that is bad, or what that comes to after recovery.
    pub(crate) fn follows_from(&self, other: &Self) -> bool {
        match (other, self) {
            (Self::NobodyServes { .. }, Self::NobodyServes { .. } | Self::NobodyAfterwards)
            | (Self::NobodyAfterwards, Self::NobodyAfterwards)
            | (
                Self::TwoServe { .. } | Self::TwoAfterwards { .. },
                Self::TwoServe { .. } | Self::TwoAfterwards { .. },
            ) => true,
            _ => other.is_bad() && self == other,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyServes { well } => write!(f, "nobody serves, though {} could", list(well)),
            Self::TwoServe { nodes } => write!(f, "{} serve at once, though they hear each other", list(nodes)),
            Self::SickServes { node, check, well } => {
                write!(f, "stays on {node}, where {check} fails, though {} is well", list(well))
            }
            Self::NobodyAfterwards => f.write_str("nobody serves after recovery"),
            Self::TwoAfterwards { nodes } => write!(f, "{} serve at once after recovery", list(nodes)),
            Self::NotBack { was, is } => write!(f, "does not come back from {is} to {was}"),
            Self::NobodyLeft => f.write_str("nobody is left who could serve"),
            Self::TwoApart { nodes } => write!(f, "{} serve at once: they do not hear each other", list(nodes)),
            Self::CutOff { node } => write!(f, "{node} serves where no host sees it"),
            Self::Stays { is } => write!(f, "stays on {is}"),
            Self::Unrelieved { node } => write!(f, "nobody relieves {node}: it serves on"),
        }
    }
}

/// Names as a sentence has them.
pub(crate) fn list(names: &[String]) -> String {
    joined(names, "and")
}

/// Names as a sentence has them that speaks of one of them.
pub(crate) fn either(names: &[String]) -> String {
    joined(names, "or")
}

fn joined(names: &[String], word: &str) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} {word} {last}", all.join(", ")),
    }
}
