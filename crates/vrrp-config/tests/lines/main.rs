//! What single lines mean and which problems they have, in tables: a case is the lines after `> `, and what follows is
//! what is said of them and what the model that they make is written as, beside that of the same block without them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails, fails")]

use core::fmt::Write as _;

use vrrp_config::{Loaded, Options, parse_str, to_keepalived, to_toml};

/// A block around the lines of a case.
struct Around {
    name: &'static str,
    before: &'static str,
    after: &'static str,
    /// What is written is compared with the case as it stands, not with what is written without it.
    beside_itself: bool,
}

const WHOLE: Around = Around { name: "x.conf", before: "", after: "", beside_itself: true };
const TOML: Around = Around { name: "x.toml", before: "", after: "", beside_itself: false };
const GLOBALS: Around = Around { name: "x.conf", before: "global_defs {\n", after: "}\n", beside_itself: false };
const ROUTER: Around = Around {
    name: "x.conf",
    before: "vrrp_instance A {\n",
    after: "interface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n",
    beside_itself: false,
};
const ADDRESS: Around = Around {
    name: "x.conf",
    before: "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n\
             virtual_ipaddress_excluded {\n",
    after: "}\n}\n",
    beside_itself: false,
};
const CHECK: Around = Around {
    name: "x.conf",
    before: "vrrp_instance A {\nstate BACKUP\ninterface eth0\nvirtual_router_id 7\npriority 100\n\
             virtual_ipaddress {\n10.0.0.1/32\n}\ntrack_check {\nc\n}\n}\ncheck c {\n",
    after: "}\n",
    beside_itself: true,
};

fn load(around: &Around, lines: &str) -> Loaded {
    parse_str(around.name, &format!("{}{lines}{}", around.before, around.after), &Options::default())
}

/// Each problem with the places it names, their lines counted from the case's first.
fn problems(loaded: &Loaded, around: &Around) -> String {
    let mut text = String::new();
    let above = i64::try_from(around.before.lines().count()).unwrap();
    for problem in &loaded.diagnostics {
        write!(text, "{}[{}]", problem.severity, problem.code).unwrap();
        for label in &problem.labels {
            let place = &label.location;
            let line = i64::try_from(place.line).unwrap() - above;
            let note = if label.message.is_empty() { String::new() } else { format!(" ({})", label.message) };
            write!(text, " {line}:{}-{}{note}", place.column, place.end_column).unwrap();
        }
        writeln!(text, ": {}", problem.message).unwrap();
        if let Some(help) = &problem.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text
}

/// What one text has and the other has not, line by line.
fn beyond<'a>(text: &'a str, base: &str) -> Vec<&'a str> {
    let mut left: Vec<&str> = base.lines().map(str::trim).collect();
    let missing = |line: &&str| match left.iter().position(|other| *other == line.trim()) {
        Some(place) => {
            left.remove(place);
            false
        }
        None => !line.is_empty(),
    };
    text.lines().filter(missing).collect()
}

/// What is said of a case, and how what is written differs from what stands there without it, or from the case itself.
fn meaning(around: &Around, lines: &str) -> String {
    let loaded = load(around, lines);
    let mut text = problems(&loaded, around);
    for router in &loaded.quarantined {
        writeln!(text, "quarantined: {}", router.name).unwrap();
    }
    let written = to_keepalived(&loaded.model);
    if loaded.is_sound() {
        for (name, again) in [("y.conf", written.clone()), ("y.toml", to_toml(&loaded.model))] {
            assert_eq!(parse_str(name, &again, &Options::default()).model, loaded.model, "{again}");
        }
    }
    let plain = if around.beside_itself {
        format!("{}{lines}{}", around.before, around.after)
    } else {
        to_keepalived(&load(around, "").model)
    };
    for line in beyond(&written, &plain) {
        writeln!(text, "+{line}").unwrap();
    }
    if loaded.is_sound() {
        for line in beyond(&plain, &written) {
            writeln!(text, "-{line}").unwrap();
        }
    }
    text
}

/// Compares a table with what its cases come to.
fn holds(around: &Around, table: &str) {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for case in table.split("\n\n") {
        let given: Vec<&str> = case.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        assert!(!given.is_empty(), "no case: {case}");
        let lines: String = given.iter().map(|line| format!("{line}\n")).collect();
        let head: String = given.iter().map(|line| format!("> {line}\n")).collect();
        let read = format!("{head}{}", meaning(around, &lines));
        cases += 1;
        if read.trim_end() != case.trim_end() {
            wrong.push(read);
        }
    }
    if !wrong.is_empty() {
        panic!("{} of {cases} cases are read otherwise, as:\n\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn addresses_and_their_options_are_read_as_the_table_has_them() {
    holds(&ADDRESS, include_str!("address.txt"));
}

#[test]
fn lines_of_a_router_are_read_as_the_table_has_them() {
    holds(&ROUTER, include_str!("router.txt"));
}

#[test]
fn global_lines_are_read_as_the_table_has_them() {
    holds(&GLOBALS, include_str!("globals.txt"));
}

#[test]
fn lines_of_a_check_are_read_as_the_table_has_them() {
    holds(&CHECK, include_str!("check.txt"));
}

#[test]
fn checks_and_those_who_track_them_are_read_as_the_table_has_them() {
    holds(&WHOLE, include_str!("tracked.txt"));
}

#[test]
fn whole_blocks_are_read_as_the_table_has_them() {
    holds(&WHOLE, include_str!("blocks.txt"));
}

#[test]
fn toml_is_read_as_the_table_has_it() {
    holds(&TOML, include_str!("toml.txt"));
}
