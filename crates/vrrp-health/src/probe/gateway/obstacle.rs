//! Why a target does not count as reached, and how that is said.

use core::fmt;
use core::net::IpAddr;
use std::io;

use nix::errno::Errno;

/// Why a target does not count as reached.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// It does not answer.
    Silent,
    /// It is this host.
    Own,
    /// There is no link of that name.
    Absent(Box<str>),
    /// It is link-local, and no link was named.
    NoLink,
    /// This process may not ask.
    NotPermitted(&'static str),
    /// The address to ask from is of the other family.
    Family(IpAddr),
    /// The system cannot ask.
    System(io::Error),
}

impl Obstacle {
    /// Whether it tells of us and nothing of the target.
    pub(crate) const fn is_ours(&self) -> bool {
        matches!(self, Self::NotPermitted(_) | Self::NoLink | Self::Family(_))
    }

    /// Makes of an error that a permission is missing, if that is what it says.
    pub(crate) fn permission(error: io::Error, needs: &'static str) -> Self {
        let refused = [Errno::EPERM as i32, Errno::EACCES as i32];
        if error.raw_os_error().is_some_and(|errno| refused.contains(&errno)) {
            Self::NotPermitted(needs)
        } else {
            Self::System(error)
        }
    }
}

impl From<io::Error> for Obstacle {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Errno> for Obstacle {
    fn from(errno: Errno) -> Self {
        Self::System(errno.into())
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("does not answer"),
            Self::Own => f.write_str("is an address of this host"),
            Self::Absent(link) => write!(f, "cannot be asked: {link} is absent"),
            Self::NoLink => f.write_str("is link-local and needs an interface"),
            Self::NotPermitted(needs) => write!(f, "cannot be asked: {needs}"),
            Self::Family(source) => write!(f, "cannot be asked from {source}"),
            Self::System(error) => write!(f, "cannot be asked: {error}"),
        }
    }
}

/// Says what was in the way of each target; those that do not answer are named together.
pub(crate) fn words(failures: &[(IpAddr, Obstacle)]) -> String {
    let silent: Vec<String> = failures
        .iter()
        .filter(|(_, obstacle)| matches!(obstacle, Obstacle::Silent))
        .map(|(target, _)| target.to_string())
        .collect();
    let first = match silent.as_slice() {
        [] => None,
        [one] => Some(format!("{one} does not answer")),
        [most @ .., last] => Some(format!("{} and {last} do not answer", most.join(", "))),
    };
    let others = failures.iter().filter(|(_, obstacle)| !matches!(obstacle, Obstacle::Silent));
    let others = others.map(|(target, obstacle)| format!("{target} {obstacle}"));
    first.into_iter().chain(others).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_do_not_answer_are_named_together_and_the_others_one_by_one() {
        let told = |failures: Vec<(&str, Obstacle)>| {
            let failures: Vec<_> = failures.into_iter().map(|(target, why)| (target.parse().unwrap(), why)).collect();
            words(&failures)
        };
        assert_eq!(told(vec![("10.0.0.1", Obstacle::Silent)]), "10.0.0.1 does not answer");
        let several = ["10.0.0.1", "10.0.0.2", "fd00::3"].map(|target| (target, Obstacle::Silent));
        assert_eq!(told(several.into()), "10.0.0.1, 10.0.0.2 and fd00::3 do not answer");
        let mixed = vec![
            ("10.0.0.1", Obstacle::Own),
            ("10.0.0.2", Obstacle::Silent),
            ("fe80::1", Obstacle::NoLink),
            ("10.0.0.3", Obstacle::Absent("eth7".into())),
            ("fd00::1", Obstacle::Family([10, 0, 0, 9].into())),
        ];
        let words = "10.0.0.2 does not answer; 10.0.0.1 is an address of this host; \
                     fe80::1 is link-local and needs an interface; 10.0.0.3 cannot be asked: eth7 is absent; \
                     fd00::1 cannot be asked from 10.0.0.9";
        assert_eq!(told(mixed), words);
    }

    #[test]
    fn a_missing_permission_is_ours_and_named_and_other_errors_are_the_systems() {
        for errno in [Errno::EPERM, Errno::EACCES] {
            let obstacle = Obstacle::permission(errno.into(), "ARP needs CAP_NET_RAW");
            assert_eq!(obstacle.to_string(), "cannot be asked: ARP needs CAP_NET_RAW");
            assert!(obstacle.is_ours());
        }
        let down = Obstacle::permission(Errno::ENETDOWN.into(), "ARP needs CAP_NET_RAW");
        assert!(down.to_string().starts_with("cannot be asked: Network is down"), "{down}");
        assert!(!down.is_ours() && !Obstacle::Silent.is_ours());
        assert!(Obstacle::NoLink.is_ours() && Obstacle::Family([10, 0, 0, 9].into()).is_ours());
    }
}
