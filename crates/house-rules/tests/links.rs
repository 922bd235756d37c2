//! Links in the documentation lead somewhere, every page of the book is in its summary, and the commands of the README
//! are commands of the program.

#![expect(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use house_rules::{files, read, root};

/// The relative targets of `[text](target)` and `src="target"` in a page, without fragment.
fn targets(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let images = text.split("src=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(target, _)| target);
    let relative = links.chain(images).filter(|target| !target.contains("://") && !target.starts_with('#'));
    relative.map(|target| target.split('#').next().unwrap_or(target).to_owned()).collect()
}

fn pages() -> Vec<PathBuf> {
    files(&["md"]).unwrap()
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut dead = Vec::new();
    for page in pages() {
        let beside = root().join(page.parent().unwrap());
        for target in targets(&read(&page).unwrap()) {
            if !beside.join(&target).exists() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn a_link_is_found_in_a_page() {
    let page = "see [the map](architecture.md#rooms), [RFC](https://www.rfc-editor.org/) and <img src=\"a.svg\">";
    assert_eq!(targets(page), ["architecture.md", "a.svg"]);
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let listed: BTreeSet<String> = targets(&read(Path::new("docs/src/SUMMARY.md")).unwrap()).into_iter().collect();
    let book = Path::new("docs/src");
    for page in pages().iter().filter_map(|page| page.strip_prefix(book).ok()) {
        let page = page.to_str().unwrap();
        assert!(page == "SUMMARY.md" || listed.contains(page), "{page} is not in SUMMARY.md");
    }
}

/// The subcommands of `vrrpd`: variants of the enums in its sources that clap derives them from.
fn subcommands() -> BTreeSet<String> {
    let sources = files(&["rs"]).unwrap().into_iter().filter(|path| path.starts_with("bins/vrrpd/src"));
    let items = sources.flat_map(|path| syn::parse_file(&read(&path).unwrap()).unwrap().items);
    let mut found = BTreeSet::new();
    for item in items {
        let syn::Item::Enum(item) = item else {
            continue;
        };
        let derives = item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
        let mut derived = derives.filter_map(|attribute| attribute.meta.require_list().ok());
        if derived.any(|list| list.tokens.to_string().contains("Subcommand")) {
            found.extend(item.variants.iter().map(|variant| variant.ident.to_string().to_lowercase()));
        }
    }
    found
}

/// The words after `vrrpd` in the shell blocks of a page.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let lines = blocks.flat_map(str::lines);
    let called = lines.filter_map(|line| line.split_once("vrrpd -- ").or_else(|| line.split_once("vrrpd ")));
    let words = called.filter_map(|(_, rest)| rest.split_whitespace().next());
    words.filter(|word| word.chars().all(|c| c.is_ascii_lowercase())).map(str::to_owned).collect()
}

#[test]
fn the_commands_that_the_pages_show_are_commands_of_the_program() {
    let known = subcommands();
    for page in pages() {
        for command in commands(&read(&page).unwrap()) {
            assert!(known.contains(&command), "{}: vrrpd has no `{command}`, only {known:?}", page.display());
        }
    }
}

#[test]
fn a_command_is_found_in_a_page() {
    let page = "```sh\ncargo run --release -p vrrpd -- demo\nsudo vrrpd run --config x\n```\nvrrpd none";
    assert_eq!(commands(page), ["demo", "run"]);
}
