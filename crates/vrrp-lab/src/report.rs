use core::time::Duration;
use std::collections::BTreeMap;

use crate::host::Mac;
use crate::stamp::Stamp;

/// One probe: when it was sent, and what came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When it was sent.
    pub sent: Stamp,
    /// When the first reply came, and from which MAC address. None if it came later than [`crate::ProbeConfig::late_after`] or not at all.
    pub reply: Option<(Stamp, Mac)>,
}

/// A time in which probes were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// The last reply before it, or the first probe if there was none.
    pub start: Stamp,
    /// The first reply after it, or the last probe if there was none.
    pub end: Stamp,
    /// How many probes in a row had no reply.
    pub lost: usize,
    /// Whether a reply ended it.
    pub over: bool,
}

impl Outage {
    /// Returns how long there was no reply.
    pub const fn duration(&self) -> Duration {
        self.end.since(self.start)
    }
}

/// A time in which one MAC address answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answerer {
    /// The source address of the replies.
    pub mac: Mac,
    /// The first reply.
    pub first: Stamp,
    /// The last reply before another one answered.
    pub last: Stamp,
    /// The number of replies.
    pub replies: usize,
}

/// What a probe measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeReport {
    /// The number of probes sent, without those that may still be answered.
    pub sent: usize,
    /// How many of them had no reply in time.
    pub lost: usize,
    /// How many replies came too late to count; their probes count as lost.
    pub late: usize,
    /// The times without replies, in order.
    pub outages: Vec<Outage>,
    /// Who answered when, in order.
    pub answerers: Vec<Answerer>,
    /// The longest time between two replies.
    pub longest_gap: Duration,
    /// Every probe, in order.
    pub samples: Vec<Sample>,
}

impl ProbeReport {
    pub(crate) fn new(samples: Vec<Sample>, late: usize) -> Self {
        let mut replies: Vec<_> = samples.iter().filter_map(|sample| sample.reply).collect();
        replies.sort_by_key(|(stamp, _)| *stamp);
        let gaps = replies.iter().zip(replies.iter().skip(1)).map(|((earlier, _), (later, _))| later.since(*earlier));
        Self {
            sent: samples.len(),
            lost: samples.iter().filter(|sample| sample.reply.is_none()).count(),
            late,
            outages: outages(&samples),
            longest_gap: gaps.max().unwrap_or_default(),
            answerers: answerers(&replies),
            samples,
        }
    }

    /// Counts the replies of each MAC address.
    pub fn replies_by_mac(&self) -> BTreeMap<Mac, usize> {
        let mut counts = BTreeMap::new();
        for answerer in &self.answerers {
            *counts.entry(answerer.mac).or_default() += answerer.replies;
        }
        counts
    }

    /// Returns the longest outage.
    pub fn longest_outage(&self) -> Option<Outage> {
        self.outages.iter().copied().max_by_key(Outage::duration)
    }

    /// Returns when the probes that had no reply were sent.
    pub fn lost_at(&self) -> impl Iterator<Item = Stamp> {
        self.samples.iter().filter(|sample| sample.reply.is_none()).map(|sample| sample.sent)
    }
}

fn outages(samples: &[Sample]) -> Vec<Outage> {
    let mut outages = Vec::new();
    let mut open: Option<Outage> = None;
    let mut last_reply = None;
    for sample in samples {
        if let Some((at, _)) = sample.reply {
            outages.extend(open.take().map(|outage| Outage { end: at, over: true, ..outage }));
            last_reply = last_reply.max(Some(at));
        } else {
            let start = last_reply.unwrap_or(sample.sent);
            let outage = open.get_or_insert(Outage { start, end: start, lost: 0, over: false });
            outage.lost += 1;
            outage.end = sample.sent;
        }
    }
    outages.extend(open);
    outages
}

fn answerers(replies: &[(Stamp, Mac)]) -> Vec<Answerer> {
    let mut answerers: Vec<Answerer> = Vec::new();
    for (at, mac) in replies {
        match answerers.last_mut().filter(|answerer| answerer.mac == *mac) {
            Some(answerer) => {
                answerer.last = *at;
                answerer.replies += 1;
            }
            None => answerers.push(Answerer { mac: *mac, first: *at, last: *at, replies: 1 }),
        }
    }
    answerers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Stamp {
        Stamp::from_epoch(Duration::from_millis(millis))
    }

    fn sample(sent: u64, reply: Option<u8>) -> Sample {
        Sample { sent: at(sent), reply: reply.map(|host| (at(sent + 1), Mac([2, 0, 0, 0, 0, host]))) }
    }

    #[test]
    fn lost_probes_in_a_row_are_one_outage_from_reply_to_reply() {
        let samples =
            vec![sample(10, Some(1)), sample(20, None), sample(30, None), sample(40, Some(2)), sample(50, None)];
        let report = ProbeReport::new(samples, 0);
        assert_eq!((report.sent, report.lost), (5, 3));
        assert_eq!(report.longest_gap, Duration::from_millis(30));
        let first = Outage { start: at(11), end: at(41), lost: 2, over: true };
        let second = Outage { start: at(41), end: at(50), lost: 1, over: false };
        assert_eq!(report.outages, [first, second]);
        assert_eq!(report.longest_outage(), Some(first));
        assert_eq!(report.answerers.iter().map(|answerer| answerer.mac.0[5]).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(report.lost_at().collect::<Vec<_>>(), [at(20), at(30), at(50)]);
    }
}
