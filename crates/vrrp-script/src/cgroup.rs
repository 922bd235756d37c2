//! A control group for each program, where we may make one: whoever leaves the process group cannot leave that.

use core::sync::atomic::{AtomicU64, Ordering};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Where the kernel says which control groups we are in.
const OURS: &str = "/proc/self/cgroup";
/// Where the kernel says what is mounted.
const MOUNTS: &str = "/proc/self/mountinfo";

/// How our control groups are called; the process that made one and a number follow.
const NAME: &str = "vrrp-script.";

/// Numbers the control groups of this process.
static NEXT: AtomicU64 = AtomicU64::new(0);
/// Those that could not be removed: what a program left running is still in them.
static LEFT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The control group of one program (cgroups(7), version 2). Removed when nobody is in it any more.
#[derive(Debug)]
pub(crate) struct Cgroup {
    path: PathBuf,
    members: File,
}

impl Cgroup {
    /// Makes one below ours. `None` where there is no hierarchy of version 2, where we may not write, or where the kernel
    /// cannot kill a control group (before 5.14).
    pub(crate) fn make() -> Option<Self> {
        static PARENT: OnceLock<Option<PathBuf>> = OnceLock::new();
        let parent = PARENT.get_or_init(parent).as_ref()?;
        sweep();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!("{NAME}{}.{number}", std::process::id()));
        fs::create_dir(&path).ok()?;
        let members = OpenOptions::new().write(true).open(path.join("cgroup.procs"));
        match members {
            Ok(members) if path.join("cgroup.kill").exists() => Some(Self { path, members }),
            Ok(_) | Err(_) => {
                let _ = fs::remove_dir(&path);
                None
            }
        }
    }

    /// What a process writes `0` to in order to enter it. It is opened before that process gives up what we may.
    pub(crate) const fn members(&self) -> &File {
        &self.members
    }

    /// Kills everything in it.
    pub(crate) fn kill(&self) {
        // One that is gone already has nobody to kill.
        let _ = OpenOptions::new()
            .write(true)
            .open(self.path.join("cgroup.kill"))
            .and_then(|mut kill| kill.write_all(b"1"));
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        if fs::remove_dir(&self.path).is_err() {
            LEFT.lock().unwrap_or_else(PoisonError::into_inner).push(core::mem::take(&mut self.path));
        }
    }
}

/// Removes those that have become empty meanwhile.
fn sweep() {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| fs::remove_dir(path).is_err() && path.exists());
}

/// The directory of the control group that this process is in.
fn parent() -> Option<PathBuf> {
    let (ours, mounts) = (fs::read_to_string(OURS).ok()?, fs::read_to_string(MOUNTS).ok()?);
    let parent = directory(&ours, &mounts)?;
    clear_away(&parent);
    Some(parent)
}

/// Removes what processes like this one left that have ended since, where nobody is in it any more.
fn clear_away(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let maker = name.to_str().and_then(|name| name.strip_prefix(NAME)?.split('.').next());
        if maker.is_some_and(|maker| !Path::new("/proc").join(maker).exists()) {
            // One that a program still runs in stays.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// Where the control group of `ours` lies in the first mount of version 2 that shows it.
fn directory(ours: &str, mounts: &str) -> Option<PathBuf> {
    let ours = Path::new(ours.lines().find_map(|line| line.strip_prefix("0::"))?);
    mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mut fields = before.split(' ').skip(3);
        let (root, mounted) = (fields.next()?, fields.next()?);
        let below = ours.strip_prefix(root).ok()?;
        (after.split(' ').next() == Some("cgroup2")).then(|| Path::new(mounted).join(below))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_control_group_is_found_where_version_2_is_mounted() {
        let unit = "12:pids:/x\n0::/system.slice/vrrpd.service\n";
        let hybrid = "30 25 0:26 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n\
                      31 25 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";
        let found = directory(unit, hybrid);
        assert_eq!(found.as_deref(), Some(Path::new("/sys/fs/cgroup/unified/system.slice/vrrpd.service")));
        let part = "31 25 0:27 /system.slice /cg rw - cgroup2 cgroup2 rw\n";
        assert_eq!(directory(unit, part).as_deref(), Some(Path::new("/cg/vrrpd.service")));
        let elsewhere = "31 25 0:27 /user.slice /cg rw - cgroup2 cgroup2 rw\n";
        assert_eq!(directory(unit, elsewhere), None);
        assert_eq!(directory("3:pids:/\n", hybrid), None);
    }
}
