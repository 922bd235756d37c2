use super::*;
use crate::source::FileId;

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    lex(&Text::literal(FileId::FIRST, 0, line), &mut tokens);
    assert!(matches!(tokens.pop(), Some(Token::End)));
    tokens
}

/// The words of a line with what each was cut from, braces as they are.
fn words(line: &str) -> Vec<(String, &str)> {
    let word = |token| match token {
        Token::Word(word) => (word.text, line.get(word.span.start..word.span.end).unwrap()),
        Token::Open(span) | Token::Close(span) => (String::new(), line.get(span.start..span.end).unwrap()),
        Token::End => panic!("an end before the end"),
    };
    tokens(line).into_iter().map(word).collect()
}

/// What words were cut from.
fn cut(line: &str) -> Vec<&str> {
    words(line).into_iter().map(|(_, written)| written).collect()
}

/// What words say.
fn said(line: &str) -> Vec<String> {
    words(line).into_iter().map(|(text, _)| text).filter(|text| !text.is_empty()).collect()
}

/// Whether the only word of a line is left with something unresolved in it.
fn unresolved(line: &str) -> bool {
    match tokens(line).as_slice() {
        [Token::Word(word)] => word.unresolved,
        others => panic!("{others:?}"),
    }
}

#[test]
fn words_end_at_white_space_and_braces_stand_alone() {
    assert_eq!(cut(""), [""; 0]);
    assert_eq!(cut("  a\tbc   d "), ["a", "bc", "d"]);
    assert_eq!(cut("a{b c}d}"), ["a", "{", "b", "c", "}", "d", "}"]);
    assert_eq!(cut("vrrp_instance A{"), ["vrrp_instance", "A", "{"]);
    assert!(matches!(tokens("{}").as_slice(), [Token::Open(_), Token::Close(_)]));
}

#[test]
fn double_quotes_hold_white_space_and_braces_and_are_not_said() {
    assert_eq!(cut("a \"b {c\" d"), ["a", "\"b {c\"", "d"]);
    assert_eq!(said("a x\"b {c\"y d"), ["a", "xb {cy", "d"]);
    assert_eq!(said("router_id 'a b'"), ["router_id", "'a", "b'"], "single quotes are characters");
}

#[test]
fn braces_of_a_reference_and_of_a_template_are_part_of_a_word() {
    assert_eq!(cut("x${A b}y{ z"), ["x${A b}y", "{", "z"]);
    assert_eq!(cut("{{ name }} b"), ["{{ name }}", "b"]);
    assert_eq!(cut("a{{x}}{{y}}b {"), ["a{{x}}{{y}}b", "{"]);
    assert_eq!(cut("{% if a %} b}"), ["{% if a %}", "b", "}"]);
    assert_eq!(cut("a{{ b"), ["a", "{", "{", "b"], "nothing closes it");
    assert_eq!(cut("\"{{ a\" b }}"), ["\"{{ a\"", "b", "}", "}"], "one that opens in quotes is none");
    assert_eq!(cut("${{a}}"), ["${{a}", "}"], "the braces are the reference's");
}

#[test]
fn what_nothing_defines_is_left_in_a_word_and_noted() {
    assert!(unresolved("${A}") && unresolved("a${A}b"));
    assert!(unresolved("{{a}}") && unresolved("x{%a%}"));
    assert!(!unresolved("$A") && !unresolved("a"), "without braces it may be meant so");
    assert!(!unresolved("\"{{a}}\""), "a string");
}

#[test]
fn quotes_and_escapes_are_noted() {
    let noted: Vec<bool> = tokens("a \"b\" c'd e\\f")
        .into_iter()
        .map(|token| matches!(token, Token::Word(Word { quoted: true, .. })))
        .collect();
    assert_eq!(noted, [false, true, true, true]);
}

#[test]
fn a_command_is_taken_apart_with_quotes_of_both_kinds_and_escapes() {
    assert_eq!(said("script '/bin/a b' \"c d\" e"), ["script", "/bin/a b", "c d", "e"]);
    assert_eq!(said("script \"it's\" a'b c'd"), ["script", "it's", "ab cd"]);
    assert_eq!(said(r"script a\ b \'c d"), ["script", "a b", "'c", "d"]);
    assert_eq!(cut("script a'{ }'b }"), ["script", "a'{ }'b", "}"]);
    assert_eq!(cut("script ${A b}c{ d"), ["script", "${A b}c", "{", "d"]);
    assert_eq!(cut("script a{{ x }}b }"), ["script", "a{{ x }}b", "}"]);
    assert_eq!(cut("script '{{ a' b"), ["script", "'{{ a'", "b"]);
    assert_eq!(cut("script ${{a}} b"), ["script", "${{a}", "}", "b"]);
    assert_eq!(said("script 'a b"), ["script", "'a", "b"], "nothing closes it");
}

#[test]
fn a_string_after_some_keywords_keeps_quotes_of_the_other_kind() {
    assert_eq!(said(r#"body_equals '{"a": 1}' b"#), ["body_equals", r#"{"a": 1}"#, "b"]);
    assert_eq!(said(r#"body_equals "it's" b"#), ["body_equals", "it's", "b"]);
    assert_eq!(said(r#"body_equals a"b c"d"#), ["body_equals", "ab cd"]);
    assert_eq!(said("body_equals 'a b"), ["body_equals", "'a", "b"], "nothing closes it");
    let whole = tokens("body_equals '{{a}}'");
    assert!(matches!(whole.as_slice(), [_, Token::Word(Word { unresolved: false, .. })]), "{whole:?}");
}

#[test]
fn the_first_word_behind_a_brace_is_a_keyword_again() {
    assert_eq!(said("script 'a b' } router_id 'c d'"), ["script", "a b", "router_id", "'c", "d'"]);
    assert_eq!(said("router_id script 'a b'"), ["router_id", "script", "'a", "b'"]);
}

#[test]
fn the_first_placeholder_of_a_line_is_found_outside_strings() {
    assert_eq!(first_template("a {{b}} {{c}}"), Some(2..7));
    assert_eq!(first_template("\"{{a}}\" {% b %}"), Some(8..15));
    assert_eq!(first_template("a {b} }}"), None);
    assert_eq!(first_template("\"{{a}}\""), None);
}
