use super::*;

/// A file of its own for text that is not in the first one.
fn another() -> FileId {
    let mut sources = crate::source::Sources::default();
    sources.add(String::new(), String::new());
    sources.add(String::new(), String::new())
}

fn at(start: usize, end: usize) -> Span {
    Span::new(FileId::FIRST, start, end)
}

/// `ab` of bytes 10 and 11, `xyz` in place of bytes 20 to 24, `cd` of bytes 30 and 31.
fn mixed() -> Text {
    let mut text = Text::literal(FileId::FIRST, 10, "ab");
    text.push(&Text::substituted(at(20, 24), "xyz"));
    text.push(&Text::literal(FileId::FIRST, 30, "cd"));
    text
}

#[test]
fn text_of_a_file_is_found_there_byte_by_byte() {
    let text = Text::literal(FileId::FIRST, 10, "hello world");
    assert_eq!((text.as_str(), text.len(), text.whole()), ("hello world", 11, Some(at(10, 21))));
    assert_eq!(text.span(6..11), Some(at(16, 21)));
    let world = text.slice(6..11);
    assert_eq!((world.as_str(), world.whole(), world.span(1..2)), ("world", Some(at(16, 21)), Some(at(17, 18))));
}

#[test]
fn what_was_put_in_is_found_where_it_was_named() {
    let text = mixed();
    assert_eq!((text.as_str(), text.len()), ("abxyzcd", 7));
    assert_eq!(text.span(0..1), Some(at(10, 11)));
    assert_eq!(text.span(3..4), Some(at(20, 24)), "all of the reference");
    assert_eq!(text.span(1..4), Some(at(11, 24)));
    assert_eq!(text.span(3..6), Some(at(20, 31)));
    assert_eq!(text.span(6..7), Some(at(31, 32)));
    assert_eq!(text.whole(), Some(at(10, 32)));
}

#[test]
fn a_part_of_the_text_comes_from_where_it_came_from_in_the_whole() {
    let text = mixed();
    let part = text.slice(1..6);
    assert_eq!((part.as_str(), part.whole()), ("bxyzc", Some(at(11, 31))));
    assert_eq!(
        (part.span(0..1), part.span(2..3), part.span(4..5)),
        (Some(at(11, 12)), Some(at(20, 24)), Some(at(30, 31)))
    );
    assert_eq!(text.slice(3..5).whole(), Some(at(20, 24)));
    assert_eq!(text.slice(5..7).whole(), Some(at(30, 32)));
    assert_eq!(text.slice(0..2).pieces.len(), 1, "nothing of what comes behind it");
    let inner = part.slice(3..5);
    assert_eq!((inner.as_str(), inner.whole()), ("zc", Some(at(20, 31))));
}

#[test]
fn text_that_is_none_came_from_nowhere_and_an_empty_part_from_its_place() {
    let text = mixed();
    assert_eq!((text.slice(5..9).len(), text.slice(5..9).whole()), (0, None));
    assert_eq!(Text::default().whole(), None);
    assert_eq!((text.slice(1..1).len(), text.slice(1..1).whole()), (0, Some(at(11, 11))));
    assert_eq!(text.slice(7..7).whole(), Some(at(32, 32)));
}

#[test]
fn a_part_whose_end_is_elsewhere_is_found_where_it_begins() {
    let mut backwards = Text::literal(FileId::FIRST, 30, "cd");
    backwards.push(&Text::literal(FileId::FIRST, 10, "ab"));
    assert_eq!(backwards.span(1..3), Some(at(31, 32)));
    let mut elsewhere = Text::literal(FileId::FIRST, 10, "ab");
    elsewhere.push(&Text::literal(another(), 90, "cd"));
    assert_eq!(elsewhere.span(1..4), Some(at(11, 12)));
    assert_eq!(elsewhere.span(2..4), Some(Span::new(another(), 90, 92)));
}
