use super::*;
use crate::source::FileId;

fn line(text: &str) -> Text {
    Text::literal(FileId::FIRST, 100, text)
}

fn without(text: &str) -> Decommented {
    decomment(&line(text))
}

fn kept(text: &str) -> Option<String> {
    match condition(line(text), "node1") {
        Condition::Kept(text) => Some(text.as_str().to_owned()),
        Condition::Dropped => None,
        Condition::Malformed => Some("?".to_owned()),
    }
}

#[test]
fn what_follows_a_hash_or_a_bang_is_gone_with_the_white_space_before_it() {
    for (text, left) in [
        ("", ""),
        ("# all of it", ""),
        ("  word  # rest", "word"),
        ("word! rest", "word"),
        ("\t\"a # b\" ! c \"d\"", "\"a # b\""),
        ("a\\#b \\!c # d", "a#b !c"),
        ("a\\\\# b", "a\\\\"),
        ("\"a\\\"# b\" c", "\"a\\\"# b\" c"),
        ("\"\\#\" b", "\"\\#\" b"),
        ("a\\", "a\\"),
    ] {
        assert_eq!(without(text).text.as_str(), left, "{text}");
    }
}

#[test]
fn what_is_left_is_found_in_its_place() {
    let left = without("  a\\#b # c").text;
    assert_eq!(left.span(0..1), Some(crate::source::Span::new(FileId::FIRST, 102, 103)));
    assert_eq!(left.span(2..3), Some(crate::source::Span::new(FileId::FIRST, 105, 106)), "behind the backslash");
}

#[test]
fn a_quote_that_nothing_closes_is_found_in_what_is_left() {
    assert_eq!(without("a \"b\" c").open_quote, None);
    assert_eq!(without("  a \"b # c").open_quote, Some(2));
    assert_eq!(without("  a\\#b \"c\" \"d").open_quote, Some(8));
}

#[test]
fn a_comment_in_the_middle_of_a_word_is_told() {
    for (text, glued) in [
        ("ab#cd", true),
        ("10.0.0.1!x", true),
        ("ab #cd", false),
        ("ab\t!cd", false),
        ("{# a", false),
        ("}# a", false),
        ("\"a\"# b", false),
        ("# a", false),
        ("ab", false),
    ] {
        assert_eq!(without(text).glued_comment, glued, "{text}");
    }
}

#[test]
fn a_conditional_line_counts_for_its_id_or_for_all_others() {
    assert_eq!(kept("priority 100").as_deref(), Some("priority 100"));
    assert_eq!(kept("@node1  priority 101 ").as_deref(), Some("priority 101"));
    assert_eq!(kept("@node1\tpriority 101").as_deref(), Some("priority 101"));
    assert_eq!(kept("@node2 priority 102"), None);
    assert_eq!(kept("@^node1 priority 103"), None);
    assert_eq!(kept("@^node2 priority 104").as_deref(), Some("priority 104"));
    assert_eq!(kept("@node1").as_deref(), Some(""));
    assert_eq!((kept("@ x").as_deref(), kept("@^ x").as_deref()), (Some("?"), Some("?")));
}
