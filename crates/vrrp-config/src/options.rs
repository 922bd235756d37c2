/// How to read a file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The id that `@id` lines are kept for; `None` for the host name up to its first dot.
    pub config_id: Option<String>,
    /// Reports keywords that exist and are not built yet as warnings, and loads as if they were not there.
    pub allow_not_built: bool,
    /// Turns every warning into an error.
    pub strict: bool,
    /// Accepts `virtual_server` and its kin because another process serves them
    /// (`keepalived --check` beside this one); the file can say so too, with `load_balancing_by_others`.
    pub load_balancing_by_others: bool,
    /// What reading may cost at most.
    pub limits: Limits,
}

/// Bounds on what a file can make the reader do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Files in all, includes among them.
    pub files: usize,
    /// Includes inside includes.
    pub include_depth: usize,
    /// Bytes that the expansion of `$NAME` may write in all.
    pub expanded_bytes: usize,
    /// Bytes that the expansion of one line may write.
    pub line_bytes: usize,
    /// Blocks inside blocks.
    pub block_depth: usize,
}

impl Default for Limits {
    /// 8 MiB a file, 1000 files, 32 deep; 64 MiB of expansions, 1 MiB a line; 32 blocks deep.
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            files: 1000,
            include_depth: 32,
            expanded_bytes: 64 << 20,
            line_bytes: 1 << 20,
            block_depth: 32,
        }
    }
}

impl Options {
    /// The id that `@id` lines are compared with.
    pub(crate) fn config_id(&self) -> String {
        self.config_id.clone().unwrap_or_else(host_name)
    }
}

/// The host's name up to its first dot, as the kernel knows it.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().split('.').next().unwrap_or_default().to_owned()
}
