//! Everything on the way to a file, one component after the other, links included.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Component as Part, Path, PathBuf};

use crate::credentials::Credentials;
use crate::report::Unrunnable;

/// As many links as the kernel follows.
const LINKS: usize = 40;
const SET_USER: u32 = 0o4000;
const SET_GROUP: u32 = 0o2000;
const STICKY: u32 = 0o1000;
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Directory,
    Link,
    File,
    Other,
}

/// A directory, a link or at last the file on the way to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    pub(crate) owner: u32,
    pub(crate) group: u32,
    /// The permissions with the set-user-ID, set-group-ID and sticky bits.
    pub(crate) mode: u32,
}

/// Returns every component from the root to what `path` leads to, in the order in which the kernel passes them.
///
/// # Errors
///
/// One is missing, or may not be looked at.
pub(crate) fn components(path: &Path) -> Result<Vec<Component>, Unrunnable> {
    let path = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
    let mut ahead = parts(&path);
    let mut at = PathBuf::from("/");
    let mut passed = vec![look(&at)?];
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&part);
        let component = look(&next)?;
        if component.kind != Kind::Link {
            at = next;
            passed.push(component);
            continue;
        }
        links += 1;
        if links > LINKS {
            return Err(Unrunnable::Missing { path: next });
        }
        let target = next.read_link().map_err(|error| unreadable(&next, &error))?;
        if target.is_absolute() {
            at = PathBuf::from("/");
        }
        for part in parts(&target).into_iter().rev() {
            ahead.push_front(part);
        }
        passed.push(component);
    }
    Ok(passed)
}

fn parts(path: &Path) -> VecDeque<OsString> {
    let part = |part| match part {
        Part::Normal(name) => Some(name.to_owned()),
        Part::ParentDir => Some("..".into()),
        Part::CurDir | Part::RootDir | Part::Prefix(_) => None,
    };
    path.components().filter_map(part).collect()
}

fn look(path: &Path) -> Result<Component, Unrunnable> {
    let metadata = path.symlink_metadata().map_err(|error| unreadable(path, &error))?;
    Ok(Component::new(path, &metadata))
}

fn unreadable(path: &Path, error: &io::Error) -> Unrunnable {
    let path = path.to_owned();
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        return Unrunnable::Missing { path };
    }
    Unrunnable::Unreadable { path, error: error.to_string().into() }
}

impl Component {
    fn new(path: &Path, metadata: &Metadata) -> Self {
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => Kind::Directory,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        let mode = metadata.mode() & 0o7777;
        Self { path: path.to_owned(), kind, owner: metadata.uid(), group: metadata.gid(), mode }
    }

    /// Whether others than root could put something else here.
    ///
    /// A link's own mode means nothing. In a sticky directory everybody may write, and only owners replace: it is
    /// judged by what is in it.
    fn is_insecure(&self) -> bool {
        let writable = self.mode & OTHERS_WRITE != 0 || (self.group != 0 && self.mode & GROUP_WRITES != 0);
        self.owner != 0
            || match self.kind {
                Kind::Link => false,
                Kind::Directory => writable && self.mode & STICKY == 0,
                Kind::File | Kind::Other => writable,
            }
    }

    /// Whether the mode lets them run this file, or pass this directory.
    pub(crate) fn is_executable_by(&self, who: &Credentials) -> bool {
        match self.kind {
            Kind::Link => true,
            Kind::Directory if who.user.is_root() => true,
            Kind::Directory | Kind::File | Kind::Other if who.user.is_root() => self.mode & 0o111 != 0,
            Kind::Directory | Kind::File | Kind::Other if who.user.as_raw() == self.owner => self.mode & 0o100 != 0,
            Kind::Directory | Kind::File | Kind::Other if who.is_in(self.group) => self.mode & 0o010 != 0,
            Kind::Directory | Kind::File | Kind::Other => self.mode & 0o001 != 0,
        }
    }

    /// Whether running this file is running something as root, whoever does it.
    fn becomes_root(&self) -> bool {
        (self.owner == 0 && self.mode & SET_USER != 0) || (self.group == 0 && self.mode & SET_GROUP != 0)
    }
}

/// What others than root could have written on the way to a program that `who` would run with root's rights.
pub(crate) fn insecure(passed: &[Component], who: &Credentials) -> Option<Unrunnable> {
    if !who.is_root() && !passed.last().is_some_and(Component::becomes_root) {
        return None;
    }
    let Component { path, owner, group, mode, .. } = passed.iter().find(|component| component.is_insecure())?.clone();
    Some(Unrunnable::Insecure { path, owner, group, mode })
}

/// What keeps `who` from running the file at the end, as far as kinds and modes tell.
pub(crate) fn denied(passed: &[Component], who: &Credentials) -> Option<Unrunnable> {
    let (file, way) = passed.split_last()?;
    if let Some(Component { path, owner, group, mode, .. }) =
        way.iter().find(|step| !step.is_executable_by(who)).cloned()
    {
        return Some(Unrunnable::Closed { path, owner, group, mode });
    }
    let Component { path, kind, owner, group, mode } = file.clone();
    match kind {
        Kind::File if file.is_executable_by(who) => None,
        Kind::File => Some(Unrunnable::NotExecutable { path, owner, group, mode }),
        Kind::Directory | Kind::Link | Kind::Other => Some(Unrunnable::NotAFile { path }),
    }
}

#[cfg(test)]
mod tests;
