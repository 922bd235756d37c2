//! keepalived.conf and TOML into one checked model, with diagnostics that point at the line.
