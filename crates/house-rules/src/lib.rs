//! The workspace's rules about itself, as tests: arrows between crates, sizes, the RFC ledger, words and links.
//!
//! What it is: a crate that only tests use. `cargo test -p house-rules` says which rule is broken and where; the
//! reasons stand in `CONTRIBUTING.md`. What it is not: a linter for other projects, and it is not published.
//!
//! ```
//! let long = format!("fn long() {{\n{}}}", "    step();\n".repeat(59));
//! let functions = house_rules::functions(&long)?;
//! assert_eq!(functions[0].lines(), 61);
//! # Ok::<(), syn::Error>(())
//! ```

#![forbid(unsafe_code)]

mod functions;
pub mod keywords;
pub mod ledger;
mod sources;

pub use functions::{Function, functions};
pub use sources::{files, read, root};
