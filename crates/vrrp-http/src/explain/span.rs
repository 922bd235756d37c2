//! Lengths of time and moments as people say them.

use vrrp_control::{Moment, Seconds};

/// A length of time as people say it.
pub(super) fn span(seconds: Seconds) -> String {
    let Seconds(all) = seconds;
    if all < 0.9995 {
        format!("{:.0} ms", all * 1000.0)
    } else if all < 120.0 {
        format!("{all:.1} s")
    } else if all < 7200.0 {
        format!("{:.0} min", all / 60.0)
    } else if all < 172_800.0 {
        format!("{:.1} h", all / 3600.0)
    } else {
        format!("{:.1} days", all / 86_400.0)
    }
}

/// A moment as the time of its day in UTC: `21:15:03.104Z`.
pub(super) fn clock(moment: Moment) -> String {
    let Moment(seconds) = moment;
    let of_day = (seconds * 1000.0).round().rem_euclid(86_400_000.0) / 1000.0;
    let (hours, rest) = ((of_day / 3600.0).floor(), of_day % 3600.0);
    let (minutes, seconds) = ((rest / 60.0).floor(), rest % 60.0);
    format!("{hours:02.0}:{minutes:02.0}:{seconds:06.3}Z")
}

#[cfg(test)]
mod tests {
    use super::{Moment, Seconds, clock, span};

    #[test]
    fn spans_have_the_unit_that_people_would_choose() {
        let said = [0.04, 0.9999, 3.26, 119.94, 600.0, 7200.0, 200_000.0].map(|seconds| span(Seconds(seconds)));
        assert_eq!(said, ["40 ms", "1.0 s", "3.3 s", "119.9 s", "10 min", "2.0 h", "2.3 days"]);
    }

    #[test]
    fn moments_are_times_of_day_in_utc() {
        assert_eq!(clock(Moment(1_763_847_303.104_2)), "21:35:03.104Z");
        assert_eq!(clock(Moment(86_399.999_9)), "00:00:00.000Z");
    }
}
