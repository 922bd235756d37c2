use core::time::Duration;

use vrrp_lab::{Mac, Outage, ProbeReport, Stamp};

use super::screen::spoken;

/// What a busy machine may add to an outage before it is ours to explain.
pub(crate) const MARGIN: Duration = Duration::from_millis(250);

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

/// Until when the protocol's timers leave the client without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Until this moment nobody takes the address.
    Until(Stamp),
    /// There is no need for an outage.
    Nothing,
}

/// What a step did to the client.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) step: Step,
    /// The longest time without a reply in which a probe was lost, if one was.
    pub(crate) outage: Option<Outage>,
    /// Probes without a reply.
    pub(crate) lost: usize,
    /// Somebody answered who should not have.
    pub(crate) moved: bool,
}

impl Outcome {
    /// Looks up in the probes what the client felt.
    pub(crate) fn of(step: &Step, report: &ProbeReport) -> Self {
        let within = |moment: Stamp| moment >= step.begin && moment < step.end;
        let lost = report.lost_at().filter(|sent| within(*sent)).count();
        let overlapping = report.outages.iter().filter(|outage| outage.end > step.begin && outage.start < step.end);
        // An outage begins with the last reply, which may have come before the step that lost the first probe.
        let outage = overlapping.max_by_key(|outage| outage.duration()).filter(|_| lost > 0).copied();
        // Before the first step nobody answers either.
        let outage =
            outage.map(|outage| Outage { start: outage.start.max(first_reply_or(report, step.begin)), ..outage });
        let other = |mac: Mac| step.keeper.is_some_and(|keeper| keeper != mac);
        let replies = report.samples.iter().filter_map(|sample| sample.reply);
        let moved = replies.filter(|(at, _)| within(*at)).any(|(_, mac)| other(mac));
        Self { step: step.clone(), outage, lost, moved }
    }

    /// How long the client was without the address, in words.
    pub(crate) fn felt(&self) -> String {
        self.outage.map_or_else(|| "0".to_owned(), |outage| spoken(outage.duration()))
    }

    /// How long the timers leave it without, in words.
    pub(crate) fn demanded(&self) -> String {
        let demanded = self.demanded_time();
        if demanded.is_zero() { "0".to_owned() } else { spoken(demanded) }
    }

    /// How much longer it was than that, in words.
    pub(crate) fn beyond(&self) -> String {
        let beyond = self.beyond_time();
        if beyond.is_zero() { "0".to_owned() } else { spoken(beyond) }
    }

    /// What is wrong with it, if something clearly is.
    pub(crate) fn complaint(&self) -> Option<String> {
        let title = self.step.title;
        if self.beyond_time() > MARGIN {
            let beyond = self.beyond();
            return Some(format!("{title}: {beyond} more without the address than the timers of VRRP demand"));
        }
        self.moved.then(|| format!("{title}: the address moved, and nothing should have"))
    }

    fn demanded_time(&self) -> Duration {
        match self.step.demand {
            Demand::Until(end) => end.since(self.outage.map_or(self.step.begin, |outage| outage.start)),
            Demand::Nothing => Duration::ZERO,
        }
    }

    fn beyond_time(&self) -> Duration {
        let felt = self.outage.map(|outage| outage.duration()).unwrap_or_default();
        felt.saturating_sub(self.demanded_time())
    }
}

/// The beginning of a step, if no reply came before it.
fn first_reply_or(report: &ProbeReport, begin: Stamp) -> Stamp {
    let mut replies = report.samples.iter().filter_map(|sample| sample.reply);
    if replies.any(|(at, _)| at < begin) { Stamp::default() } else { begin }
}

#[cfg(test)]
mod tests {
    use vrrp_lab::Sample;

    use super::*;

    const R1: Mac = Mac([2, 0, 0, 0, 0, 1]);
    const R2: Mac = Mac([2, 0, 0, 0, 0, 2]);

    fn at(millis: u64) -> Stamp {
        Stamp::from_epoch(Duration::from_millis(millis))
    }

    /// An outage from 95 ms, in a step from 100 ms.
    fn outcome(end: u64, demand: Demand, moved: bool) -> Outcome {
        let step = Step { title: "it dies", begin: at(100), end: at(900), demand, keeper: Some(R1) };
        let outage = Outage { start: at(95), end: at(end), lost: 7, over: true };
        Outcome { step, outage: Some(outage), lost: 7, moved }
    }

    #[test]
    fn an_outage_within_the_margin_is_no_complaint_and_one_beyond_it_is() {
        let demand = Demand::Until(at(600));
        assert_eq!(outcome(840, demand, false).complaint(), None);
        let late = outcome(900, demand, false);
        assert_eq!((late.felt(), late.demanded(), late.beyond()), ("805 ms".into(), "505 ms".into(), "300 ms".into()));
        assert!(late.complaint().unwrap().contains("300 ms more"));
    }

    #[test]
    fn an_address_that_moved_where_nothing_should_is_a_complaint_without_an_outage() {
        let unmoved = Outcome { outage: None, ..outcome(0, Demand::Nothing, false) };
        assert_eq!((unmoved.complaint(), unmoved.felt()), (None, "0".into()));
        assert!(Outcome { moved: true, ..unmoved }.complaint().unwrap().contains("moved"));
    }

    #[test]
    fn an_outage_counts_for_the_step_that_it_overlaps_and_other_answers_are_noticed() {
        let outage = |start, end| Outage { start: at(start), end: at(end), lost: 1, over: true };
        let reply = |sent, mac| Sample { sent: at(sent), reply: Some((at(sent), mac)) };
        let outages = vec![outage(0, 90), outage(99, 300), outage(950, 2000)];
        let lost = Sample { sent: at(200), reply: None };
        let samples = vec![reply(0, R1), reply(90, R1), reply(99, R1), lost, reply(300, R2)];
        let report = ProbeReport { outages, samples, ..ProbeReport::default() };
        let step = outcome(0, Demand::Nothing, false).step;
        let found = Outcome::of(&step, &report);
        assert_eq!((found.felt().as_str(), found.moved), ("201 ms", true));
        let before = Outcome::of(&Step { begin: at(91), end: at(100), ..step }, &report);
        assert_eq!((before.felt().as_str(), before.lost), ("0", 0));
    }

    #[test]
    fn before_the_first_reply_an_outage_begins_with_the_step() {
        let outages = vec![Outage { start: at(0), end: at(400), lost: 400, over: true }];
        let samples = vec![Sample { sent: at(200), reply: None }];
        let report = ProbeReport { outages, samples, ..ProbeReport::default() };
        let found = Outcome::of(&outcome(0, Demand::Until(at(350)), false).step, &report);
        assert_eq!((found.felt().as_str(), found.beyond().as_str()), ("300 ms", "50 ms"));
    }
}
