use core::time::Duration;

use vrrp_lab::{Mac, ProbeReport, Stamp};

use super::screen::spoken;

/// What a busy machine may add to an outage before it is ours to explain.
pub(crate) const MARGIN: Duration = Duration::from_millis(150);

/// What was done to the LAN, and when.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// A few words for the table and the plot.
    pub(crate) title: &'static str,
    /// The moment it was done.
    pub(crate) begin: Stamp,
    /// When the next step was about to begin.
    pub(crate) end: Stamp,
    /// What the protocol allows the client to feel.
    pub(crate) demand: Demand,
    /// Who must answer throughout, if nothing may move.
    pub(crate) keeper: Option<Mac>,
}

/// For how long the protocol's timers leave the client without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Nobody had the address: so long until somebody has it.
    FirstAnswer(Duration),
    /// The router that had it was lost: at most so long.
    AtMost(Duration),
    /// Not at all.
    Nothing,
}

/// What a step did to the client.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) step: Step,
    /// The longest time from reply to reply in which a probe was lost; for the start, until the first reply.
    pub(crate) outage: Duration,
    /// Probes without a reply.
    pub(crate) lost: usize,
    /// Somebody answered who should not have.
    pub(crate) moved: bool,
}

impl Demand {
    /// The time that the timers allow.
    pub(crate) const fn allowed(self) -> Duration {
        match self {
            Self::FirstAnswer(time) | Self::AtMost(time) => time,
            Self::Nothing => Duration::ZERO,
        }
    }

    /// In words, for the table.
    pub(crate) fn words(self) -> String {
        match self {
            Self::FirstAnswer(time) => spoken(time),
            Self::AtMost(time) => format!("up to {}", spoken(time)),
            Self::Nothing => "none".to_owned(),
        }
    }
}

impl Outcome {
    /// Looks up in the probes what the client felt.
    pub(crate) fn of(step: &Step, report: &ProbeReport) -> Self {
        let within = |moment: Stamp| moment >= step.begin && moment < step.end;
        let lost = report.lost_at().filter(|sent| within(*sent)).count();
        let outage = match step.demand {
            Demand::FirstAnswer(_) => first_reply(report, step).map_or(step.end, |at| at).since(step.begin),
            Demand::AtMost(_) | Demand::Nothing => longest_outage(report, step),
        };
        let others = |mac: Mac| step.keeper.is_some_and(|keeper| keeper != mac);
        let replies = report.samples.iter().filter_map(|sample| sample.reply);
        let moved = replies.filter(|(at, _)| within(*at)).any(|(_, mac)| others(mac));
        Self { step: step.clone(), outage, lost, moved }
    }

    /// In words, for the table.
    pub(crate) fn felt(&self) -> String {
        match (self.step.demand, self.lost) {
            (Demand::FirstAnswer(_), _) => format!("{} to the first reply", spoken(self.outage)),
            (Demand::AtMost(_) | Demand::Nothing, 0) => "no probe lost".to_owned(),
            (Demand::AtMost(_) | Demand::Nothing, 1) => format!("{}, 1 probe lost", spoken(self.outage)),
            (Demand::AtMost(_) | Demand::Nothing, lost) => format!("{}, {lost} probes lost", spoken(self.outage)),
        }
    }

    /// What is wrong with it, if something clearly is.
    pub(crate) fn complaint(&self) -> Option<String> {
        let allowed = self.step.demand.allowed();
        let title = self.step.title;
        if self.outage > allowed + MARGIN {
            let beyond = spoken(self.outage.saturating_sub(allowed));
            return Some(format!("{title}: {beyond} more without the address than the timers demand"));
        }
        self.moved.then(|| format!("{title}: the address moved, and nothing should have"))
    }
}

fn first_reply(report: &ProbeReport, step: &Step) -> Option<Stamp> {
    let replies = report.samples.iter().filter_map(|sample| sample.reply);
    replies.map(|(at, _)| at).filter(|at| *at >= step.begin).min()
}

fn longest_outage(report: &ProbeReport, step: &Step) -> Duration {
    let overlapping = report.outages.iter().filter(|outage| outage.end > step.begin && outage.start < step.end);
    overlapping.map(vrrp_lab::Outage::duration).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const R1: Mac = Mac([2, 0, 0, 0, 0, 1]);

    fn at(millis: u64) -> Stamp {
        Stamp::from_epoch(Duration::from_millis(millis))
    }

    fn step(demand: Demand) -> Step {
        Step { title: "it dies", begin: at(100), end: at(900), demand, keeper: Some(R1) }
    }

    fn outcome(millis: u64, demand: Demand, moved: bool) -> Outcome {
        Outcome { step: step(demand), outage: Duration::from_millis(millis), lost: 7, moved }
    }

    #[test]
    fn an_outage_within_the_margin_is_no_complaint_and_one_beyond_it_is() {
        let demand = Demand::AtMost(Duration::from_millis(600));
        assert_eq!(outcome(740, demand, false).complaint(), None);
        let complaint = outcome(800, demand, false).complaint().unwrap();
        assert!(complaint.contains("200 ms more"), "{complaint}");
    }

    #[test]
    fn an_address_that_moved_where_nothing_should_is_a_complaint_without_an_outage() {
        assert_eq!(outcome(0, Demand::Nothing, false).complaint(), None);
        assert!(outcome(0, Demand::Nothing, true).complaint().unwrap().contains("moved"));
    }

    #[test]
    fn an_outage_counts_for_the_step_that_it_overlaps() {
        let outage = |start, end| vrrp_lab::Outage { start: at(start), end: at(end), lost: 1, over: true };
        let outages = vec![outage(0, 90), outage(99, 300), outage(950, 2000)];
        let report = ProbeReport { outages, ..ProbeReport::default() };
        let found = Outcome::of(&step(Demand::Nothing), &report);
        assert_eq!((found.outage, found.moved), (Duration::from_millis(201), false));
    }
}
