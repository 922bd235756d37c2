//! How a report looks: to people, to programs, as a picture.

use std::collections::BTreeSet;

use serde_json::Value;
use vrrp_rehearsal::{Rehearsal, Report};

use super::fixture::{check, file, nodes};

/// A pair about which there is something of everything to say.
fn report() -> Report {
    let api = check("api", "weight -5");
    let block = |priority: u8| file(&api, &format!("priority {priority}\n track_script {{\n api\n }}"));
    let rehearsal = Rehearsal { pairs: true, ..Rehearsal::default() };
    rehearsal.run(&nodes(&[&block(100), &block(90)])).unwrap()
}

/// Every path to a value, with `[]` for each entry of a list.
fn paths(value: &Value, at: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| paths(value, &format!("{at}.{name}"), into)),
        Value::Array(values) => values.iter().for_each(|value| paths(value, &format!("{at}[]"), into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            into.insert(at.to_owned());
        }
    }
}

const OF_A_REPORT: [&str; 25] = [
    ".findings[].code",
    ".findings[].help",
    ".findings[].kind",
    ".findings[].nodes[]",
    ".findings[].places[].column",
    ".findings[].places[].file",
    ".findings[].places[].line",
    ".findings[].router",
    ".findings[].words",
    ".format",
    ".nodes[].name",
    ".routers[].family",
    ".routers[].name",
    ".routers[].priorities[]",
    ".routers[].segment",
    ".routers[].vrid",
    ".seed",
    ".segments[].guessed",
    ".segments[].interfaces[]",
    ".segments[].name",
    ".services[].addresses[]",
    ".services[].nodes[]",
    ".services[].routers[]",
    ".software",
    ".outcomes[].name",
];

const OF_A_SERVICE: [&str; 11] = [
    "after[]",
    "before[]",
    "during[]",
    "moves",
    "nobody",
    "recovery_nobody",
    "recovery_took",
    "recovery_two",
    "remarks[].what",
    "took",
    "two",
];

#[test]
fn the_fields_of_the_json_form_stay() {
    let json = serde_json::to_value(report()).unwrap();
    let mut found = BTreeSet::new();
    paths(&json, "", &mut found);
    for wanted in OF_A_REPORT {
        assert!(found.contains(wanted), "{wanted} is gone: {found:#?}");
    }
    for wanted in OF_A_SERVICE {
        for of in ["outcomes", "pairs"] {
            let wanted = format!(".{of}[].services[].{wanted}");
            assert!(found.contains(&wanted), "{wanted} is gone: {found:#?}");
        }
    }
    for wanted in ["at", "node", "router", "from", "to", "cause"] {
        assert!(found.contains(&format!(".outcomes[].transitions[].{wanted}")), "{wanted} is gone: {found:#?}");
    }
    assert_eq!(json["format"], 1);
    assert_eq!(json["findings"].as_array().unwrap().last().unwrap()["kind"], "weight_never_moves");
}

#[test]
fn the_same_files_and_seed_give_the_same_report() {
    let once = serde_json::to_string(&report()).unwrap();
    assert_eq!(once, serde_json::to_string(&report()).unwrap());
    assert_eq!(report().to_string(), report().to_string());
}

#[test]
fn what_is_bad_comes_first_and_is_marked() {
    let text = report().to_string();
    let bad = text.find("!!  api fails on node-a").unwrap_or_else(|| panic!("{text}"));
    assert!(bad < text.find("nothing fails").unwrap(), "{text}");
    assert!(text.contains("stays on node-a, where api fails, though node-b is well"), "{text}");
    assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
}

/// Walks the tags of a picture, and fails where they are not nested or an entity is not whole.
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a bare > in {text}");
        assert_entities(text);
        let (tag, after) = after.split_once('>').expect("a tag ends");
        assert_entities(tag);
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes of {tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {svg}");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
        rest = after;
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
}

fn assert_entities(text: &str) {
    for after in text.split('&').skip(1) {
        assert!(["lt;", "gt;", "amp;", "quot;"].iter().any(|entity| after.starts_with(entity)), "&{after}");
    }
}

#[test]
fn the_picture_is_well_formed_and_shows_who_answers() {
    let report = report();
    let svg = report.svg(report.outcomes.iter().chain(&report.pairs));
    assert_well_formed(&svg);
    for wanted in ["node-a fails", "10.0.0.100", "Active", "all is well", "nobody"] {
        assert!(svg.contains(wanted), "{wanted}");
    }
}

#[test]
fn names_from_files_cannot_break_the_picture() {
    let named = file("", "priority 150").replace("VI_1", "\"a<b>&c\"");
    let mut nodes = nodes(&[&named, &named.replace("150", "100")]);
    nodes[0].name = "<node & \"a\">".into();
    let report = Rehearsal::default().run(&nodes).unwrap();
    assert_well_formed(&report.svg(&report.outcomes));
}
