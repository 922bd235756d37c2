use core::fmt;
use std::env;
use std::fs::{self, File};
use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::gettid;

use crate::error::LabError;
use crate::inside::{mount_network_view, mount_private_directories};

type Job = Box<dyn FnOnce() + Send>;

/// A network and mount namespace, held open by descriptors of this process and by one thread that lives in it.
pub(crate) struct Namespace {
    name: String,
    network: File,
    mounts: File,
    jobs: Option<Sender<Job>>,
    worker: Option<JoinHandle<()>>,
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Namespace").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Namespace {
    /// Makes the namespaces, with private directories, a view of the own network devices, and the loopback interface up.
    pub(crate) fn new(name: &str) -> Result<Self, LabError> {
        let (jobs, incoming) = channel::<Job>();
        let (ready, made) = channel();
        let owner = name.to_owned();
        let worker = thread::Builder::new()
            .name(format!("lab-{name}"))
            .spawn(move || {
                let _maker_waits = ready.send(make(&owner));
                for job in incoming {
                    job();
                }
            })
            .map_err(|source| failure(name, "start a thread", source))?;
        let died = || Err(failure(name, "start a thread", io::ErrorKind::BrokenPipe.into()));
        let (network, mounts) = made.recv().unwrap_or_else(|_| died())?;
        Ok(Self { name: name.to_owned(), network, mounts, jobs: Some(jobs), worker: Some(worker) })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns a descriptor of the network namespace, as netlink wants it.
    pub(crate) const fn network(&self) -> &File {
        &self.network
    }

    /// Runs `work` on a new thread in the namespaces and waits for it; a panic of `work` goes on in the caller.
    pub(crate) fn on<R: Send>(&self, work: impl FnOnce() -> R + Send) -> Result<R, LabError> {
        let inside = || {
            self.enter()?;
            Ok(work())
        };
        thread::scope(|scope| scope.spawn(inside).join().unwrap_or_else(|panic| resume_unwind(panic)))
    }

    /// Runs `work` on the thread that lives as long as the namespace, which is what a child process must be the child of.
    pub(crate) fn on_worker<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, LabError> {
        let (done, result) = channel();
        let job: Job = Box::new(move || {
            let _caller_waits = done.send(work());
        });
        let gone = || failure(&self.name, "reach the namespace's thread", io::ErrorKind::BrokenPipe.into());
        self.jobs.as_ref().ok_or_else(gone)?.send(job).map_err(|_| gone())?;
        result.recv().map_err(|_| gone())
    }

    fn enter(&self) -> Result<(), LabError> {
        enter(&self.name, &self.network, &self.mounts)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(worker) = self.worker.take() {
            let _panicked = worker.join();
        }
    }
}

fn enter(name: &str, network: &File, mounts: &File) -> Result<(), LabError> {
    let step = |step, result: nix::Result<()>| result.map_err(|errno| failure(name, step, errno.into()));
    let directory = env::current_dir();
    step("unshare the working directory", unshare(CloneFlags::CLONE_FS))?;
    step("enter the mount namespace", setns(mounts, CloneFlags::CLONE_NEWNS))?;
    step("enter the network namespace", setns(network, CloneFlags::CLONE_NEWNET))?;
    // Entering a mount namespace moves the thread to its root.
    directory.and_then(env::set_current_dir).map_err(|source| failure(name, "return to the working directory", source))
}

fn make(name: &str) -> Result<(File, File), LabError> {
    let flags = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS;
    unshare(flags).map_err(|errno| failure(name, "make the namespaces", errno.into()))?;
    mount_private_directories().map_err(|error| failure(name, "make private directories", io::Error::other(error)))?;
    mount_network_view();
    let open = |kind: &str| {
        let path = format!("/proc/self/task/{}/ns/{kind}", gettid());
        File::open(path).map_err(|source| failure(name, "open the namespace", source))
    };
    Ok((open("net")?, open("mnt")?))
}

/// Writes a kernel setting of the calling thread's network namespace. `key` is a path below `/proc/sys`.
pub(crate) fn set_sysctl(host: &str, key: &str, value: &str) -> Result<(), LabError> {
    fs::write(format!("/proc/sys/{key}"), value).map_err(|source| LabError::Sysctl {
        host: host.to_owned(),
        key: key.to_owned(),
        source,
    })
}

pub(crate) fn failure(name: &str, step: &'static str, source: io::Error) -> LabError {
    LabError::Namespace { name: name.to_owned(), step, source }
}
