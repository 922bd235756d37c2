use core::fmt;
use core::ops::RangeInclusive;

use crate::probe::SpecError;

/// The statuses that are well; 200 to 299 by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statuses(Box<[RangeInclusive<u16>]>);

impl Statuses {
    /// These ranges.
    ///
    /// # Errors
    ///
    /// [`SpecError::Statuses`] where there are none, or one is empty or leaves 100 to 599.
    pub fn new(ranges: impl IntoIterator<Item = RangeInclusive<u16>>) -> Result<Self, SpecError> {
        let ranges: Vec<_> = ranges.into_iter().collect();
        let fine = |range: &RangeInclusive<u16>| !range.is_empty() && *range.start() >= 100 && *range.end() <= 599;
        if ranges.is_empty() || !ranges.iter().all(fine) {
            return Err(SpecError::Statuses(ranges));
        }
        Ok(Self(ranges.into()))
    }

    pub(super) fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }
}

impl Default for Statuses {
    fn default() -> Self {
        Self([200..=299].into())
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            let (least, most) = (*range.start(), *range.end());
            f.write_str(if index > 0 { ", " } else { "" })?;
            match most - least {
                0 => write!(f, "{least}")?,
                99 if least % 100 == 0 => write!(f, "{}xx", least / 100)?,
                _ => write!(f, "{least}-{most}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_written_as_people_write_them() {
        assert_eq!(Statuses::default().to_string(), "2xx");
        let statuses = Statuses::new([200..=204, 301..=301, 400..=499, 150..=249]).unwrap();
        assert_eq!(statuses.to_string(), "200-204, 301, 4xx, 150-249");
    }

    #[test]
    fn what_can_never_be_a_status_is_refused() {
        #[expect(clippy::reversed_empty_ranges, reason = "it is what is refused")]
        for ranges in [vec![], vec![99..=200], vec![200..=600], vec![204..=200]] {
            assert_eq!(Statuses::new(ranges.clone()), Err(SpecError::Statuses(ranges)));
        }
    }
}
