use std::fs;
use std::path::{Path, PathBuf};

/// How many alternatives `{a,b}` may make of one pattern.
const MAX_ALTERNATIVES: usize = 256;

/// The patterns that the braces of `pattern` stand for, in their order.
pub(crate) fn alternatives(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut waiting = vec![pattern.to_owned()];
    while let Some(next) = waiting.pop() {
        match split_braces(&next) {
            Some(parts) if waiting.len() + done.len() < MAX_ALTERNATIVES => waiting.extend(parts.into_iter().rev()),
            _ => done.push(next),
        }
    }
    done
}

/// Whether `pattern` can match more than one name.
pub(crate) fn is_wild(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
}

/// The files that match, sorted by name; a relative pattern starts at `directory`.
pub(crate) fn matches(directory: &Path, pattern: &str) -> Vec<PathBuf> {
    let start = if pattern.starts_with('/') { PathBuf::from("/") } else { directory.to_owned() };
    let mut found = vec![start];
    for component in pattern.split('/').filter(|component| !component.is_empty()) {
        found = found.iter().flat_map(|parent| step(parent, component)).collect();
    }
    found
}

/// The entries of `parent` that one component of a pattern matches.
fn step(parent: &Path, component: &str) -> Vec<PathBuf> {
    if !is_wild(component) {
        let path = parent.join(component);
        return if path.exists() { vec![path] } else { Vec::new() };
    }
    let directory = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| (!name.starts_with('.') || component.starts_with('.')) && matches_name(component, name));
    names.sort_unstable();
    names.into_iter().map(|name| parent.join(name)).collect()
}

/// Whether a name matches a pattern of `*`, `?` and `[...]`.
fn matches_name(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut pattern, mut name) = (pattern.as_slice(), name.as_slice());
    let mut retry = None;
    loop {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => return true,
            (Some(('*', rest)), _) => {
                retry = Some((rest, name));
                pattern = rest;
                continue;
            }
            (Some(_), Some((&character, rest))) => {
                if let Some(after) = match_one(pattern, character) {
                    (pattern, name) = (after, rest);
                    continue;
                }
            }
            (None, Some(_)) | (Some(_), None) => {}
        }
        let Some((star, [_, shorter @ ..])) = retry else {
            return false;
        };
        retry = Some((star, shorter));
        (pattern, name) = (star, shorter);
    }
}

/// What is left of the pattern when its first part matches `character`.
fn match_one(pattern: &[char], character: char) -> Option<&[char]> {
    let (first, rest) = pattern.split_first()?;
    match first {
        '?' => Some(rest),
        '[' => {
            let (negated, set) = match rest.split_first() {
                Some(('!' | '^', set)) => (true, set),
                _ => (false, rest),
            };
            // A `]` that comes first is one of the set.
            let end = 1 + set.iter().skip(1).position(|&c| c == ']')?;
            let (set, rest) = (set.get(..end)?, set.get(end + 1..)?);
            (in_set(set, character) != negated).then_some(rest)
        }
        literal => (*literal == character).then_some(rest),
    }
}

fn in_set(mut set: &[char], character: char) -> bool {
    loop {
        let (low, high, rest) = match set {
            [low, '-', high, rest @ ..] => (low, high, rest),
            [one, rest @ ..] => (one, one, rest),
            [] => return false,
        };
        if (low..=high).contains(&&character) {
            return true;
        }
        set = rest;
    }
}

/// One pattern for each alternative of the first brace; `None` without a brace that closes.
fn split_braces(pattern: &str) -> Option<Vec<String>> {
    let open = pattern.find('{')?;
    let (mut depth, mut parts, mut start) = (0_usize, Vec::new(), open + 1);
    for (at, character) in pattern.char_indices().skip_while(|&(at, _)| at < open) {
        match character {
            '{' => depth += 1,
            ',' if depth == 1 => {
                parts.push(pattern.get(start..at)?);
                start = at + 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            parts.push(pattern.get(start..at)?);
            let (head, tail) = (pattern.get(..open)?, pattern.get(at + 1..)?);
            return Some(parts.into_iter().map(|part| format!("{head}{part}{tail}")).collect());
        }
    }
    None
}

#[cfg(test)]
mod tests;
