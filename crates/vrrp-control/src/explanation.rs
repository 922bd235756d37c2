use serde::{Deserialize, Serialize};

use crate::State;

/// Why one virtual router is, or is not, Active: `GET /v1/explain/NAME`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The virtual router.
    pub router: String,
    /// Where it stands.
    pub state: State,
    /// In one sentence.
    pub headline: String,
    /// Why.
    pub because: Vec<Sentence>,
    /// What would change it.
    pub would_change: Vec<Sentence>,
    /// The last transition, with its evidence.
    pub last_transition: Vec<Sentence>,
    /// What is odd here and on this LAN.
    pub odd: Vec<Sentence>,
}

/// A sentence for people, with the word that a program knows it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The word.
    pub token: String,
    /// The sentence.
    pub words: String,
}

impl Sentence {
    /// A sentence and its word.
    pub fn new(token: impl Into<String>, words: impl Into<String>) -> Self {
        Self { token: token.into(), words: words.into() }
    }
}
