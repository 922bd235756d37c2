//! The notifier's thread: takes notices in, carries the queues' orders out, reports.

use core::time::Duration;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep_until;
use vrrp_script::{End, Report};

use crate::barriers::Barriers;
use crate::call::{Call, Writer, worded};
use crate::desk::{Desk, ending};
use crate::event::{Delivered, Event, FifoEvent, HookName, Mailed, Outcome, Prepared, Readiness};
use crate::fifos::Fifos;
use crate::line::line;
use crate::mail::Mail;
use crate::notice::{Notice, Phase};
use crate::plan::Plan;
use crate::post::Post;
use crate::queue::Order;
use crate::subject::{Subject, SubjectId};

/// What the notifier is asked to do.
#[derive(Debug)]
pub(crate) enum Command {
    Tell(Notice),
    Prepare(Phase, Notice),
    StandDown(SubjectId),
    Reload(Plan),
    Stop(Duration),
}

/// What the notifier's own tasks report.
#[derive(Debug)]
pub(crate) enum Happened {
    Ended(Call, Report),
    ReaderEnded(PathBuf, Report),
    Mailed(Mailed),
}

pub(crate) struct Worker<S> {
    sink: S,
    desks: BTreeMap<SubjectId, Desk>,
    barriers: Barriers,
    fifos: Fifos,
    post: Post,
    mail: Option<Arc<Mail>>,
    stop_timeout: Duration,
    end: Lifetime,
    happened: UnboundedSender<Happened>,
}

/// How far the notifier is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    Running,
    /// Delivers what waits, until then.
    Draining(Instant),
    /// Ends what still runs.
    GivenUp,
}

impl<S: FnMut(Event)> Worker<S> {
    /// Works until it is stopped and drained.
    pub(crate) async fn run(plan: Plan, sink: S, mut commands: UnboundedReceiver<Command>) {
        let (happened, mut reports) = unbounded_channel();
        let mut worker = Self::new(plan, sink, happened);
        while !worker.is_done() {
            let timeout = worker.next_timeout();
            tokio::select! {
                Some(command) = commands.recv(), if worker.end == Lifetime::Running => {
                    worker.obey(command);
                    // All of a burst is in the FIFOs before the first program of it is started.
                    while worker.end == Lifetime::Running && let Ok(command) = commands.try_recv() {
                        worker.obey(command);
                    }
                }
                Some(report) = reports.recv() => worker.note(report),
                () = until(timeout) => worker.on_timeout(Instant::now()),
            }
        }
        worker.fifos.close().await;
        while let Ok(report) = reports.try_recv() {
            worker.note(report);
        }
    }

    fn new(plan: Plan, sink: S, happened: UnboundedSender<Happened>) -> Self {
        let mut worker = Self {
            sink,
            desks: BTreeMap::new(),
            barriers: Barriers::default(),
            fifos: Fifos::new(happened.clone()),
            post: Post::start(happened.clone()),
            mail: None,
            stop_timeout: plan.stop_timeout,
            end: Lifetime::Running,
            happened,
        };
        worker.reload(plan);
        worker
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Tell(notice) => self.tell(notice),
            Command::Prepare(phase, notice) => self.prepare(phase, &notice),
            Command::StandDown(subject) => self.queue(&subject, |desk, now| desk.queue.stand_down(now)),
            Command::Reload(plan) => self.reload(plan),
            Command::Stop(within) => self.stop(within),
        }
    }

    /// Hooks first, then FIFOs, then mail, as keepalived does; none of them waits for another.
    fn tell(&mut self, mut notice: Notice) {
        let stop_timeout = self.stop_timeout;
        let mut letter = None;
        if let Some(desk) = self.desks.get_mut(&notice.subject) {
            notice.told = worded(&desk.subject, notice.told);
            let job = Writer { subject: &desk.subject, notice: &notice, previous: desk.last, stop_timeout }.job();
            desk.last = notice.told.state().or(desk.last);
            letter = self.mail.as_ref().and_then(|mail| desk.letter(&notice, mail));
            if let Some(job) = job {
                self.queue(&notice.subject, |desk, now| desk.queue.tell(now, job));
            }
        }
        let written = self.fifos.write(&line(&notice));
        self.report_fifos(written);
        if let Some(letter) = letter
            && let Err(refused) = self.post.send(letter)
        {
            (self.sink)(Event::Mailed(refused));
        }
    }

    fn prepare(&mut self, phase: Phase, notice: &Notice) {
        let Notice { subject, generation, .. } = notice;
        let (stop_timeout, now) = (self.stop_timeout, Instant::now());
        let job = self.desks.get(subject).and_then(|desk| {
            let writer = Writer { subject: &desk.subject, notice, previous: desk.last, stop_timeout };
            writer.phase(phase, notice.told.state()?, now)
        });
        let Some((job, until)) = job else {
            let (subject, generation) = (subject.clone(), *generation);
            return (self.sink)(Event::Prepared(Prepared { subject, phase, generation, why: Readiness::Nothing }));
        };
        self.barriers.add(until, subject.clone(), phase, *generation);
        self.queue(subject, |desk, now| desk.queue.tell(now, job));
    }

    fn reload(&mut self, plan: Plan) {
        let Plan { subjects, fifos, mail, stop_timeout } = plan;
        self.desks.values_mut().for_each(|desk| desk.retired = true);
        for subject in subjects {
            self.seat(subject);
        }
        let retired: Vec<SubjectId> =
            self.desks.iter().filter(|(_, desk)| desk.retired).map(|(id, _)| id.clone()).collect();
        for id in retired {
            self.queue(&id, |desk, now| desk.queue.drain(now));
        }
        self.mail = mail.map(Arc::new);
        self.stop_timeout = stop_timeout;
        let planned = self.fifos.plan(fifos);
        self.report_fifos(planned);
    }

    fn seat(&mut self, subject: Subject) {
        match self.desks.get_mut(&subject.id) {
            Some(desk) => desk.replan(subject),
            None => {
                self.desks.insert(subject.id.clone(), Desk::new(subject));
            }
        }
    }

    fn stop(&mut self, within: Duration) {
        self.end = Lifetime::Draining(Instant::now() + within);
        self.queues(|desk, now| desk.queue.drain(now));
    }

    fn note(&mut self, report: Happened) {
        match report {
            Happened::Ended(call, report) => self.ended(&call, report),
            Happened::ReaderEnded(path, report) => (self.sink)(Event::Fifo(path, FifoEvent::ReaderEnded(report))),
            Happened::Mailed(mailed) => {
                self.post.came_back();
                (self.sink)(Event::Mailed(mailed));
            }
        }
    }

    fn ended(&mut self, call: &Call, report: Report) {
        let how = ending(&report);
        self.deliver(call, Outcome::Ran(report));
        self.queue(&call.subject, |desk, now| desk.queue.ended(now, how));
    }

    fn on_timeout(&mut self, now: Instant) {
        for prepared in self.barriers.expire(now) {
            (self.sink)(Event::Prepared(prepared));
        }
        match self.end {
            Lifetime::Draining(until) if until <= now => {
                self.end = Lifetime::GivenUp;
                self.queues(|desk, now| desk.queue.abandon(now));
            }
            Lifetime::Running => self.queues(|desk, now| desk.queue.on_timeout(now)),
            Lifetime::Draining(_) | Lifetime::GivenUp => {}
        }
    }

    /// Has every queue do something.
    fn queues(&mut self, act: impl Fn(&mut Desk, Instant) -> Vec<Order<Call>>) {
        let ids: Vec<SubjectId> = self.desks.keys().cloned().collect();
        for id in ids {
            self.queue(&id, &act);
        }
    }

    /// Has a subject's queue do something, and carries out what it orders.
    fn queue(&mut self, id: &SubjectId, act: impl FnOnce(&mut Desk, Instant) -> Vec<Order<Call>>) {
        let Some(desk) = self.desks.get_mut(id) else { return };
        let mut skipped = Vec::new();
        for order in act(desk, Instant::now()) {
            match order {
                Order::Start(call) => desk.start(call, self.happened.clone()),
                Order::End => desk.end(),
                Order::Skip(call) => skipped.push(call),
            }
        }
        if desk.retired && desk.queue.is_idle() {
            self.desks.remove(id);
        }
        for call in skipped {
            self.deliver(&call, Outcome::Skipped);
        }
    }

    fn deliver(&mut self, call: &Call, outcome: Outcome) {
        let Call { subject, hook, generation, .. } = call;
        if let HookName::Phase(phase) = *hook {
            let why = readiness(&outcome);
            if let Some(prepared) = self.barriers.settle(subject, phase, *generation, why) {
                (self.sink)(Event::Prepared(prepared));
            }
        }
        let (subject, hook, generation) = (subject.clone(), *hook, *generation);
        (self.sink)(Event::Delivered(Delivered { subject, hook, generation, outcome }));
    }

    fn report_fifos(&mut self, events: Vec<(PathBuf, FifoEvent)>) {
        for (path, event) in events {
            (self.sink)(Event::Fifo(path, event));
        }
    }

    fn next_timeout(&self) -> Option<Instant> {
        let stop = match self.end {
            Lifetime::Draining(until) => Some(until),
            Lifetime::Running | Lifetime::GivenUp => None,
        };
        let queues = self.desks.values().filter_map(|desk| desk.queue.next_timeout());
        queues.chain(self.barriers.next_timeout()).chain(stop).min()
    }

    fn is_done(&self) -> bool {
        let idle = || self.desks.values().all(|desk| desk.queue.is_idle());
        match self.end {
            Lifetime::Running => false,
            Lifetime::Draining(_) => idle() && self.post.is_idle(),
            Lifetime::GivenUp => idle(),
        }
    }
}

/// What the end of a phase's program means to the address.
const fn readiness(outcome: &Outcome) -> Readiness {
    match outcome {
        Outcome::Skipped => Readiness::Nothing,
        Outcome::Ran(Report { end: End::Exited(0), .. }) => Readiness::Succeeded,
        Outcome::Ran(Report { end: End::TimedOut, .. }) => Readiness::Deadline,
        Outcome::Ran(_) => Readiness::Failed,
    }
}

async fn until(timeout: Option<Instant>) {
    match timeout {
        Some(timeout) => sleep_until(timeout.into()).await,
        None => core::future::pending().await,
    }
}
