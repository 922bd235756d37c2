//! Tests that hold the workspace to its own rules: arrows between crates, sizes, the RFC ledger.
