//! Writes the tables of `docs/src/keywords.md` anew from the sources of `vrrp-config`.

use std::fs;
use std::io;
use std::path::Path;

use house_rules::keywords::{PATH, page};
use house_rules::{read, root};

fn main() -> io::Result<()> {
    let page = page(&read(Path::new(PATH))?)?;
    fs::write(root().join(PATH), page)
}
