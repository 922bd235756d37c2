//! What is remembered of one subject.

use core::future::ready;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use vrrp_script::{End, Limit, Report};

use crate::call::Call;
use crate::mail::Mail;
use crate::notice::{Notice, State, Told};
use crate::post::Letter;
use crate::queue::{Ending, Queue};
use crate::subject::{Subject, SubjectId};
use crate::worker::Happened;

/// From SIGTERM to SIGKILL.
const GRACE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) subject: Subject,
    pub(crate) queue: Queue<Call>,
    /// The state told last.
    pub(crate) last: Option<State>,
    /// Whether a reload removed the subject: it goes when its queue is empty.
    pub(crate) retired: bool,
    mailed: Option<State>,
    cancel: Arc<Notify>,
}

impl Desk {
    pub(crate) fn new(subject: Subject) -> Self {
        let queue = Queue::new(subject.on_new_state, fastrand::u64(..));
        Self { subject, queue, last: None, retired: false, mailed: None, cancel: Arc::default() }
    }

    /// Takes over what a reload says; what is under way stays.
    pub(crate) fn replan(&mut self, subject: Subject) {
        self.queue.set_policy(subject.on_new_state);
        self.subject = subject;
        self.retired = false;
    }

    /// Runs one hook in a task, which tells its end.
    pub(crate) fn start(&mut self, call: Call, happened: UnboundedSender<Happened>) {
        self.cancel = Arc::default();
        let cancel = Arc::clone(&self.cancel);
        let limit = Limit { deadline: call.bound.from(Instant::now()), grace: GRACE };
        tokio::spawn(async move {
            let report = tokio::select! {
                biased;
                // Superseded before it began: better not to begin than to be cut short.
                () = cancel.notified() => not_begun(),
                () = ready(()) => call.program.run(limit, cancel.notified()).await,
            };
            // Without a notifier there is nobody to tell.
            let _ = happened.send(Happened::Ended(call, report));
        });
    }

    /// Ends the hook that runs.
    pub(crate) fn end(&self) {
        self.cancel.notify_one();
    }

    /// The mail about a notice, unless the last one said the same.
    pub(crate) fn letter(&mut self, notice: &Notice, mail: &Arc<Mail>) -> Option<Letter> {
        let Told::Entered(state) = notice.told else { return None };
        if !self.subject.mail || self.mailed == Some(state) {
            return None;
        }
        let SubjectId { kind, .. } = notice.subject;
        let (title, body) = mail.wording(kind, state)?;
        self.mailed = Some(state);
        let (subject, mail) = (notice.subject.clone(), Arc::clone(mail));
        Some(Letter { mail, subject, generation: notice.generation, title, body })
    }
}

fn not_begun() -> Report {
    Report { end: End::Cancelled, took: Duration::ZERO, output: Box::default() }
}

/// What a report means to the queue.
pub(crate) const fn ending(report: &Report) -> Ending {
    match report.end {
        End::Exited(0) => Ending::Succeeded,
        End::Cancelled => Ending::Cut,
        End::Exited(_) | End::Signalled(_) | End::TimedOut | End::Unrunnable(_) => Ending::Failed,
    }
}
