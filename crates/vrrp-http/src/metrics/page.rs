//! Families of a metrics page, through `prometheus-client`'s encoder.

use core::fmt::Error;

use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use vrrp_control::Histogram;

/// Labels with their values.
pub(super) type Labels<'a> = Vec<(&'static str, &'a str)>;

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
                family.encode_family(&labels.as_slice())?.encode_gauge(&value)?;
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
                family.encode_family(&labels.as_slice())?.encode_counter(&value, none)?;
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
    [(Vec::new(), value)]
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
