//! keepalived in namespaces of its own: network, mounts, processes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Makes the interfaces, runs keepalived, asks for its dump and prints it; all of it ends with the namespace.
const SCRIPT: &str = r#"
set -eu
mount -t tmpfs none /run
cat > /run/keepalived.conf
mount -t tmpfs none /tmp
mount -t proc none /proc
ip link set lo up
: > /run/log
number=1
for name in "$@"; do
    ip link add "$name" type veth peer name "peer$number"
    ip link set "$name" up
    ip link set "peer$number" up
    ip address add "198.51.100.$number/24" dev "$name"
    number=$((number + 1))
done
keepalived --dont-fork --log-console --vrrp --config-id node --use-file /run/keepalived.conf > /run/log 2>&1 &
daemon=$!
waited=0
until [ -s /tmp/keepalived.data ]; do
    kill -0 "$daemon" 2> /dev/null || { cat /run/log; exit 1; }
    [ "$waited" -lt 100 ] || { cat /run/log; exit 1; }
    ! grep -q 'Startup complete' /run/log || kill -USR1 "$daemon"
    waited=$((waited + 1))
    sleep 0.1
done
cat /tmp/keepalived.data
kill -KILL "$daemon"
"#;

/// What keepalived dumps of a file, with these interfaces present.
pub(crate) fn dump_of(path: &Path, text: &str, interfaces: &[&str]) -> String {
    let mut child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"])
        .args(["sh", "-c", SCRIPT, "sh"])
        .args(interfaces)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("unshare: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(harmless(text).as_bytes()).unwrap_or_else(|error| panic!("unshare: {error}"));
    }
    let output = child.wait_with_output().unwrap_or_else(|error| panic!("unshare: {error}"));
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: keepalived gives no dump\n{out}{errors}", path.display());
    out.into_owned()
}

/// The text with every command replaced by one that does nothing, since real files must not act on this
/// host, and without what needs IPVS.
fn harmless(text: &str) -> String {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let keyword = words.next().unwrap_or_default();
        match keyword {
            _ if words
                .next()
                .is_some_and(|program| program.trim_start_matches(['"', '\'']).starts_with("/usr/bin/true")) =>
            {
                format!("{line}\n")
            }
            // Users of other hosts: keepalived would drop their scripts.
            "user" | "script_user" => format!("{keyword} root\n"),
            "lvs_sync_daemon_interface" | "notification_email_from" => "\n".to_owned(),
            "script" | "startup_script" | "shutdown_script" | "notify" | "notify_master" | "notify_backup"
            | "notify_fault" | "notify_stop" => {
                format!("{keyword} \"/bin/true\"\n")
            }
            _ => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}
