use super::*;
use crate::source::FileId;

fn reference(line: &str) -> Option<(&str, &str, &str, bool)> {
    next_reference(line, 0)
        .map(|found| (line.get(found.start..found.end).unwrap(), found.name, found.argument, found.braced))
}

#[test]
fn a_definition_is_a_name_and_where_its_value_begins() {
    assert_eq!(definition("$A=b"), Some(("A", 3)));
    assert_eq!(definition("$NET_1=10.0"), Some(("NET_1", 7)));
    assert_eq!(definition("$_x="), Some(("_x", 4)));
    for none in ["A=b", "$=b", "$1A=b", "$A =b", "$A", "$A-B=c", "${A}=b"] {
        assert_eq!(definition(none), None, "{none}");
    }
}

#[test]
fn a_reference_in_braces_stands_anywhere_and_may_have_an_argument() {
    assert_eq!(reference("x${A}y"), Some(("${A}", "A", "", true)));
    assert_eq!(reference("${_ENV HOME}"), Some(("${_ENV HOME}", "_ENV", "HOME", true)));
    assert_eq!(reference("${A\t1 2 }."), Some(("${A\t1 2 }", "A", "1 2", true)));
    assert_eq!(reference("${A-B} ${C1}"), Some(("${C1}", "C1", "", true)), "no name");
    for none in ["${A", "${}", "${1}", "${ A}"] {
        assert_eq!(reference(none), None, "{none}");
    }
}

#[test]
fn a_reference_without_braces_ends_with_a_word() {
    assert_eq!(reference("$A"), Some(("$A", "A", "", false)));
    assert_eq!(reference("a $IF_1 b"), Some(("$IF_1", "IF_1", "", false)));
    assert_eq!(reference("($A,$B)"), Some(("$A", "A", "", false)));
    assert_eq!(reference("$B)"), Some(("$B", "B", "", false)));
    assert_eq!(reference("$A.b $$ $1 $C"), Some(("$C", "C", "", false)));
    assert_eq!(reference("$A-b"), None);
}

#[test]
fn references_are_found_one_after_the_other() {
    let line = "$A ${B}$C";
    let mut at = 0;
    let mut names = Vec::new();
    while let Some(found) = next_reference(line, at) {
        at = found.end;
        names.push(found.name);
    }
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(next_reference(line, line.len()), None);
}

#[test]
fn what_a_name_stands_for_is_its_latest_definition_or_what_is_known_before() {
    let span = Span::new(FileId::FIRST, 3, 7);
    let mut definitions = Definitions::default();
    for value in ["1", "2"] {
        let lines = vec![Text::substituted(span, value)];
        definitions.define("A".to_owned(), Definition { lines });
    }
    let lines = vec![Text::substituted(span, "x"), Text::substituted(span, "y")];
    definitions.define("B".to_owned(), Definition { lines });
    let meaning = |text: &str| match definitions.meaning(&next_reference(text, 0).unwrap(), span, "/etc", "node1") {
        Meaning::Lines(lines) => lines.iter().map(Text::as_str).collect::<Vec<_>>().join("|"),
        Meaning::Undefined => "undefined".to_owned(),
        Meaning::NotBuilt => "not built".to_owned(),
    };
    let told = ["$A", "$B", "${_PWD}", "${_INSTANCE}", "${_HASH}${_BANG}", "${_BANG}", "${_RANDOM}", "$C"].map(meaning);
    assert_eq!(told, ["2", "x|y", "/etc", "node1", "#", "!", "not built", "undefined"]);
    assert_eq!(definitions.names().collect::<Vec<_>>(), ["A", "B"]);
}
