/// The word of `known` that `word` was probably meant to be.
pub(crate) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match word.len() {
        0..=2 | 40.. => return None,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let lower = word.to_lowercase();
    known
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words: insert, delete, replace or swap neighbours, each counting one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = at(&row, j) + usize::from(x != y);
            let mut best = replaced.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && Some(x) == b.get(j - 1) && a.get(i - 1) == Some(y);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = core::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn inserting_deleting_replacing_and_swapping_count_one_each() {
        for (a, b, edits) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("ab", "xab", 1),
            ("abcd", "abdc", 1),
            ("ab", "ba", 1),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
            ("a", "abcd", 3),
            ("abc", "cab", 2),
            ("abcdef", "ghijkl", 6),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (edits, edits), "{a} {b}");
        }
        assert_eq!(distance("a", "abcde"), usize::MAX, "not worth counting");
    }

    #[test]
    fn longer_words_may_have_more_slips_in_them() {
        for (word, known, near) in [
            ("dov", "dev", true),
            ("dvo", "dev", false),
            ("stxty", "state", false),
            ("stxtys", "states", true),
            ("pxixrxty", "priority", false),
            ("axxert_int", "advert_int", true),
            ("axxxrt_int", "advert_int", true),
            ("axxxxt_int", "advert_int", false),
        ] {
            assert_eq!(closest(word, [known].into_iter()).is_some(), near, "{word} {known}");
        }
        let long = "a".repeat(40);
        assert_eq!(closest(&long, [long.as_str()].into_iter()), None);
        assert_eq!(closest("prioritx", ["prioritys", "priority"].into_iter()), Some("priority"), "the nearest");
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_another_word_is_not() {
        let known = ["advert_int", "priority", "interface", "dev", "state"];
        for (word, near) in [
            ("advert_in", Some("advert_int")),
            ("prioirty", Some("priority")),
            ("Interface", Some("interface")),
            ("staet", Some("state")),
            ("nat_mask", None),
            ("de", None),
        ] {
            assert_eq!(closest(word, known.into_iter()), near, "{word}");
        }
    }
}
