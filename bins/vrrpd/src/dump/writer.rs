use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tracing::{debug, warn};
use vrrp_config::Model;
use vrrp_control::{Family, KeepalivedStats, RouterStatus, Status};

use super::view::View;
use super::{Dump, data, json, stats};
use crate::atomic_file::Directory;

/// What is counted and configured is its reader's business alone.
const MODE: u32 = 0o600;
/// Files that may wait for the one that is being written: one of each kind.
const WAITING: usize = 4;

/// One file to be written.
pub(super) struct Work {
    pub(super) dump: Dump,
    pub(super) directory: PathBuf,
    pub(super) status: Arc<Status>,
    pub(super) model: Arc<Model>,
}

/// Begins to write, on a thread of its own; it ends with the process, in the middle of a file if need be.
pub(super) fn start() -> io::Result<SyncSender<Work>> {
    let (sender, work) = sync_channel(WAITING);
    thread::Builder::new().name("vrrpd-dump".to_owned()).spawn(move || serve(&work))?;
    Ok(sender)
}

fn serve(work: &Receiver<Work>) {
    let mut cleared = Cleared::default();
    // Exporters ask again and again: what is wrong is said when it begins.
    let mut wrong = None;
    while let Ok(Work { dump, directory, status, model }) = work.recv() {
        let text = text(dump, &status, &model, &mut cleared);
        let file = dump.file();
        let written = Directory::itself(&directory).and_then(|within| within.put(file, MODE, text.as_bytes()));
        let path = directory.join(file);
        match written.map_err(|error| format!("cannot write {}: {error}", path.display())) {
            Ok(()) => {
                wrong = None;
                debug!(event = "dump", "wrote {}", path.display());
            }
            Err(error) if wrong.as_ref() == Some(&error) => debug!(event = "dump", "{error}"),
            Err(error) => {
                warn!(event = "dump", "{error}");
                wrong = Some(error);
            }
        }
    }
}

/// The contents of a file.
pub(super) fn text(dump: Dump, status: &Status, model: &Model, cleared: &mut Cleared) -> String {
    let view = View { status, model };
    match dump {
        Dump::Data => data::text(&view),
        Dump::Stats => stats::text(&view, cleared),
        Dump::ClearStats => {
            let text = stats::text(&view, cleared);
            cleared.clear(status);
            text
        }
        Dump::Json => json::text(&view, cleared),
    }
}

/// What had been counted when somebody last began anew. Only these files know of it: metrics count on.
#[derive(Debug, Default)]
pub(super) struct Cleared(HashMap<(String, Family, u8), KeepalivedStats>);

impl Cleared {
    /// What a virtual router has counted since.
    pub(super) fn since(&self, router: &RouterStatus) -> KeepalivedStats {
        let counted = KeepalivedStats::from(&router.counters);
        match self.0.get(&identity(router)) {
            Some(earlier) => counted.since(earlier),
            None => counted,
        }
    }

    fn clear(&mut self, status: &Status) {
        self.0 = status.routers.iter().map(|router| (identity(router), (&router.counters).into())).collect();
    }
}

fn identity(router: &RouterStatus) -> (String, Family, u8) {
    (router.interface.clone(), router.family, router.vrid)
}
