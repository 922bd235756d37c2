//! The caller's end of the keeper.

use core::panic::AssertUnwindSafe;
use std::io;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::address::{Address, OwnerId};
use crate::command::Command;
use crate::error::{Death, StartError};
use crate::event::Event;
use crate::options::Options;
use crate::worker::Worker;

/// Keeps addresses in the kernel, on a thread of its own, until it is dropped.
///
/// No method waits. Dropping it does: for the thread to finish what it was asked to do. Addresses
/// that are claimed then stay in the kernel.
#[derive(Debug)]
pub struct Keeper {
    commands: Option<Sender<Vec<Command>>>,
    wake: Arc<EventFd>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Opens the sockets in the caller's network namespace, lists links and addresses and starts
    /// the thread, which inherits the caller's scheduling.
    ///
    /// Events go to `sink`, on that thread, in batches that are never empty: first an
    /// [`Event::Link`] for each link, then [`Event::Resynced`]. The sink must not wait.
    ///
    /// # Errors
    ///
    /// [`StartError`] when a socket cannot be opened, the first listing fails or there is no thread
    /// to be had.
    pub fn start(options: Options, sink: impl FnMut(Vec<Event>) + Send + 'static) -> Result<Self, StartError> {
        let wake = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)
            .map_err(|errno| StartError::Open { purpose: "wake-ups", source: io::Error::from(errno) })?;
        let wake = Arc::new(wake);
        let (commands, receiver) = channel();
        let mut worker = Worker::new(options, receiver, Arc::clone(&wake))?;
        let mut sink = sink;
        let thread = thread::Builder::new()
            .name("vrrp-netlink".to_owned())
            .spawn(move || {
                let death = match catch_unwind(AssertUnwindSafe(|| worker.run(&mut sink))) {
                    Ok(Ok(())) => return,
                    Ok(Err(death)) => death,
                    Err(_) => Death::Panicked,
                };
                tracing::error!(%death, "addresses are no longer kept");
                sink(vec![Event::Died(death)]);
            })
            .map_err(StartError::Thread)?;
        Ok(Self { commands: Some(commands), wake, thread: Some(thread) })
    }

    /// Hands over a batch of commands: one wake-up, one pass of the kernel.
    pub fn send(&self, batch: Vec<Command>) {
        // The thread is gone only after Event::Died.
        if self.commands.as_ref().is_some_and(|commands| commands.send(batch).is_ok()) {
            self.wake();
        }
    }

    /// Sends [`Command::Declare`].
    pub fn declare(&self, owner: OwnerId, addresses: Vec<Address>) {
        self.send(vec![Command::Declare(owner, addresses)]);
    }

    /// Sends [`Command::Claim`].
    pub fn claim(&self, owner: OwnerId) {
        self.send(vec![Command::Claim(owner)]);
    }

    /// Sends [`Command::Release`].
    pub fn release(&self, owner: OwnerId) {
        self.send(vec![Command::Release(owner)]);
    }

    /// Sends [`Command::Forget`].
    pub fn forget(&self, owner: OwnerId) {
        self.send(vec![Command::Forget(owner)]);
    }

    /// Sends [`Command::Sweep`].
    pub fn sweep(&self) {
        self.send(vec![Command::Sweep]);
    }

    /// Sends [`Command::RemoveLeftovers`].
    pub fn remove_leftovers(&self, owner: OwnerId) {
        self.send(vec![Command::RemoveLeftovers(owner)]);
    }

    fn wake(&self) {
        if let Err(errno) = self.wake.write(1) {
            // EAGAIN: the counter is full, so the thread is being woken anyway.
            tracing::trace!(%errno, "wake-up not needed");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.commands = None;
        self.wake();
        if let Some(thread) = self.thread.take() {
            // It caught its own panics.
            let _ = thread.join();
        }
    }
}
