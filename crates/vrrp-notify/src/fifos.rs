//! All FIFOs and their readers, as one reload or another wants them.

use core::time::Duration;
use std::path::PathBuf;

use tokio::sync::mpsc::UnboundedSender;

use crate::event::FifoEvent;
use crate::pipe::Pipe;
use crate::plan::Fifo;
use crate::reader::{Leaving, Reader};
use crate::worker::Happened;

/// How long a reader has to read the last lines and to end by itself, after the FIFO's end.
const LAST_LINES: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Fifos {
    open: Vec<Channel>,
    happened: UnboundedSender<Happened>,
}

#[derive(Debug)]
struct Channel {
    spec: Fifo,
    pipe: Pipe,
    reader: Option<Reader>,
}

impl Fifos {
    pub(crate) const fn new(happened: UnboundedSender<Happened>) -> Self {
        Self { open: Vec::new(), happened }
    }

    /// Opens what is new, closes what is gone, and leaves alone what is the same: neither the FIFO nor its reader
    /// notices a reload.
    pub(crate) fn plan(&mut self, specs: Vec<Fifo>) -> Vec<(PathBuf, FifoEvent)> {
        let mut old = core::mem::take(&mut self.open);
        let mut events = Vec::new();
        for spec in specs {
            let same = |channel: &Channel| channel.serves(&spec);
            match old.iter().position(same).map(|place| old.swap_remove(place)) {
                Some(kept) => self.keep(kept, spec),
                None if self.open.iter().any(|channel| channel.spec.path == spec.path) => {}
                None => {
                    let replaced = old.iter().position(|channel| channel.spec.path == spec.path);
                    let before = replaced.and_then(|place| old.swap_remove(place).close());
                    self.add(spec, before, &mut events);
                }
            }
        }
        // Their readers end in tasks of their own.
        old.into_iter().for_each(|gone| drop(gone.close()));
        events
    }

    pub(crate) fn write(&mut self, line: &str) -> Vec<(PathBuf, FifoEvent)> {
        let written = |channel: &mut Channel| Some((channel.spec.path.clone(), channel.pipe.write(line)?));
        self.open.iter_mut().filter_map(written).collect()
    }

    /// Removes the FIFOs that we made and waits until the readers have left.
    pub(crate) async fn close(&mut self) {
        let leaving: Vec<Leaving> = self.open.drain(..).filter_map(Channel::close).collect();
        for reader in leaving {
            reader.gone().await;
        }
    }

    fn keep(&mut self, kept: Channel, spec: Fifo) {
        let Channel { pipe, reader, .. } = kept;
        let reader = match reader {
            Some(reader) if spec.reader.as_ref() == Some(reader.program()) => Some(reader),
            other => {
                let before = other.map(|reader| reader.leave(Duration::ZERO));
                self.reader(&spec, before)
            }
        };
        self.open.push(Channel { spec, pipe, reader });
    }

    fn add(&mut self, spec: Fifo, before: Option<Leaving>, events: &mut Vec<(PathBuf, FifoEvent)>) {
        match Pipe::open(&spec) {
            Ok(pipe) => {
                let reader = self.reader(&spec, before);
                self.open.push(Channel { spec, pipe, reader });
            }
            Err(error) => events.push((spec.path, FifoEvent::Refused(error))),
        }
    }

    fn reader(&self, spec: &Fifo, before: Option<Leaving>) -> Option<Reader> {
        let program = spec.reader.clone()?;
        Some(Reader::start(program, spec.path.clone(), before, self.happened.clone()))
    }
}

impl Channel {
    fn serves(&self, spec: &Fifo) -> bool {
        self.spec.path == spec.path && self.spec.owner == spec.owner && self.pipe.is_in_place()
    }

    fn close(self) -> Option<Leaving> {
        let Self { pipe, reader, .. } = self;
        drop(pipe);
        reader.map(|reader| reader.leave(LAST_LINES))
    }
}
