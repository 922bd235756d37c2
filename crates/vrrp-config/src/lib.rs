//! keepalived.conf and TOML into one checked model, with diagnostics that point at the line.
#![forbid(unsafe_code)]

mod diagnostic;
mod error;
mod glob;
mod keywords;
mod language;
mod load;
pub mod model;
mod options;
mod read;
mod render;
mod source;
mod suggest;
mod units;
mod write;

pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use load::{Loaded, NamedInterface, Quarantined, load, parse_str};
pub use model::{Global, Model, Router, VirtualAddress};
pub use options::{Limits, Options};
pub use render::render;
pub use source::Location;
