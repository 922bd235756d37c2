use core::fmt;
use std::fs;
use std::io;
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::unistd::Uid;

use crate::enter::own_maps;
use crate::sys;

/// What on this system keeps an ordinary user from making namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// `user.max_user_namespaces` is 0, or all that it allows are in use.
    MaxUserNamespaces,
    /// `kernel.unprivileged_userns_clone` is 0 (Debian's and Arch's kernels).
    UnprivilegedUsernsClone,
    /// `kernel.apparmor_restrict_unprivileged_userns` is 1 (Ubuntu since 23.10).
    AppArmor,
    /// A seccomp filter, as container runtimes install it.
    Seccomp,
    /// The kernel was built without what is needed.
    Kernel,
    /// None of the settings known here.
    Unknown,
}

/// Namespaces are forbidden: by what, and what the kernel answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct Forbidden {
    /// What forbids it, as far as that can be told.
    pub setting: Setting,
    /// The kernel's error number.
    pub errno: i32,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errno = Errno::from_raw(self.errno);
        let (cause, remedy) = match self.setting {
            Setting::MaxUserNamespaces => {
                ("user.max_user_namespaces is 0 or used up", "`sysctl user.max_user_namespaces=15000` as root")
            }
            Setting::UnprivilegedUsernsClone => {
                ("kernel.unprivileged_userns_clone is 0", "`sysctl kernel.unprivileged_userns_clone=1` as root")
            }
            Setting::AppArmor => (
                "kernel.apparmor_restrict_unprivileged_userns is 1",
                "`sysctl kernel.apparmor_restrict_unprivileged_userns=0` as root, or an AppArmor profile with `userns,` for this program",
            ),
            Setting::Seccomp => (
                "a seccomp filter is in force, as in a container",
                "a run outside the container, or a container started with `--security-opt seccomp=unconfined --cap-add SYS_ADMIN`",
            ),
            Setting::Kernel => {
                ("this kernel has no user namespaces (CONFIG_USER_NS)", "a kernel with CONFIG_USER_NS=y")
            }
            Setting::Unknown => ("no setting known here is the cause", "a run as root"),
        };
        write!(f, "cannot make user, network, mount and PID namespaces ({errno}): {cause}; what helps: {remedy}")
    }
}

/// Says what forbids the namespaces that a lab needs, if they are forbidden, by trying them in a short-lived child process.
///
/// The text of the result names the setting and what to do.
pub fn forbidden() -> Option<Forbidden> {
    let error = attempt(true).err()?;
    Some(explain(&error))
}

/// Finds the setting behind the kernel's answer.
pub(crate) fn explain(error: &io::Error) -> Forbidden {
    let errno = error.raw_os_error().unwrap_or(Errno::EIO as i32);
    let number = |key: &str| {
        let text = fs::read_to_string(format!("/proc/sys/{key}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    let setting = if number("user/max_user_namespaces") == Some(0) || errno == Errno::ENOSPC as i32 {
        Setting::MaxUserNamespaces
    } else if number("kernel/unprivileged_userns_clone") == Some(0) {
        Setting::UnprivilegedUsernsClone
    } else if number("kernel/apparmor_restrict_unprivileged_userns") == Some(1) && !Uid::effective().is_root() {
        Setting::AppArmor
    } else if under_seccomp() {
        Setting::Seccomp
    } else if errno == Errno::EINVAL as i32 || errno == Errno::ENOSYS as i32 {
        Setting::Kernel
    } else {
        Setting::Unknown
    };
    Forbidden { setting, errno }
}

fn under_seccomp() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.strip_prefix("Seccomp:").is_some_and(|mode| mode.trim() != "0"))
}

/// Makes the namespaces in a child process that ends at once.
pub(crate) fn attempt(user_namespace: bool) -> io::Result<()> {
    let mut command = Command::new("/proc/self/exe");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sys::try_namespaces(&mut command, user_namespace.then(own_maps));
    command.status().map(drop)
}
