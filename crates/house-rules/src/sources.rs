use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What programs make (in a worktree `.git` is a file).
const GENERATED: &[&str] = &[".git", "target", "artifacts", "book"];

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_default()
}

/// Every file of the workspace whose name ends in one of `extensions` (all files when there are none), relative to
/// the root and sorted. What programs generate is left out.
///
/// # Errors
/// A directory cannot be read.
pub fn files(extensions: &[&str]) -> io::Result<Vec<PathBuf>> {
    let (root, mut found, mut open) = (root(), Vec::new(), vec![PathBuf::new()]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(root.join(&directory))? {
            let entry = entry?;
            let path = directory.join(entry.file_name());
            let name = entry.file_name();
            if GENERATED.iter().any(|generated| name == *generated) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if extensions.is_empty() || path.extension().is_some_and(|end| extensions.iter().any(|e| end == *e))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file of the workspace; bytes that are no UTF-8 are replaced.
///
/// # Errors
/// It cannot be read.
pub fn read(path: &Path) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&fs::read(root().join(path))?).into_owned())
}
