//! The arrows between crates, and what wire and core may stand on. `docs/src/architecture.md` draws the picture.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "functions that tests share")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use house_rules::{read, root};
use serde_json::Value;

/// Which crates of the workspace each of its crates may import, at run time and in builds.
///
/// A crate that is missing here is an error: a new room is drawn before it is built.
const ARROWS: &[(&str, &[&str])] = &[
    ("vrrp-wire", &[]),
    ("vrrp-core", &["vrrp-wire"]),
    ("vrrp-netlink", &[]),
    ("vrrp-script", &[]),
    ("vrrp-health", &["vrrp-script"]),
    ("vrrp-notify", &["vrrp-script"]),
    ("vrrp-config", &["vrrp-wire"]),
    ("vrrp-control", &[]),
    ("vrrp-http", &["vrrp-control"]),
    ("vrrp-sim", &["vrrp-core", "vrrp-wire"]),
    ("vrrp-model", &["vrrp-core", "vrrp-wire"]),
    ("vrrp-lab", &[]),
    ("vrrp-rehearsal", &["vrrp", "vrrp-config", "vrrp-control", "vrrp-core", "vrrp-sim", "vrrp-wire"]),
    ("vrrp-chaos", &["vrrp-wire", "vrrp-core", "vrrp-sim", "vrrp-lab"]),
    (
        "vrrp",
        &[
            "vrrp-wire",
            "vrrp-core",
            "vrrp-netlink",
            "vrrp-config",
            "vrrp-control",
            "vrrp-script",
            "vrrp-health",
            "vrrp-notify",
        ],
    ),
    ("vrrpd", &["vrrp", "vrrp-config", "vrrp-control", "vrrp-http", "vrrp-lab", "vrrp-rehearsal"]),
    ("vrrpctl", &["vrrp-control"]),
    ("vrrp-benches", &["vrrp-wire", "vrrp-core", "vrrp-config", "vrrp-netlink"]),
    ("vrrp-fuzz", &["vrrp-wire", "vrrp-core", "vrrp-config", "vrrp-control", "vrrp-http", "vrrp-netlink", "vrrp-sim"]),
    ("house-rules", &[]),
];

/// What the codec may be linked with.
const UNDER_WIRE: &[&str] = &["etherparse", "arrayvec", "thiserror"];
/// What only runs while the compiler does.
const MACROS: &[&str] = &["thiserror-impl", "proc-macro2", "quote", "syn", "unicode-ident"];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The workspace's crates, with those of its crates that each imports outside its tests.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = cargo(&["metadata", "--offline", "--locked", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let own: BTreeSet<String> = packages.iter().map(name).collect();
    let imports = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies.filter(|on| on["kind"] != "dev").map(name).filter(|on| own.contains(on)).collect()
    };
    packages.iter().map(|package| (name(package), imports(package))).collect()
}

/// Every crate that `package` is built from, itself left out.
fn tree(package: &str) -> BTreeSet<String> {
    let arguments = ["--offline", "--locked", "-e", "normal,build", "--all-features", "--prefix", "none", "-f", "{p}"];
    let lines = cargo(&[&["tree", "-p", package], &arguments[..]].concat());
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != package).map(str::to_owned).collect()
}

fn attributes(path: &str) -> Vec<String> {
    let file = syn::parse_file(&read(Path::new(path)).unwrap()).unwrap();
    let words = |attribute: &syn::Attribute| {
        let list = attribute.meta.require_list().map(|list| format!("({})", list.tokens)).unwrap_or_default();
        attribute.path().get_ident().map(|ident| format!("{ident}{list}"))
    };
    file.attrs.iter().filter_map(words).collect()
}

#[test]
fn every_arrow_between_crates_is_drawn() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (package, imports) in imports() {
        let Some(allowed) = allowed.get(package.as_str()) else {
            panic!("{package} is not in the table of tests/layers.rs");
        };
        for import in imports {
            assert!(allowed.contains(&import.as_str()), "{package} must not import {import}");
        }
    }
}

#[test]
fn every_crate_of_the_table_exists() {
    let present = imports();
    for (package, _) in ARROWS {
        assert!(present.contains_key(*package), "{package} is in the table and not in the workspace");
    }
}

#[test]
fn nothing_third_party_enters_the_core_but_by_the_wire() {
    let [wire, core] = ["vrrp-wire", "vrrp-core"].map(tree);
    let allowed: BTreeSet<String> = UNDER_WIRE.iter().chain(MACROS).map(|name| (*name).to_owned()).collect();
    assert_eq!(wire.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new(), "under vrrp-wire");
    let own: Vec<_> = core.difference(&wire).collect();
    assert_eq!(own, ["vrrp-wire"], "under vrrp-core");
    assert!(wire.contains("etherparse"), "the test reads the tree: {wire:?}");
}

#[test]
fn wire_and_core_have_no_std_and_no_unsafe() {
    for lib in ["crates/vrrp-wire/src/lib.rs", "crates/vrrp-core/src/lib.rs"] {
        let attributes = attributes(lib);
        for needed in ["no_std", "forbid(unsafe_code)"] {
            assert!(attributes.iter().any(|attribute| attribute == needed), "{lib} lacks #![{needed}]: {attributes:?}");
        }
        assert!(!read(Path::new(lib)).unwrap().contains("extern crate std"), "{lib} brings std back");
    }
}

#[test]
fn an_embedder_links_no_parser() {
    let arguments = ["tree", "-p", "vrrp", "--offline", "--locked", "-e", "normal", "--prefix", "none", "-f", "{p}"];
    let linked = cargo(&arguments);
    for parser in ["vrrp-config", "toml", "serde_json", "clap", "hyper"] {
        assert!(!linked.lines().any(|line| line.starts_with(&format!("{parser} "))), "vrrp links {parser} by default");
    }
}
