//! The caller's end of the notifier.

use core::panic::AssertUnwindSafe;
use core::time::Duration;
use std::panic::catch_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::error::StartError;
use crate::event::Event;
use crate::notice::{Notice, Phase};
use crate::plan::Plan;
use crate::subject::SubjectId;
use crate::worker::{Command, Worker};

/// Tells programs and people, on a thread of its own.
///
/// No method waits but [`Notifier::stop`] and the drop, which is a stop without patience: hooks that run are ended.
/// Calls take effect in the order in which they are made.
#[derive(Debug)]
pub struct Notifier {
    commands: UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Notifier {
    /// Starts the thread, opens the FIFOs and starts their readers.
    ///
    /// Whatever happens goes to `sink`, on that thread. The sink must not wait. The thread and the programs that it
    /// starts inherit the caller's scheduling.
    ///
    /// # Errors
    ///
    /// [`StartError`] when there is no thread to be had, or none with timers and sockets.
    pub fn start(plan: Plan, sink: impl FnMut(Event) + Send + 'static) -> Result<Self, StartError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(StartError::Runtime)?;
        let (commands, receiver) = unbounded_channel();
        let sink = Mutex::new(sink);
        let report = move |event| (sink.lock().unwrap_or_else(PoisonError::into_inner))(event);
        let thread = thread::Builder::new()
            .name("vrrp-notify".to_owned())
            .spawn(move || {
                let work = || runtime.block_on(Worker::run(plan, &report, receiver));
                if catch_unwind(AssertUnwindSafe(work)).is_err() {
                    report(Event::Died);
                }
                // What is still asked of a directory service or a resolver is not worth waiting for.
                runtime.shutdown_background();
            })
            .map_err(StartError::Thread)?;
        Ok(Self { commands, thread: Some(thread) })
    }

    /// Tells what happened.
    ///
    /// The FIFOs have it at once; hooks and mail when their turn comes. Of a subject that is not in the plan only the
    /// FIFOs hear.
    pub fn tell(&self, notice: Notice) {
        self.send(Command::Tell(notice));
    }

    /// Runs the program of a phase before the subject enters the state that `upcoming` tells.
    ///
    /// [`Event::Prepared`] comes once, at the latest when the deadline of the phase has passed. It ends the hook that
    /// runs, if newer states may do that, and holds back the others, until the subject is [told](Notifier::tell) a state
    /// or [stands down](Notifier::stand_down): one of the two must follow.
    pub fn prepare(&self, phase: Phase, upcoming: Notice) {
        self.send(Command::Prepare(phase, upcoming));
    }

    /// Takes a preparation back: the subject stays where it was. The hook that it ended runs again.
    pub fn stand_down(&self, subject: SubjectId) {
        self.send(Command::StandDown(subject));
    }

    /// Puts another plan in the place of the one that is followed.
    ///
    /// What is under way goes on with what it was told; FIFOs and readers that stay the same notice nothing. A subject
    /// that is no longer planned hears what it was told before: tell its end first.
    pub fn reload(&self, plan: Plan) {
        self.send(Command::Reload(plan));
    }

    /// Delivers what waits, for no longer than this, then ends what still runs, removes the FIFOs and waits for the end
    /// of their readers.
    ///
    /// Waits some seconds longer than `within` for what does not heed SIGTERM.
    pub fn stop(mut self, within: Duration) {
        self.end(within);
    }

    fn send(&self, command: Command) {
        // The other end is gone only after Event::Died.
        let _ = self.commands.send(command);
    }

    fn end(&mut self, within: Duration) {
        if let Some(thread) = self.thread.take() {
            self.send(Command::Stop(within));
            // It caught its own panics.
            let _ = thread.join();
        }
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}
