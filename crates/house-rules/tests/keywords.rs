//! The page of keywords says of each keyword of keepalived what the code makes of it.
//!
//! `cargo run -p house-rules --example keywords` writes it anew.

use std::path::Path;

use house_rules::keywords::{PATH, page};
use house_rules::read;

#[test]
fn the_page_of_keywords_is_what_the_sources_say() {
    let present = read(Path::new(PATH)).unwrap();
    let wanted = page(&present).unwrap();
    for (line, (is, should)) in present.lines().zip(wanted.lines()).enumerate() {
        assert_eq!(is, should, "{PATH}:{}: cargo run -p house-rules --example keywords", line + 1);
    }
    assert_eq!(present.lines().count(), wanted.lines().count(), "cargo run -p house-rules --example keywords");
}

#[test]
fn the_page_of_keywords_has_all_of_them() {
    let page = read(Path::new(PATH)).unwrap();
    for row in [
        "| `vrrp_instance` | built |",
        "| `virtual_ipaddress` | built |",
        "| `enable_snmp_vrrp` | accepted without effect: ",
    ] {
        assert!(page.contains(row), "{row}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert!(rows > 250, "only {rows} keywords");
}
