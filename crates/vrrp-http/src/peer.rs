use tokio::net::unix::UCred;

/// Whether whoever is at the other end may change anything: root, the user that we run as, or a member of the
/// socket's group.
///
/// That they could connect at all says that the file's mode let them; this is the second lock.
pub(crate) fn may_change(peer: &UCred, group: u32) -> bool {
    let own = nix::unistd::geteuid().as_raw();
    if peer.uid() == 0 || peer.uid() == own || peer.gid() == group {
        return true;
    }
    let status = peer.pid().and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok());
    status.is_some_and(|status| is_member(&status, group))
}

/// Whether a process's status lists a group among its supplementary ones.
fn is_member(status: &str, group: u32) -> bool {
    let groups = status.lines().find_map(|line| line.strip_prefix("Groups:"));
    groups.is_some_and(|groups| groups.split_whitespace().any(|listed| listed.parse() == Ok(group)))
}

#[cfg(test)]
mod tests {
    use super::is_member;

    #[test]
    fn supplementary_groups_count_and_other_lines_do_not() {
        let status = "Name:\tx\nGid:\t77\t77\t77\t77\nGroups:\t4 100 \nNSpid:\t5\n";
        assert!(is_member(status, 100));
        assert!(!is_member(status, 77));
        assert!(!is_member("", 0));
    }
}
