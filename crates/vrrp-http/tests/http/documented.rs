//! The page of the book that names every metric says what is exported.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixture::Running;
use crate::metrics::get;

/// By its name: its type and its labels.
type Families = BTreeMap<String, (String, BTreeSet<String>)>;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/metrics.md");

/// The words between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// The rows of the tables of names, with the labels that their section says all of them have.
fn documented() -> Families {
    let text = std::fs::read_to_string(PAGE).unwrap();
    let (mut families, mut common) = (Families::new(), BTreeSet::new());
    for line in text.lines() {
        if line.starts_with("Labels:") {
            common = quoted(line).collect();
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if let [name, kind @ ("gauge" | "counter" | "histogram"), labels, meaning] = cells[..] {
            assert!(!meaning.is_empty(), "{line}");
            let labels = common.iter().cloned().chain(quoted(labels)).collect();
            let name = name.trim_matches('`').to_owned();
            assert!(families.insert(name, (kind.to_owned(), labels)).is_none(), "twice: {line}");
        }
    }
    families
}

/// What a scrape has, the names of counters as their series have them.
fn exported() -> Families {
    let running = Running::new(1);
    let page = get(&running, "/metrics?compat");
    let mut families = Families::new();
    let mut family = String::new();
    for line in page.lines() {
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            family = if kind == "counter" { format!("{name}_total") } else { name.to_owned() };
            families.insert(family.clone(), (kind.to_owned(), BTreeSet::new()));
        } else if let Some((_, labels)) = line.split_once('{').filter(|_| !line.starts_with('#')) {
            let names = labels.split("=\"").filter_map(|part| part.rsplit([',', '{', '"']).next());
            let names = names.filter(|name| !name.is_empty() && !name.contains('}') && *name != "le");
            families.get_mut(&family).unwrap().1.extend(names.map(str::to_owned));
        }
    }
    families
}

#[test]
fn every_metric_is_in_the_book_with_its_type_and_labels_and_no_other() {
    let (documented, exported) = (documented(), exported());
    let names = |families: &Families| families.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = names(&exported).difference(&names(&documented)).cloned().collect();
    assert!(missing.is_empty(), "not in the book: {missing:?}");
    assert!(exported.len() > 60, "{exported:?}");
    for (name, said) in &documented {
        assert_eq!(exported.get(name), Some(said), "{name}: exported, and as the book has it");
    }
}
