use std::env;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use nix::mount::{MsFlags, mount};

use crate::error::EnterError;

/// The environment variable that tells the copy of the program that it is inside.
pub(crate) const INSIDE: &str = "VRRP_LAB_INSIDE";

/// Directories that are private inside. `/var/run` matters only where it is no link to `/run`.
const PRIVATE: [&str; 3] = ["/run", "/var/run", "/tmp"];

/// Says whether this process runs inside a lab's namespaces.
pub fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Makes the inside what it should be, once: private mounts, an own `/proc`, `/sys`, `/run`, `/var/run` and `/tmp`.
pub(crate) fn settle() -> Result<(), EnterError> {
    static SETTLED: Mutex<bool> = Mutex::new(false);
    let mut settled = SETTLED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*settled {
        private_propagation()?;
        mount_kernel_views();
        mount_private_directories()?;
        *settled = true;
    }
    Ok(())
}

fn private_propagation() -> Result<(), EnterError> {
    let flags = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount_at("a private tree", Path::new("/"), None, flags)
}

/// Shows the own PID and network namespace. Where a container hides parts of `/proc` the kernel refuses
/// this, and the outer views stay: the lab works, and only process numbers differ from what `/proc` shows.
fn mount_kernel_views() {
    for (kind, target) in [("proc", "/proc"), ("sysfs", "/sys")] {
        let _outer_view_stays = mount_at(kind, Path::new(target), Some(kind), guarded());
    }
}

/// Gives the calling thread's mount namespace its own `/run`, `/var/run` and `/tmp`.
///
/// What the program itself lives in (its executable, the working directory) stays visible if it is below one of them.
pub(crate) fn mount_private_directories() -> Result<(), EnterError> {
    for target in PRIVATE {
        let target = Path::new(target);
        if fs::symlink_metadata(target).is_ok_and(|meta| meta.is_dir()) {
            let kept = kept_below(target);
            mount_at("tmpfs", target, Some("tmpfs"), guarded())?;
            for (path, open) in kept {
                keep(&path, &open).map_err(|source| EnterError::Mount {
                    what: "a kept directory",
                    target: path,
                    source,
                })?;
            }
        }
    }
    Ok(())
}

/// Gives a host's mount namespace a view of its own network devices.
pub(crate) fn mount_network_view() {
    let _outer_view_stays = mount_at("sysfs", Path::new("/sys"), Some("sysfs"), guarded());
}

const fn guarded() -> MsFlags {
    MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV)
}

fn mount_at(what: &'static str, target: &Path, kind: Option<&str>, flags: MsFlags) -> Result<(), EnterError> {
    mount(Some("vrrp-lab"), target, kind, flags, None::<&str>).map_err(|errno| EnterError::Mount {
        what,
        target: target.into(),
        source: errno.into(),
    })
}

/// Finds the directories directly below `target` in which this program lives, and holds them open.
fn kept_below(target: &Path) -> Vec<(PathBuf, File)> {
    let mut kept: Vec<(PathBuf, File)> = Vec::new();
    for path in [env::current_exe(), env::current_dir()].into_iter().flatten() {
        let Ok(below) = path.strip_prefix(target) else {
            continue;
        };
        let Some(Component::Normal(first)) = below.components().next() else {
            continue;
        };
        let first = target.join(first);
        if first.is_dir() && kept.iter().all(|(known, _)| *known != first) {
            kept.extend(File::open(&first).map(|open| (first, open)));
        }
    }
    kept
}

fn keep(path: &Path, open: &File) -> io::Result<()> {
    fs::create_dir_all(path)?;
    let source = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
    Ok(mount(Some(&source), path, None::<&str>, MsFlags::MS_BIND | MsFlags::MS_REC, None::<&str>)?)
}
