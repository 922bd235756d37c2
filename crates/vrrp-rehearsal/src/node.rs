use std::path::Path;

use vrrp_config::{Loaded, Location, Options};

/// One machine: a name, and its configuration as it was read.
#[derive(Debug)]
pub struct Node {
    /// What it is called in reports.
    pub name: String,
    /// What its file came to.
    pub loaded: Loaded,
}

impl Node {
    /// A machine with the configuration in a file, named after it: `node-a` for `/tmp/node-a.conf`.
    pub fn load(path: &Path, options: &Options) -> Self {
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self { name, loaded: vrrp_config::load(path, options) }
    }

    /// A machine with this configuration, in keepalived's language.
    pub fn parse(name: &str, text: &str, options: &Options) -> Self {
        Self { name: name.to_owned(), loaded: vrrp_config::parse_str(&format!("{name}.conf"), text, options) }
    }

    /// Where the first of these keywords stands in the block of a router, or the block itself.
    pub(crate) fn place(&self, instance: &str, keywords: &[&str]) -> Location {
        let known = keywords.iter().find_map(|keyword| self.loaded.place(instance, keyword));
        known.or_else(|| self.loaded.place(instance, "vrrp_instance")).cloned().unwrap_or_default()
    }
}
