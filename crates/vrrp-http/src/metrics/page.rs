//! Families of a metrics page, through `prometheus-client`'s encoder.

use core::fmt::Error;

use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, LabelSetEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use vrrp_control::Histogram;

/// Up to two labels with their values. In place of a first one stands a [`Common`] set: with 100 000 series of 1000 virtual
/// routers it is the writing of labels that takes the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Labels<'a> {
    pairs: [(&'a str, &'a str); 2],
    count: usize,
}

/// Labels that many series have, written once.
#[derive(Debug)]
pub(super) struct Common {
    /// All but the last value with its quotes, as the format has them: the encoder writes names as they are.
    before: String,
    last: String,
}

impl<'a> Labels<'a> {
    /// One label.
    pub(super) const fn of(name: &'a str, value: &'a str) -> Self {
        Self { pairs: [(name, value), ("", "")], count: 1 }
    }

    /// A set of labels.
    pub(super) fn common(common: &'a Common) -> Self {
        Self::of(&common.before, &common.last)
    }

    /// With a second label.
    pub(super) const fn and(self, name: &'a str, value: &'a str) -> Self {
        let [first, _] = self.pairs;
        Self { pairs: [first, (name, value)], count: 2 }
    }

    const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl EncodeLabelSet for Labels<'_> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), Error> {
        self.pairs.get(..self.count).unwrap_or_default().encode(encoder)
    }
}

impl Common {
    /// These labels, the last one apart.
    pub(super) fn new(labels: &[(&str, &str)], (name, last): (&str, String)) -> Self {
        let mut before = String::with_capacity(64);
        for (name, value) in labels {
            before.extend([*name, "=\""]);
            for letter in value.chars() {
                match letter {
                    '\\' => before.push_str("\\\\"),
                    '"' => before.push_str("\\\""),
                    '\n' => before.push_str("\\n"),
                    _ => before.push(letter),
                }
            }
            before.push_str("\",");
        }
        before.push_str(name);
        Self { before, last }
    }
}

/// A metrics page in the making.
#[derive(Debug)]
pub(super) struct Page<'e>(pub(super) DescriptorEncoder<'e>);

impl Page<'_> {
    /// A family whose values go up and down.
    pub(super) fn gauges<'a>(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels<'a>, f64)>,
    ) -> Result<(), Error> {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in series {
            if labels.is_empty() {
                family.encode_gauge(&value)?;
            } else {
                family.encode_family(&labels)?.encode_gauge(&value)?;
            }
        }
        Ok(())
    }

    /// A family whose values only go up; `_total` is added to its name.
    pub(super) fn counters<'a>(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels<'a>, u64)>,
    ) -> Result<(), Error> {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in series {
            let none: Option<&Exemplar<NoLabelSet, f64>> = None;
            if labels.is_empty() {
                family.encode_counter(&value, none)?;
            } else {
                family.encode_family(&labels)?.encode_counter(&value, none)?;
            }
        }
        Ok(())
    }

    /// One counter of seconds without labels.
    pub(super) fn seconds_counter(&mut self, name: &str, help: &str, seconds: f64) -> Result<(), Error> {
        let none: Option<&Exemplar<NoLabelSet, f64>> = None;
        self.0.encode_descriptor(name, help, None, MetricType::Counter)?.encode_counter(&seconds, none)
    }

    /// A family of histograms.
    pub(super) fn histograms<'a>(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = (Labels<'a>, &'a Histogram)>,
    ) -> Result<(), Error> {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, histogram) in series {
            let bounds = histogram.bounds.iter().map(|bound| bound.0).chain([f64::INFINITY]);
            let buckets: Vec<(f64, u64)> = bounds.zip(histogram.counts.iter().copied()).collect();
            let (sum, count) = (histogram.sum.0, histogram.count());
            if labels.is_empty() {
                family.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            } else {
                let mut encoder = family.encode_family(&labels)?;
                encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            }
        }
        Ok(())
    }
}

/// One value without labels.
pub(super) fn plain<'a>(value: f64) -> [(Labels<'a>, f64); 1] {
    [(Labels::default(), value)]
}

/// 1 for what is the case.
pub(super) fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// A number that a check found where a gauge has one: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "a priority moves by far less")]
pub(super) const fn number(number: i64) -> f64 {
    number as f64
}

/// A count where a gauge has one: far below what a double holds exactly.
#[expect(clippy::cast_precision_loss, reason = "counts of things in memory")]
pub(super) const fn count(count: usize) -> f64 {
    count as f64
}
