use super::*;

#[test]
fn braces_multiply() {
    assert_eq!(alternatives("a{b,c}{d,e}f"), ["abdf", "abef", "acdf", "acef"]);
    assert_eq!(alternatives("a{b,{c,d}}"), ["ab", "ac", "ad"]);
    assert_eq!(alternatives("a{b"), ["a{b"]);
    assert!(alternatives(&"{a,b}".repeat(40)).len() < 1000);
}

#[test]
fn patterns_match_whole_names() {
    for (pattern, name) in
        [("*", "abc"), ("a*c", "abbc"), ("?b[c-e]", "abd"), ("[!x]*.conf", "a.conf"), ("*a*b", "xaabb")]
    {
        assert!(matches_name(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [("a*c", "abcd"), ("?", ""), ("[a-c]", "d"), ("[", "["), ("*.conf", "conf")] {
        assert!(!matches_name(pattern, name), "{pattern} {name}");
    }
}

#[test]
fn there_is_an_end_to_alternatives() {
    let all = alternatives(&"{a,b}".repeat(8));
    assert_eq!((all.len(), all.iter().filter(|one| one.contains('{')).count()), (256, 0));
    let cut = alternatives(&"{a,b}".repeat(9));
    assert_eq!(cut.len(), 257, "one more by the last that was split");
    assert!(cut.iter().any(|one| one.contains('{')), "what is left stands as it is");
}

#[test]
fn braces_that_hold_nothing_or_one_thing_are_braces_all_the_same() {
    assert_eq!(alternatives("a{}b"), ["ab"]);
    assert_eq!(alternatives("a{b}c"), ["abc"]);
    assert_eq!(alternatives("a{,b}"), ["a", "ab"]);
    assert_eq!(alternatives("x,{é,b},y"), ["x,é,y", "x,b,y"]);
    assert_eq!(alternatives("a}b{c,d}"), ["a}bc", "a}bd"]);
}

#[test]
fn a_set_is_of_characters_and_ranges_and_may_be_turned_round() {
    for (pattern, name) in [
        ("[abc]x", "bx"),
        ("[a-c]", "b"),
        ("[!a-c]", "d"),
        ("[^x]", "a"),
        ("[]]", "]"),
        ("[!]a]x", "bx"),
        ("[a-c1-3]", "2"),
        ("[+--]", ","),
        ("[]-]x", "-x"),
        ("[a-]", "-"),
        ("[0-9a-f]", "e"),
        ("a[b]c", "abc"),
        ("[é]", "é"),
    ] {
        assert!(matches_name(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [
        ("[abc]", "d"),
        ("[!a-c]", "b"),
        ("[^x]", "x"),
        ("[a-c]", "-"),
        ("[!]a]", "]"),
        ("[ab", "a"),
        ("[]", "]"),
        ("[ab]", "ab"),
        ("*[x]", "xa"),
    ] {
        assert!(!matches_name(pattern, name), "{pattern} {name}");
    }
}

#[test]
fn only_a_pattern_is_wild() {
    for (pattern, wild) in
        [("a.conf", false), ("*.conf", true), ("a?", true), ("[a]", true), ("{a,b}", true), ("", false)]
    {
        assert_eq!(is_wild(pattern), wild, "{pattern}");
    }
}

#[test]
fn files_are_found_by_name_and_hidden_ones_only_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    for file in ["b.conf", "a.conf", ".hidden.conf", "c.txt"] {
        fs::write(root.join(file), "").unwrap();
    }
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join("sub/a.conf"), "").unwrap();
    let found = |pattern: &str| -> Vec<String> {
        let relative = |path: PathBuf| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        matches(root, pattern).into_iter().map(relative).collect()
    };
    assert_eq!(found("*.conf"), ["a.conf", "b.conf"]);
    assert_eq!(found(".*"), [".hidden.conf"]);
    assert_eq!(found("a.conf"), ["a.conf"]);
    assert_eq!(found("none.conf"), [""; 0]);
    assert_eq!(found("*/a.conf"), ["sub/a.conf"]);
    assert_eq!(found("sub//*"), ["sub/a.conf"]);
    assert_eq!(found(&format!("{}/b*", root.display())), ["b.conf"]);
}
