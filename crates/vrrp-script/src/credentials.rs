use std::ffi::CString;

use nix::errno::Errno;
use nix::unistd::{Gid, Group, Uid, User, getegid, geteuid, getgrouplist, getgroups};

use crate::program::Identity;
use crate::report::Unrunnable;

/// An [`Identity`] in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: Uid,
    pub(crate) group: Gid,
    /// The groups beside `group`.
    pub(crate) groups: Vec<Gid>,
    /// Whether these are our own, so that nothing has to change.
    pub(crate) ours: bool,
}

impl Credentials {
    /// Looks the names up.
    ///
    /// # Errors
    ///
    /// No such user, no such group, or whoever knows about them does not answer.
    pub(crate) fn resolve(identity: &Identity) -> Result<Self, Unrunnable> {
        match identity {
            Identity::Inherit => Ok(Self::of_this_process()),
            Identity::Named { user, group, supplementary } => named(user, group.as_deref(), *supplementary),
        }
    }

    fn of_this_process() -> Self {
        Self { user: geteuid(), group: getegid(), groups: getgroups().unwrap_or_default(), ours: true }
    }

    /// Whether this is root, by user or by group: then what it runs must be root's.
    pub(crate) fn is_root(&self) -> bool {
        self.user.is_root() || self.group.as_raw() == 0
    }

    pub(crate) fn is_in(&self, group: u32) -> bool {
        self.group.as_raw() == group || self.groups.iter().any(|other| other.as_raw() == group)
    }
}

fn named(user: &str, group: Option<&str>, supplementary: bool) -> Result<Credentials, Unrunnable> {
    let (number, known) = match lookup(User::from_name(user))? {
        Some(known) => (known.uid, Some(known)),
        None => {
            let number = Uid::from_raw(user.parse().map_err(|_| Unrunnable::NoUser(user.into()))?);
            (number, lookup(User::from_uid(number))?)
        }
    };
    let group = match (group, &known) {
        (Some(group), _) => group_of(group)?,
        (None, Some(known)) => known.gid,
        // A number that no user has says nothing about a group.
        (None, None) => return Err(Unrunnable::NoUser(user.into())),
    };
    let groups = match known {
        Some(known) if supplementary => others(&known, group)?,
        _ => Vec::new(),
    };
    // Root always takes on what was asked for; others are who they are already, and could not change their groups.
    let ours = number == geteuid() && group == getegid() && !number.is_root();
    Ok(Credentials { user: number, group, groups, ours })
}

fn group_of(group: &str) -> Result<Gid, Unrunnable> {
    match lookup(Group::from_name(group))? {
        Some(known) => Ok(known.gid),
        None => group.parse().map(Gid::from_raw).map_err(|_| Unrunnable::NoGroup(group.into())),
    }
}

/// The groups of `user` beside `group`, as `initgroups` takes them on.
fn others(user: &User, group: Gid) -> Result<Vec<Gid>, Unrunnable> {
    let Ok(name) = CString::new(user.name.as_bytes()) else { return Ok(Vec::new()) };
    let mut groups = lookup(getgrouplist(&name, user.gid))?;
    groups.retain(|other| *other != group);
    Ok(groups)
}

fn lookup<T>(answer: Result<T, Errno>) -> Result<T, Unrunnable> {
    answer.map_err(|errno| Unrunnable::Lookup(errno.desc().into()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn identity(user: &str, group: Option<&str>) -> Identity {
        Identity::Named { user: user.into(), group: group.map(Arc::from), supplementary: false }
    }

    #[test]
    fn a_user_is_found_by_name_and_by_number() {
        let named = Credentials::resolve(&identity("root", None)).unwrap();
        let numbered = Credentials::resolve(&identity("0", None)).unwrap();
        assert_eq!(named, numbered);
        assert!(named.is_root());
    }

    #[test]
    fn a_number_without_a_user_needs_a_group() {
        let unknown = "3999999999";
        assert_eq!(Credentials::resolve(&identity(unknown, None)), Err(Unrunnable::NoUser(unknown.into())));
        let both = Credentials::resolve(&identity(unknown, Some("3999999998"))).unwrap();
        assert_eq!((both.user.as_raw(), both.group.as_raw()), (3_999_999_999, 3_999_999_998));
        assert!(!both.is_root());
    }

    #[test]
    fn whoever_is_unknown_is_named() {
        assert_eq!(
            Credentials::resolve(&identity("no-such-user", None)),
            Err(Unrunnable::NoUser("no-such-user".into()))
        );
        let group = identity("root", Some("no-such-group"));
        assert_eq!(Credentials::resolve(&group), Err(Unrunnable::NoGroup("no-such-group".into())));
    }
}
