use core::pin::pin;
use core::time::Duration;

use tokio::select;
use tokio::time::{Instant, sleep_until, timeout_at};
use vrrp_script::{End, Prepared, Program, Unrunnable};

use crate::outcome::Outcome;

/// From SIGTERM to SIGKILL, as keepalived has it for `vrrp_script`.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// As much of a line of output as a reason has room for, in characters.
const WORDS: usize = 160;

/// A check's script, with its users looked up once.
#[derive(Debug, Default)]
pub(super) struct Script {
    known: Option<(Program, Prepared)>,
}

impl Script {
    /// Runs it once. What came of it is told at its end or at the deadline; what still runs then is ended, however long that takes.
    pub(super) async fn run(&mut self, program: &Program, timeout: Duration, told: impl FnOnce(Outcome, Box<str>)) {
        let deadline = Instant::now() + timeout;
        let prepared = match self.known.take().filter(|(known, _)| known == program) {
            Some((_, prepared)) => Ok(prepared),
            None => {
                let mut preparing = pin!(program.prepare());
                let Ok(prepared) = timeout_at(deadline, preparing.as_mut()).await else {
                    told(Outcome::TimedOut(timeout), Box::default());
                    // Whoever has not answered is not asked again meanwhile.
                    let _late = preparing.await;
                    return;
                };
                prepared
            }
        };
        match prepared {
            Ok(prepared) => {
                run(&prepared, deadline, timeout, told).await;
                self.known = Some((program.clone(), prepared));
            }
            Err(why) => told(not_run(&why), Box::default()),
        }
    }
}

async fn run(prepared: &Prepared, deadline: Instant, timeout: Duration, told: impl FnOnce(Outcome, Box<str>)) {
    let mut run = match prepared.start().await {
        Ok(run) => run,
        Err(why) => return told(not_run(&why), Box::default()),
    };
    // The end comes last: a flood of output keeps it busy for ever. That it has come already is seen all the same.
    let end = select! {
        biased;
        () = sleep_until(deadline) => run.try_ended(),
        end = run.ended() => Some(end),
    };
    if let Some(end) = end {
        let report = run.report(end);
        return told(outcome(&report.end, &report.output, timeout), report.output);
    }
    told(Outcome::TimedOut(timeout), run.output());
    run.end(GRACE).await;
}

fn outcome(end: &End, output: &str, timeout: Duration) -> Outcome {
    match end {
        End::Exited(0) => Outcome::Ok,
        End::Exited(status) => Outcome::Failed(with_last_line(format!("exit status {status}"), output)),
        End::Signalled(signal) => Outcome::Failed(with_last_line(format!("ended by signal {signal}"), output)),
        End::TimedOut | End::Cancelled => Outcome::TimedOut(timeout),
        End::Unrunnable(why) => not_run(why),
    }
}

fn not_run(why: &Unrunnable) -> Outcome {
    Outcome::CouldNotRun(why.to_string().into())
}

fn with_last_line(mut words: String, output: &str) -> Box<str> {
    if let Some(line) = output.lines().last() {
        words.push_str(": ");
        words.extend(line.chars().take(WORDS));
    }
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_failure_has_the_status_and_the_last_line() {
        let failed = |end, output| {
            let Outcome::Failed(words) = outcome(&end, output, SECOND) else { panic!("{end:?}") };
            words
        };
        assert_eq!(&*failed(End::Exited(2), ""), "exit status 2");
        assert_eq!(&*failed(End::Exited(7), "curl: (7)\nConnection refused"), "exit status 7: Connection refused");
        assert_eq!(&*failed(End::Signalled(9), "so far"), "ended by signal 9: so far");
        assert!(failed(End::Exited(1), &"x".repeat(4000)).len() < 200);
    }

    #[test]
    fn what_could_not_run_says_why() {
        let end = End::Unrunnable(Unrunnable::NoUser("alice".into()));
        assert_eq!(outcome(&end, "", SECOND), Outcome::CouldNotRun("there is no user alice".into()));
    }
}
