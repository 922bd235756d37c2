use serde::{Deserialize, Serialize};

/// What a reload did, or would do: `POST /v1/reload`, with `?dry_run` to see it only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reloaded {
    /// Whether the new configuration is in force.
    pub applied: bool,
    /// Why not, where it was to be.
    pub reason: Option<String>,
    /// What differs.
    pub changes: Vec<Change>,
    /// What is wrong with the file, or will surprise.
    pub diagnostics: Vec<Diagnostic>,
}

/// One difference between the running configuration and the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The virtual router, or the part of the configuration, that it is about.
    pub subject: String,
    /// What kind.
    pub kind: ChangeKind,
    /// The settings that differ: key, old value, new value.
    #[serde(default)]
    pub settings: Vec<(String, String, String)>,
    /// What will come of it, in words.
    pub words: String,
}

/// What kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Some settings differ.
    Changed,
}

/// Something about a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// `file:line:column`, as far as it is known.
    pub place: String,
    /// In words.
    pub words: String,
}

/// How bad something about a configuration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot run so.
    Error,
    /// It will surprise.
    Warning,
}
