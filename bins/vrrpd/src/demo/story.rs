use core::time::Duration;
use std::sync::Arc;

use vrrp_lab::{Daemon, Mac, Signal, Stamp};

use super::error::DemoError;
use super::follow;
use super::outcome::{Demand, Step};
use super::screen::{Ink, Screen, spoken};
use super::stage::{Router, Stage};
use super::timers::Timers;

/// What is waited for beyond the timers before it counts as never.
const PATIENCE: Duration = Duration::from_secs(5);

/// What happens to the LAN, one step after the other, and what is known of each.
#[derive(Debug)]
pub(crate) struct Story<'a> {
    screen: &'a Arc<Screen>,
    stage: &'a Stage,
    timers: Timers,
    steps: Vec<Step>,
}

/// A step under way.
struct Opened {
    title: &'static str,
    begin: Stamp,
}

impl<'a> Story<'a> {
    /// A story in which nothing has happened.
    pub(crate) const fn new(screen: &'a Arc<Screen>, stage: &'a Stage, timers: Timers) -> Self {
        Self { screen, stage, timers, steps: Vec::new() }
    }

    /// Tells it to its end.
    pub(crate) fn tell(mut self) -> Result<Vec<Step>, DemoError> {
        let [first, second] = &self.stage.routers;
        let (running, other) = self.start(first, second)?;
        self.machine_dies(first, second, &running)?;
        let running = self.machine_returns(first)?;
        let running = self.daemon_crashes(first, second, &running)?;
        self.address_is_removed(first)?;
        self.stop(first, second, &running)?;
        drop(other);
        Ok(self.steps)
    }

    fn start(&mut self, first: &Router, second: &Router) -> Result<(Arc<Daemon>, Arc<Daemon>), DemoError> {
        let step = self.open("both routers start", "nobody has the address yet");
        let running = self.daemon(first, 0)?;
        let other = self.daemon(second, 1)?;
        let wait = self.timers.down(first.priority);
        self.answered_by(first, Ink::First, step.begin, wait)?;
        let until = step.begin.after(wait);
        self.close(step, Demand::Until(until), None)?;
        Ok((running, other))
    }

    fn machine_dies(&mut self, first: &Router, second: &Router, running: &Daemon) -> Result<(), DemoError> {
        let wait = self.timers.down(second.priority);
        let hearing = second.hear()?;
        // The worst moment: it has just said that it lives.
        hearing.wait_for_since(hearing.mark(), |_| true, PATIENCE)?;
        let step = self.open("the Active machine dies", "r1 loses its power: link and daemon are gone at once");
        self.stage.power_off(first, running)?;
        let heard = hearing.frames().last().map_or(step.begin, |last| last.stamp);
        drop(hearing);
        self.answered_by(second, Ink::Second, step.begin, wait)?;
        self.close(step, Demand::Until(heard.after(wait)), None)
    }

    fn machine_returns(&mut self, first: &Router) -> Result<Arc<Daemon>, DemoError> {
        let step = self.open("it returns and takes over", "r1 boots, and its priority is the higher one");
        self.stage.power_on(first)?;
        let running = self.daemon(first, 0)?;
        // What it hears from a lower priority does not restart its timer.
        let wait = self.timers.down(first.priority);
        self.answered_by(first, Ink::First, step.begin, wait)?;
        self.close(step, Demand::Nothing, None)?;
        Ok(running)
    }

    fn daemon_crashes(&mut self, first: &Router, second: &Router, running: &Daemon) -> Result<Arc<Daemon>, DemoError> {
        let step = self.open("its daemon is killed, restarted", "kill -9 on r1, and a new daemon at once: it resumes");
        running.kill()?;
        let restarted = self.daemon(first, 0)?;
        self.watch_for(self.timers.down(second.priority))?;
        self.close(step, Demand::Nothing, Some(first.mac))?;
        Ok(restarted)
    }

    fn address_is_removed(&mut self, first: &Router) -> Result<(), DemoError> {
        let step = self.open("somebody removes the address", "ip address del on r1, behind the daemon's back");
        first.remove_address()?;
        self.close(step, Demand::Nothing, Some(first.mac))
    }

    fn stop(&mut self, first: &Router, second: &Router, running: &Daemon) -> Result<(), DemoError> {
        let step = self.open("the Active daemon is stopped", "SIGTERM on r1: it serves until r2 has taken over");
        running.signal(Signal::SIGTERM)?;
        self.answered_by(second, Ink::Second, step.begin, self.timers.skew(second.priority))?;
        let status = running.exit_status(PATIENCE)?;
        if !status.success() {
            return Err(DemoError::Status { router: first.name, status });
        }
        self.close(step, Demand::Nothing, None)
    }

    fn daemon(&self, router: &Router, place: usize) -> Result<Arc<Daemon>, DemoError> {
        let daemon = router.start()?;
        follow::log(self.screen, router.name, Ink::of_router(place), &daemon);
        Ok(daemon)
    }

    fn open(&self, title: &'static str, how: &str) -> Opened {
        let begin = Stamp::now();
        let number = self.steps.len() + 1;
        self.screen.line("");
        self.screen.at(begin, (Ink::Heading, &format!("{number}")), (Ink::Heading, &format!("{title}: {how}")));
        Opened { title, begin }
    }

    fn close(&mut self, step: Opened, demand: Demand, keeper: Option<Mac>) -> Result<(), DemoError> {
        self.watch_for(self.timers.interval.max(Duration::from_millis(300)))?;
        let Opened { title, begin } = step;
        self.steps.push(Step { title, begin, end: Stamp::now(), demand, keeper });
        Ok(())
    }

    /// Waits until the client hears a router, and says so.
    fn answered_by(&self, router: &Router, ink: Ink, since: Stamp, timers: Duration) -> Result<(), DemoError> {
        self.stage.probe.wait_for_reply_from(router.mac, timers + PATIENCE)?;
        let now = Stamp::now();
        let words = format!("{} answers, {} after the step began", router.name, spoken(now.since(since)));
        self.screen.at(now, (Ink::Heading, "client"), (ink, &words));
        Ok(())
    }

    /// Lets time pass, as many milliseconds as the client gets replies.
    fn watch_for(&self, time: Duration) -> Result<(), DemoError> {
        let replies = usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
        Ok(self.stage.probe.wait_for_replies(replies, time + PATIENCE)?)
    }
}
