use nix::unistd::{Gid, Group, Uid, User};
use vrrp_config::model::{Command, Scripts};

/// The account that scripts run as where the file names none, if it is there.
const SCRIPT_USER: &str = "keepalived_script";

/// A command as keepalived writes it: `'/bin/check' 'a word'`.
pub(super) fn quoted(command: &Command) -> String {
    command.argv.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ")
}

/// As whom it runs: `uid:gid 0:0` without the words. Names that nobody knows are those of this process.
pub(super) fn ids(command: &Command, scripts: &Scripts) -> String {
    let default = scripts.script_user.as_ref();
    let (user, group) = match (&command.user, default) {
        (Some(user), _) => (Some(user.as_str()), command.group.as_deref()),
        (None, Some(default)) => (Some(default.user.as_str()), default.group.as_deref()),
        (None, None) => (None, None),
    };
    let account = User::from_name(user.unwrap_or(SCRIPT_USER)).ok().flatten();
    let number = user.and_then(|user| user.parse().ok()).map(Uid::from_raw);
    let uid = account.as_ref().map(|account| account.uid).or(number).unwrap_or_else(Uid::effective);
    let named = group.and_then(|group| Group::from_name(group).ok().flatten()).map(|group| group.gid);
    let number = group.and_then(|group| group.parse().ok()).map(Gid::from_raw);
    let own = || account.as_ref().map_or_else(Gid::effective, |account| account.gid);
    let gid = named.or(number).unwrap_or_else(own);
    format!("{uid}:{gid}")
}
