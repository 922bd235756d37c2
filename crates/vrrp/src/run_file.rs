//! When each virtual router last advertised, in a small mapped file: what a restarted daemon needs to know
//! to resume as Active instead of giving the addresses away.
//!
//! One file for each network namespace. A store to the mapping costs no system call and survives the process.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use memmap2::MmapMut;
use vrrp_wire::{Family, Vrid};

const MAGIC: &[u8; RECORD] = b"vrrpd: last advertisements, v1.\n";
const RECORD: usize = 32;
const NAME: usize = 16;
const STAMP: usize = 24;

/// What a virtual router is known by across runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) interface: Box<str>,
    pub(crate) family: Family,
    pub(crate) vrid: Vrid,
}

/// The mapped file of this run.
#[derive(Debug)]
pub(crate) struct RunFile {
    path: PathBuf,
    map: MmapMut,
}

/// What an earlier run left: each router that was Active, and when (boot time, ns) it last advertised.
pub(crate) fn read(directory: &Path) -> Vec<(Identity, u64)> {
    let mut bytes = Vec::new();
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path_in(directory));
    if opened.and_then(|mut file| file.read_to_end(&mut bytes)).is_err() || !bytes.starts_with(MAGIC) {
        return Vec::new();
    }
    let (records, _) = bytes.as_chunks::<RECORD>();
    records.iter().skip(1).filter_map(decode).filter(|(_, stamp)| *stamp != 0).collect()
}

impl RunFile {
    /// Replaces the file by one for these routers, with their last stamps (zero: not Active); a slot may be vacant.
    pub(crate) fn create(directory: &Path, routers: &[Option<(Identity, u64)>]) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o755).create(directory)?;
        let path = path_in(directory);
        let fresh = path.with_extension("new");
        let _ = std::fs::remove_file(&fresh);
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&fresh)?;
        let mut bytes = MAGIC.to_vec();
        for router in routers {
            bytes.extend_from_slice(&router.as_ref().map_or([0; RECORD], |(identity, stamp)| encode(identity, *stamp)));
        }
        file.write_all(&bytes)?;
        let map = map(&file)?;
        std::fs::rename(&fresh, &path)?;
        Ok(Self { path, map })
    }

    /// Notes that the router in `slot` advertised at `boot_time`.
    pub(crate) fn advertised(&mut self, slot: usize, boot_time: u64) {
        let start = (slot + 1) * RECORD + STAMP;
        if let Some(stamp) = self.map.get_mut(start..start + 8) {
            stamp.copy_from_slice(&boot_time.to_ne_bytes());
        }
    }

    /// Notes that the router in `slot` is not Active.
    pub(crate) fn released(&mut self, slot: usize) {
        self.advertised(slot, 0);
    }

    /// The stamp of the router in `slot`; zero when it is not Active.
    pub(crate) fn stamp(&self, slot: usize) -> u64 {
        let start = (slot + 1) * RECORD + STAMP;
        self.map.get(start..start + 8).and_then(|stamp| stamp.try_into().ok()).map_or(0, u64::from_ne_bytes)
    }

    /// Removes the file: nothing is left to resume.
    pub(crate) fn remove(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The file of this network namespace; namespaces may share a runtime directory.
fn path_in(directory: &Path) -> PathBuf {
    let namespace = std::fs::metadata("/proc/thread-self/ns/net").map_or(0, |meta| meta.ino());
    directory.join(format!("net-{namespace}.run"))
}

#[expect(unsafe_code, reason = "a mapping of a file is sound only as long as nobody truncates it")]
fn map(file: &File) -> io::Result<MmapMut> {
    // SAFETY: the file was made by this process under a fresh name, is readable and writable by its user alone, and
    // nothing truncates it: a later run replaces it by rename.
    unsafe { MmapMut::map_mut(file) }
}

fn encode(identity: &Identity, stamp: u64) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    for (to, from) in record.iter_mut().take(NAME).zip(identity.interface.bytes()) {
        *to = from;
    }
    let family = match identity.family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    let stamp = stamp.to_ne_bytes();
    let tail = [family, identity.vrid.get(), 0, 0, 0, 0, 0, 0].into_iter().chain(stamp);
    record.iter_mut().skip(NAME).zip(tail).for_each(|(to, from)| *to = from);
    record
}

fn decode(record: &[u8; RECORD]) -> Option<(Identity, u64)> {
    let (name, rest) = record.split_first_chunk::<NAME>()?;
    let &[family, vrid, _, _, _, _, _, _, ref stamp @ ..] = rest else {
        return None;
    };
    let family = match family {
        4 => Family::V4,
        6 => Family::V6,
        _ => return None,
    };
    let length = name.iter().position(|&byte| byte == 0).unwrap_or(NAME);
    let interface = core::str::from_utf8(name.get(..length)?).ok()?.into();
    let stamp = u64::from_ne_bytes(stamp.try_into().ok()?);
    Some((Identity { interface, family, vrid: Vrid::new(vrid)? }, stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(interface: &str, vrid: u8) -> Identity {
        Identity { interface: interface.into(), family: Family::V4, vrid: Vrid::new(vrid).unwrap() }
    }

    #[test]
    fn what_was_stored_through_the_mapping_is_read_by_the_next_run() {
        let directory = std::env::temp_dir().join(format!("vrrp-run-file-{}", std::process::id()));
        let routers = [Some((identity("eth0", 1), 0)), Some((identity("a-long-name-15b", 255), 0)), None];
        let mut file = RunFile::create(&directory, &routers).unwrap();
        assert_eq!(read(&directory), [], "nobody has advertised");
        file.advertised(1, 77);
        assert_eq!(read(&directory), [(identity("a-long-name-15b", 255), 77)]);
        assert_eq!((file.stamp(0), file.stamp(1)), (0, 77));
        file.released(1);
        file.advertised(9, 1);
        assert_eq!(read(&directory), [], "released, and a slot that does not exist is no harm");
        file.remove();
        assert_eq!(read(&directory), []);
        std::fs::remove_dir(&directory).unwrap();
    }

    #[test]
    fn a_file_of_somebody_else_is_no_history() {
        let directory = std::env::temp_dir().join(format!("vrrp-no-run-file-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(path_in(&directory), [0xff; 100]).unwrap();
        assert_eq!(read(&directory), []);
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
