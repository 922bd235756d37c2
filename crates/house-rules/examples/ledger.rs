//! Writes the columns of tests in `docs/src/rfc-ledger.md` anew from the `ledger: ID` markers in the sources.

use std::fs;
use std::io;
use std::path::Path;

use house_rules::ledger::{PATH, markers, refreshed};
use house_rules::{read, root};

fn main() -> io::Result<()> {
    let text = read(Path::new(PATH))?;
    fs::write(root().join(PATH), refreshed(&text, &markers()?))
}
