//! The control socket's file: made under another name, so that it never is there with the wrong owner or mode; one that a
//! dead daemon left is replaced, one that somebody answers is not.

use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Group, chown};

use crate::error::ServeError;

const MODE: u32 = 0o660;

/// A listening control socket, whose file goes when it does.
#[derive(Debug)]
pub(crate) struct ControlSocket {
    path: PathBuf,
    inode: u64,
    /// The group that may use it.
    pub(crate) group: u32,
}

impl ControlSocket {
    /// Makes the socket at `path`, for root and `group` (a name or a number), or for root and the group of this process,
    /// with this mode or [`MODE`].
    pub(crate) fn bind(
        path: &Path,
        group: Option<&str>,
        mode: Option<u32>,
    ) -> Result<(Self, UnixListener), ServeError> {
        let group = group.map(gid).transpose()?;
        clear_the_way(path)?;
        let failed = |source| ServeError::Control { path: path.to_owned(), source };
        let fresh = fresh_name(path);
        let _ = std::fs::remove_file(&fresh);
        let listener = UnixListener::bind(&fresh).map_err(failed)?;
        let placed = place(&fresh, path, group, mode.unwrap_or(MODE));
        if placed.is_err() {
            let _ = std::fs::remove_file(&fresh);
        }
        let (inode, group) = placed.map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok((Self { path: path.to_owned(), inode, group }, listener))
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // Another daemon may have put its own here meanwhile.
        if std::fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.ino() == self.inode) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn gid(name: &str) -> Result<Gid, ServeError> {
    if let Ok(number) = name.parse() {
        return Ok(Gid::from_raw(number));
    }
    let group = Group::from_name(name).ok().flatten();
    group.map(|group| group.gid).ok_or_else(|| ServeError::NoSuchGroup(name.to_owned()))
}

/// Removes a socket that nobody answers.
fn clear_the_way(path: &Path) -> Result<(), ServeError> {
    let Ok(meta) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if !meta.file_type().is_socket() {
        return Err(ServeError::InTheWay { path: path.to_owned() });
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(_) | Err(_) => Err(ServeError::Taken { path: path.to_owned() }),
    }
}

/// Beside the path, with the number of this process: short, for the name of a socket has at most 107 bytes.
fn fresh_name(path: &Path) -> PathBuf {
    path.with_extension(std::process::id().to_string())
}

/// Gives the fresh socket its owner and mode, then its name.
fn place(fresh: &Path, path: &Path, group: Option<Gid>, mode: u32) -> io::Result<(u64, u32)> {
    if let Some(group) = group {
        chown(fresh, None, Some(group))?;
    }
    std::fs::set_permissions(fresh, std::fs::Permissions::from_mode(mode))?;
    let meta = std::fs::symlink_metadata(fresh)?;
    std::fs::rename(fresh, path)?;
    Ok((meta.ino(), meta.gid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_a_dead_daemon_left_is_replaced_and_one_that_answers_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("c.sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "a listener that ends leaves its file");
        let (socket, listener) = ControlSocket::bind(&path, None, None).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, MODE);
        assert!(matches!(ControlSocket::bind(&path, None, None), Err(ServeError::Taken { .. })));
        drop(socket);
        assert!(!path.exists());
        drop(listener);
        let (_socket, _listener) = ControlSocket::bind(&path, None, Some(0o600)).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_is_no_socket_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("c.sock");
        std::fs::write(&path, "precious").unwrap();
        assert!(matches!(ControlSocket::bind(&path, None, None), Err(ServeError::InTheWay { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    }

    #[test]
    fn the_socket_of_a_daemon_that_came_later_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("c.sock");
        let (first, listener) = ControlSocket::bind(&path, None, None).unwrap();
        std::fs::remove_file(&path).unwrap();
        let (_second, _listener) = ControlSocket::bind(&path, None, None).unwrap();
        drop((first, listener));
        assert!(path.exists());
    }

    #[test]
    fn a_group_that_does_not_exist_is_said() {
        let path = Path::new("/nowhere/c.sock");
        let bound = ControlSocket::bind(path, Some("no-such-group-here"), None);
        assert!(matches!(bound, Err(ServeError::NoSuchGroup(_))));
        assert!(matches!(ControlSocket::bind(path, None, None), Err(ServeError::Control { .. })));
    }
}
