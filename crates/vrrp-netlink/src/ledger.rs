//! The list of addresses that we added, for kernels that keep no mark on an address.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::key::Key;

const FILE: &str = "addresses";

/// The list, and its file where there is a directory for it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    directory: Option<PathBuf>,
    keys: BTreeSet<Key>,
    changed: bool,
}

impl Ledger {
    /// Reads the list that an earlier run left; lines that make no sense are skipped.
    pub(crate) fn load(directory: Option<&Path>) -> Self {
        let text = directory.and_then(|directory| fs::read_to_string(directory.join(FILE)).ok()).unwrap_or_default();
        let keys = text.lines().filter_map(|line| line.parse().ok()).collect();
        Self { directory: directory.map(Path::to_owned), keys, changed: false }
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    pub(crate) fn insert(&mut self, key: Key) {
        self.changed |= self.keys.insert(key);
    }

    pub(crate) fn remove(&mut self, key: &Key) {
        self.changed |= self.keys.remove(key);
    }

    /// Strikes out what is not there any more: whoever adds it again owns it.
    pub(crate) fn retain(&mut self, there: impl Fn(&Key) -> bool) {
        let before = self.keys.len();
        self.keys.retain(there);
        self.changed |= self.keys.len() != before;
    }

    /// Writes the list if it changed; a reader sees the old one or the new one, never a part.
    pub(crate) fn save(&mut self) -> io::Result<()> {
        let Some(directory) = self.directory.as_deref().filter(|_| self.changed) else {
            return Ok(());
        };
        let text: String = self.keys.iter().map(|key| format!("{key}\n")).collect();
        let fresh = directory.join("addresses.new");
        fs::write(&fresh, text)?;
        fs::rename(&fresh, directory.join(FILE))?;
        self.changed = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_survives_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let four = Key::new(7, [10, 0, 0, 1].into(), 24, [10, 0, 0, 1].into());
        let six = Key::new(9, "2001:db8::1".parse().unwrap(), 64, "2001:db8::1".parse().unwrap());
        let mut ledger = Ledger::load(Some(directory.path()));
        ledger.insert(four);
        ledger.insert(six);
        ledger.save().unwrap();
        assert!(Ledger::load(Some(directory.path())).contains(&six));
        ledger.remove(&six);
        ledger.save().unwrap();
        let again = Ledger::load(Some(directory.path()));
        assert!(again.contains(&four));
        assert!(!again.contains(&six));
    }

    #[test]
    fn what_is_no_longer_there_leaves_the_list_and_a_list_that_did_not_change_is_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(FILE);
        let key = |last: u8| Key::new(7, [10, 0, 0, last].into(), 24, [10, 0, 0, last].into());
        let mut ledger = Ledger::load(Some(directory.path()));
        ledger.insert(key(1));
        ledger.insert(key(2));
        ledger.retain(|_| true);
        ledger.save().unwrap();
        ledger.retain(|there| *there == key(2));
        ledger.save().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "7 10.0.0.2 24 10.0.0.0\n");
        fs::remove_file(&file).unwrap();
        ledger.retain(|_| true);
        ledger.insert(key(2));
        ledger.remove(&key(1));
        ledger.save().unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn nonsense_in_the_file_is_skipped() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE), "x\n1 2 3\n7 10.0.0.1 24 10.0.0.0\n").unwrap();
        let ledger = Ledger::load(Some(directory.path()));
        assert_eq!(ledger.keys.len(), 1);
    }
}
