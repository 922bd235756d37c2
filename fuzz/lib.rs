//! Bodies of the fuzz targets, so that stable clippy and `cargo test` see them.
